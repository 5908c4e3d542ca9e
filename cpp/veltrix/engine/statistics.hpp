#pragma once
// A picture of the engine at one visit: both ledgers, waits and handler times. Plain values;
// nothing in it refers to the engine.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "veltrix/base/histogram.hpp"

namespace veltrix {

struct Quantiles {  // nanoseconds
  std::uint64_t count = 0;
  std::int64_t sum = 0, p50 = 0, p99 = 0, max = 0;
  static Quantiles of(const Histogram& histogram) {
    return {histogram.count(), histogram.sum(), histogram.quantile(0.5), histogram.quantile(0.99),
            histogram.max()};
  }
};

struct PriorityStatistics {
  int priority = 0;
  std::uint64_t accepted = 0, done = 0, dead = 0, dropped = 0, retried = 0, in_flight = 0;
  Quantiles wait, handler_time;
};

struct QueueStatistics {
  std::string name;
  int priority = 0;
  std::uint64_t accepted = 0, done = 0, dead = 0, in_flight = 0, retried = 0, delayed = 0;
  std::uint64_t running = 0, late = 0;
  std::map<std::string, std::uint64_t> dropped, dead_by_reason;
  Quantiles wait, handler_time;
  std::vector<PriorityStatistics> priorities;
};

/// received = admitted + duplicate + rejected + filtered + unmatched, with in_door and pending on
/// their way; exact when nobody publishes.
struct EngineStatistics {
  std::uint64_t received = 0, admitted = 0, duplicate = 0, rejected = 0, filtered = 0;
  std::uint64_t unmatched = 0, in_door = 0, pending = 0, follow_ups = 0, key_missing = 0;
  std::uint64_t dead_letters = 0, dead_letters_evicted = 0;
  std::uint64_t epoch = 0;
  std::int64_t uptime_ns = 0;  // since start(); a step engine: virtual
  std::vector<QueueStatistics> queues;
};

class Monitor;
/// Takes the monitor for a moment.
EngineStatistics statistics_of(Monitor& monitor);

}  // namespace veltrix
