#pragma once
// One queue inside the dispatcher: its ready work by priority, what it costs, and its counts.
// State machine only; the budget alone is shared with the door.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "veltrix/base/histogram.hpp"
#include "veltrix/queue/budget.hpp"
#include "veltrix/queue/queue_options.hpp"
#include "veltrix/queue/run_list.hpp"

namespace veltrix {

/// The ledger of one queue: accepted = done + dead + dropped + in_flight, at every visit.
/// `in_flight` (accepted, not yet terminal) is counted, never derived.
struct QueueCounts {
  std::uint64_t accepted = 0;
  std::uint64_t done = 0;
  std::uint64_t dead = 0;
  std::uint64_t dropped = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t retried = 0;  // attempts that ended in a retry
  std::uint64_t delayed = 0;  // of in_flight: in the timer wheel now
  std::uint64_t running = 0;  // of in_flight: in an executor now
  std::uint64_t late = 0;     // outcomes that came for an attempt that was over
  std::map<std::string, std::uint64_t> dropped_by_reason;
  std::map<std::string, std::uint64_t> dead_by_reason;
};

/// Work of one priority of one queue.
struct QueueClass {
  RunList ready;
  double virtual_time = 0;      // time used ÷ weight, in ns
  std::int32_t active_at = -1;  // index in the picker's list, -1: not in it
  // The queue's ledger, of the deliveries of this priority. In flight is what remains.
  std::uint64_t accepted = 0;
  std::uint64_t done = 0;
  std::uint64_t dead = 0;
  std::uint64_t dropped = 0;
  std::uint64_t retried = 0;
  std::unique_ptr<Histogram> wait;  // both made when first used: 15 KB each
  std::unique_ptr<Histogram> handler_time;
};

struct QueueState {
  QueueState(QueueOptions given, std::uint16_t number, std::uint8_t pool_number)
      : options(std::move(given)),
        id(number),
        pool(pool_number),
        budget(options.capacity_events, options.capacity_bytes) {}

  const QueueOptions options;
  const std::uint16_t id;
  const std::uint8_t pool;  // which executors run it
  Budget budget;

  std::array<QueueClass, kPriorities> classes;
  std::uint32_t executors = 0;        // at work on it now; <= options.concurrency
  std::uint64_t ready = 0;            // units in the run lists (a strand counts once)
  std::uint64_t in_flight_bytes = 0;  // charged bytes of what is in flight
  std::vector<std::uint16_t> emits;   // queues that its follow-ups went into
  // Mean handler time, ns; starts pessimistic, so that the first batch holds one event.
  double cost_ns = 300'000;
  bool cost_known = false;
  QueueCounts counts;

  QueueClass& lane_of(const Delivery& delivery) noexcept { return classes[delivery.priority]; }
  /// `times` handlers of that priority took `nanoseconds` each.
  void record_handler_time(std::uint8_t priority, std::int64_t nanoseconds,
                           std::uint64_t times = 1) {
    auto& histogram = classes[priority].handler_time;
    if (histogram == nullptr) histogram = std::make_unique<Histogram>();
    histogram->record(nanoseconds, times);
  }

  bool over_capacity() const noexcept {
    return counts.in_flight > options.capacity_events || in_flight_bytes > options.capacity_bytes;
  }
  /// `count` handlers took `total_ns` together. Moves by 1/8 a batch, at once when first known.
  void learn_cost(double total_ns, std::uint64_t count) noexcept {
    const double mean = total_ns / static_cast<double>(count);
    cost_ns = cost_known ? cost_ns + (mean - cost_ns) / 8 : mean;
    cost_known = true;
  }
};

}  // namespace veltrix
