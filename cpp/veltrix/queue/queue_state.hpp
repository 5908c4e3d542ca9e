#pragma once
// One queue inside the dispatcher: its ready work by priority, what it costs, and its counts.
// State machine only; the budget alone is shared with the door.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "veltrix/base/histogram.hpp"
#include "veltrix/queue/budget.hpp"
#include "veltrix/queue/key_memory.hpp"
#include "veltrix/queue/lease.hpp"
#include "veltrix/queue/queue_options.hpp"
#include "veltrix/queue/reason_counts.hpp"
#include "veltrix/queue/resequencer.hpp"
#include "veltrix/queue/run_list.hpp"
#include "veltrix/queue/waiting_index.hpp"

namespace veltrix {

/// The ledger of one queue: accepted = done + dead + dropped + in_flight, at every visit.
/// `in_flight` (accepted, not yet terminal) is counted, never derived.
struct QueueCounts {
  std::uint64_t accepted = 0;
  std::uint64_t done = 0;
  std::uint64_t dead = 0;
  std::uint64_t dropped = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t retried = 0;         // attempts that ended in a retry
  std::uint64_t delayed = 0;         // of in_flight: in the timer wheel now
  std::uint64_t running = 0;         // of in_flight: in an executor now
  std::uint64_t held = 0;            // of in_flight: held until its key is in order of time
  std::uint64_t late = 0;            // outcomes that came for an attempt that was over
  std::uint64_t reordered_late = 0;  // events that came too late to be put in order of time
  std::int64_t lock_wait_ns = 0;     // its handlers, for a lock that all of them share (the GIL)
  std::int64_t lock_hold_ns = 0;     // … and with it
  ReasonCounts dropped_by_reason;
  ReasonCounts dead_by_reason;
};

/// Work of one priority of one queue.
struct QueueClass {
  RunList ready;
  double virtual_time = 0;      // time used ÷ weight, in ns
  std::int32_t active_at = -1;  // index in the picker's list, -1: not in it
  std::uint64_t company = 0;    // of a queue that lingers: deliveries that a pick could take
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
        budget(options.capacity_events, options.capacity_bytes),
        unreserved{share_of(options.capacity_events), share_of(options.capacity_bytes)} {
    if (drops_waiting()) by_drop = std::make_unique<WaitingIndex>();
    if (options.sort_wait > 0) resequencer = std::make_unique<Resequencer>(options.sort_wait);
    if (options.latest_every >= 0) begun = std::make_unique<KeyMemory<std::int64_t>>();
    leased = !drops_waiting() && options.overflow != Overflow::kDropNewest && Lease::suits(budget);
    plain = by_drop == nullptr && resequencer == nullptr && begun == nullptr && options.ttl == 0 &&
            options.dedup_window == 0 && options.overflow != Overflow::kDropNewest;
  }

  const QueueOptions options;
  const std::uint16_t id;
  const std::uint8_t pool;  // which executors run it
  Budget budget;
  const Budget::Bounds unreserved;  // of the capacity, for priorities below reserve_priority

  std::array<QueueClass, kPriorities> classes;
  std::uint32_t gathering = 0;        // bit p: classes[p] has work, and waits for more of it
  std::uint32_t executors = 0;        // at work on it now; <= options.concurrency
  std::uint64_t ready = 0;            // units in the run lists (a strand counts once)
  std::uint64_t in_flight_bytes = 0;  // charged bytes of what is in flight
  std::vector<std::uint16_t> emits;   // queues that its follow-ups went into
  // Mean handler time, ns; starts pessimistic, so that the first batch holds one event.
  double cost_ns = 300'000;
  bool cost_known = false;
  QueueCounts counts;
  bool leased = false;  // producers may take room ahead
  // What the queue's policies need; `plain` has none of them, and pays for none.
  bool plain = true;
  std::int32_t dedup_place = -1;          // of its hash in a slot's tail; -1: no window of its own
  std::unique_ptr<WaitingIndex> by_drop;  // what overflow drops, first to last
  std::unique_ptr<WaitingIndex> by_expiry;  // made with the first delivery that expires
  std::unique_ptr<Resequencer> resequencer;
  std::unique_ptr<KeyMemory<std::int64_t>> begun;  // `latest`: when a key ran last

  bool drops_waiting() const noexcept {
    return options.overflow == Overflow::kDropOldest || options.overflow == Overflow::kDropLowest;
  }
  /// When a waiting delivery of that event is dropped as expired; INT64_MAX: never.
  std::int64_t expiry_of(const Slot& slot) const noexcept {
    std::int64_t expiry = INT64_MAX;
    if (options.ttl != 0) expiry = slot.published_ns + options.ttl;
    if ((slot.flags & kExpires) != 0) {
      expiry = std::min(expiry, static_cast<std::int64_t>(slot.tail()[0]));
    }
    return expiry;
  }

  /// What tells duplicates in this queue; empty: nothing, it is never one.
  Hash128 dedup_hash(const Slot& slot) const noexcept {
    const std::uint64_t* words = slot.tail() + ((slot.flags & kExpires) != 0 ? 1 : 0);
    return {words[2 * dedup_place], words[2 * dedup_place + 1]};
  }
  /// With `latest` there is nothing that could pass: only the newest of a key waits.
  bool holds_retries() const noexcept {
    return options.on_retry == OnRetry::kHold || begun != nullptr;
  }
  /// What overflow drops first; inside it the lowest sequence.
  std::int64_t drop_rank(const Delivery& delivery) const noexcept {
    return options.overflow == Overflow::kDropLowest ? delivery.priority : 0;
  }
  /// A delivery of that event may have to be found while it waits.
  bool watches(const Slot& slot) const noexcept { return !plain || (slot.flags & kExpires) != 0; }

  /// Its handler takes a pick as a whole.
  bool batches() const noexcept { return options.batch_max_events != 0; }
  bool lingers() const noexcept { return options.batch_linger > 0; }
  bool may_pick(std::uint8_t priority) const noexcept {
    return (gathering >> priority & 1U) == 0 && !classes[priority].ready.empty();
  }
  /// When a class that waits for company is picked without; it is gathering.
  std::int64_t linger_end(std::uint8_t priority) const noexcept {
    return classes[priority].ready.front()->ready_ns + options.batch_linger;
  }

  QueueClass& lane_of(const Delivery& delivery) noexcept { return classes[delivery.priority]; }
  /// `times` handlers of that priority took `nanoseconds` each.
  void record_handler_time(std::uint8_t priority, std::int64_t nanoseconds,
                           std::uint64_t times = 1) {
    auto& histogram = classes[priority].handler_time;
    if (histogram == nullptr) histogram = std::make_unique<Histogram>();
    histogram->record(nanoseconds, times);
  }

  /// At the door, any thread: takes room, or does as the policy says where there is none.
  /// False: the event may not go through.
  bool reserve(Delivery& delivery, std::uint64_t bytes) noexcept {
    if (drops_waiting()) {
      budget.force(bytes);  // what is too much is dropped when it is filed
      return true;
    }
    const bool taken = delivery.priority < options.reserve_priority ? budget.take(bytes, unreserved)
                                                                    : budget.take(bytes);
    if (taken || options.overflow != Overflow::kDropNewest) return taken;
    delivery.turned_away = true;
    return true;
  }
  bool over_capacity() const noexcept {
    return counts.in_flight > options.capacity_events || in_flight_bytes > options.capacity_bytes;
  }
  std::uint64_t share_of(std::uint64_t capacity) const noexcept {
    const double left = static_cast<double>(capacity) * (1.0 - options.reserve_share);
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(left));
  }
  /// `count` handlers took `total_ns` together. Moves by 1/8 a batch, at once when first known.
  void learn_cost(double total_ns, std::uint64_t count) noexcept {
    const double mean = total_ns / static_cast<double>(count);
    cost_ns = cost_known ? cost_ns + (mean - cost_ns) / 8 : mean;
    cost_known = true;
  }
};

}  // namespace veltrix
