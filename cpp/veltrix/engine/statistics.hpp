#pragma once
// A picture of the engine at one visit: both ledgers, waits and handler times. Plain values;
// nothing in it refers to the engine.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "veltrix/base/histogram.hpp"

namespace veltrix {

struct PriorityStatistics {
  int priority = 0;
  std::uint64_t accepted = 0, done = 0, dead = 0, dropped = 0, retried = 0, in_flight = 0;
  Distribution wait, handler_time;
};

struct QueueStatistics {
  std::string name;
  int priority = 0;
  std::uint64_t capacity_events = 0, capacity_bytes = 0;
  std::uint64_t accepted = 0, done = 0, dead = 0, in_flight = 0, retried = 0, delayed = 0;
  std::uint64_t running = 0, held = 0, late = 0, reordered_late = 0, in_flight_bytes = 0;
  std::int64_t lock_wait_ns = 0, lock_hold_ns = 0;
  std::int64_t oldest_ready_ns = 0;  // how long the oldest ready work has been ready; 0: none is
  std::map<std::string, std::uint64_t> dropped, dead_by_reason;
  Distribution wait, handler_time;
  std::vector<PriorityStatistics> priorities;
};

/// What a route's events were; see match/route_tally.hpp. Over all producers.
struct RouteStatistics {
  std::string name;
  std::uint64_t matched = 0, filtered = 0, filter_missing = 0, filter_error = 0;
  std::uint64_t key_missing = 0, priority_missing = 0;
};

/// received = admitted + duplicate + rejected + filtered + unmatched, with in_door and pending on
/// their way; exact when nobody publishes.
struct EngineStatistics {
  std::uint64_t received = 0, admitted = 0, duplicate = 0, rejected = 0, filtered = 0;
  std::uint64_t unmatched = 0, in_door = 0, pending = 0, follow_ups = 0, key_missing = 0;
  std::uint64_t conflict = 0, redriven = 0;  // of rejected; dead letters accepted anew
  std::uint64_t dead_letters = 0, dead_letters_evicted = 0;
  std::uint64_t epoch = 0;
  std::int64_t uptime_ns = 0;  // since start(); a step engine: virtual
  // CPU time of the engine's own threads, those that have ended too; a step engine has none.
  std::int64_t native_cpu_ns = 0;  // sources, native executors, housekeeping
  std::int64_t python_cpu_ns = 0;
  std::vector<QueueStatistics> queues;
  std::vector<RouteStatistics> routes;
};

class Monitor;
/// Takes the monitor once, for about a microsecond per queue and priority that has seen work.
EngineStatistics statistics_of(Monitor& monitor);

}  // namespace veltrix
