#pragma once
// The options of an engine and of its plan: everything that the configuration says, in C++ form.
// Durations are nanoseconds. Defaults are here; the pydantic model is checked against them.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/dispatch/dispatch_options.hpp"
#include "veltrix/match/route_options.hpp"
#include "veltrix/queue/queue_options.hpp"

namespace veltrix {

/// What becomes of an event that no route takes.
enum class Unmatched : std::uint8_t { kDead, kDrop, kReject, kQueue };

struct EngineOptions {
  std::string name = "veltrix";
  std::string source = "veltrix";  // `source` of events that are published without one
  Policy policy = Policy::kClasses;
  double min_share = 0.01;  // 0 … 0.1
  std::int64_t dedup_window = 600 * kSecond;
  std::uint64_t dedup_events = 1'000'000;
  Unmatched unmatched = Unmatched::kDead;
  std::string unmatched_queue;  // with kQueue
  // 1 … 32: threads for native handlers and sinks. From 2 on there is one more, which only
  // priorities from 7 on use where all others are at work.
  std::uint32_t native_executors = 1;
  std::uint32_t python_executors =
      4;  // 1 … 16: one at work, the others spares for blocking handlers
  std::uint64_t dead_letter_events = 10'000;  // kept in memory; beyond it the oldest is forgotten
  bool housekeeping = true;                   // false: tests only
};

struct PlanOptions {
  EngineOptions engine;
  std::vector<QueueOptions> queues;
  std::vector<RouteOptions> routes;
};

}  // namespace veltrix
