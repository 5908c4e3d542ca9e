#pragma once
// Which queue and priority a free executor serves next. The rule, in this order:
//
//   1. ready work that waited longer than its queue's max_wait, the longest overdue first, as
//      long as such picks keep to `overdue_share` of the pool's time (a token bucket that holds
//      100 ms worth);
//   2. a priority with work that got less than `min_share` of the pool's time (the one furthest
//      below);
//   3. the highest priority; inside it the queue with the least time used ÷ weight; inside the
//      queue the work that has been ready longest.
//
// Priorities below `reserved_from` together hold at most max(1, W - 1) of a pool's W slots (DARC,
// SOSP 2021), unless the pool is a queue's own. A queue at its concurrency, and one that is held
// because it emits into a queue that is over capacity, is not eligible. Time is charged when a pick
// is made, by estimate, and corrected when it is finished, so that two executors do not both spend
// the same share.
//
// Minimum share by credit: while a class has work, in the lists of eligible queues or running,
// every nanosecond that others use earns it min_share; picks by rule 2 spend it, and so do picks by
// rule 1, which make no debt; picks by rule 3 prove that it does not starve and cancel what it had.
// A class without work begins anew with its debt and without its credit, so an idle class cannot
// save up for a burst. A queue that becomes active starts at the virtual time of its class, for the
// same reason.
//
// State machine only; no clock: `now` is an argument.

#include <array>
#include <cstdint>
#include <vector>

#include "veltrix/dispatch/dispatch_options.hpp"
#include "veltrix/queue/queue_state.hpp"

namespace veltrix {

enum class PickReason : std::uint8_t { kNone, kOverdue, kMinShare, kHighest };

struct Choice {
  QueueState* queue = nullptr;
  std::uint8_t priority = 0;
  PickReason reason = PickReason::kNone;
  double time_limit_ns = 0;  // the batch's estimated time at most (one event is always allowed)
};

/// One kind of executor and what is ready for it.
class Picker {
 public:
  /// `reserves`: false where all slots may hold any priority.
  Picker(const DispatchOptions& options, std::uint32_t slots, bool reserves = true)
      : options_(options), slots_(slots), reserves_(reserves) {}

  /// `held`: asked for queues that emitted follow-ups; true = not eligible now.
  template <class Held>
  Choice choose(std::int64_t now, const Held& held);

  /// A batch of `choice` begins / ends. `estimate_ns` is what begin() was told.
  void begin(const Choice& choice, double estimate_ns);
  void finish(const Choice& choice, double estimate_ns, double actual_ns);
  /// An executor does not return from its batch (its handler blocks): until it does it holds no
  /// slot, so that another one takes its place, whatever its priority. resume() comes before its
  /// finish().
  void suspend(const Choice& choice) noexcept;
  void resume(const Choice& choice) noexcept;

  /// The list of that queue and priority has work (again), or none (any more).
  void activate(QueueState& queue, std::uint8_t priority);
  void deactivate(QueueState& queue, std::uint8_t priority);
  /// A delivery came to the front of an empty list.
  void note_front(const QueueState& queue, const Delivery& front) noexcept;

  void set_slots(std::uint32_t slots) noexcept { slots_ = slots; }
  std::uint32_t slots() const noexcept { return slots_; }
  std::uint32_t busy() const noexcept { return busy_; }
  /// Something is in the lists of eligible queues (whatever the slots say).
  bool any_active() const noexcept { return active_mask_ != 0; }
  int highest_active() const noexcept;

 private:
  template <class Held>
  QueueState* least_served(std::uint8_t priority, const Held& held) const;
  template <class Held>
  Choice most_overdue(std::int64_t now, int lowest, const Held& held);
  int lowest_allowed() const noexcept;
  void refill(std::int64_t now) noexcept;
  void charge(const Choice& choice, double ns);

  const DispatchOptions& options_;
  std::uint32_t slots_;
  const bool reserves_;
  std::uint32_t busy_ = 0;
  std::uint32_t busy_low_ = 0;                        // with priorities below reserved_from
  std::uint32_t active_mask_ = 0;                     // bit p: active_[p] is not empty
  std::uint32_t busy_mask_ = 0;                       // bit p: busy_of_[p] is not 0
  std::array<std::uint32_t, kPriorities> busy_of_{};  // picks under way, by priority
  std::array<std::vector<QueueState*>, kPriorities> active_;
  std::array<double, kPriorities> credit_{};
  std::array<double, kPriorities> virtual_time_{};  // of the class: where new queues start
  double overdue_tokens_ = 0;
  bool overdue_started_ = false;
  std::int64_t overdue_at_ = 0;
  std::int64_t next_overdue_ = INT64_MAX;  // not after the first overdue front
};

template <class Held>
QueueState* Picker::least_served(std::uint8_t priority, const Held& held) const {
  QueueState* best = nullptr;
  for (QueueState* queue : active_[priority]) {
    if (!queue->emits.empty() && held(*queue)) continue;
    if (best == nullptr ||
        queue->classes[priority].virtual_time < best->classes[priority].virtual_time) {
      best = queue;
    }
  }
  return best;
}

template <class Held>
Choice Picker::most_overdue(std::int64_t now, int lowest, const Held& held) {
  Choice choice;
  if (now < next_overdue_ || overdue_tokens_ <= 0) return choice;
  std::int64_t best = INT64_MAX;
  std::int64_t next = INT64_MAX;
  for (int priority = 0; priority < kPriorities; ++priority) {
    for (QueueState* queue : active_[static_cast<std::size_t>(priority)]) {
      const auto& front = *queue->classes[static_cast<std::size_t>(priority)].ready.front();
      const std::int64_t due = front.ready_ns + queue->options.max_wait;
      next = std::min(next, due);
      if (due > now || due >= best || priority < lowest) continue;
      if (!queue->emits.empty() && held(*queue)) continue;
      best = due;
      choice = {queue, static_cast<std::uint8_t>(priority), PickReason::kOverdue, overdue_tokens_};
    }
  }
  next_overdue_ = next;
  return choice;
}

template <class Held>
Choice Picker::choose(std::int64_t now, const Held& held) {
  if (busy_ >= slots_ || active_mask_ == 0) return {};
  const int lowest = lowest_allowed();
  if (options_.policy == Policy::kClasses) {
    refill(now);
    Choice overdue = most_overdue(now, lowest, held);
    if (overdue.queue != nullptr) return overdue;
    std::array<std::uint8_t, kPriorities> order;
    std::size_t count = 0;
    for (int priority = lowest; priority < kPriorities; ++priority) {
      const auto p = static_cast<std::size_t>(priority);
      if ((active_mask_ >> p & 1U) != 0 && credit_[p] > 0) {
        std::size_t at = count++;  // insertion sort: the furthest below first, at most ten
        for (; at > 0 && credit_[order[at - 1]] < credit_[p]; --at) order[at] = order[at - 1];
        order[at] = static_cast<std::uint8_t>(p);
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      QueueState* queue = least_served(order[i], held);
      if (queue != nullptr) return {queue, order[i], PickReason::kMinShare, credit_[order[i]]};
    }
  }
  for (int priority = kPriorities - 1; priority >= lowest; --priority) {
    if ((active_mask_ >> priority & 1U) == 0) continue;
    const auto p = static_cast<std::uint8_t>(priority);
    QueueState* queue = least_served(p, held);
    if (queue != nullptr) return {queue, p, PickReason::kHighest, 0};
  }
  return {};
}

}  // namespace veltrix
