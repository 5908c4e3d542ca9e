#include "veltrix/dispatch/picker.hpp"

#include <algorithm>
#include <bit>

namespace veltrix {

int Picker::highest_active() const noexcept {
  return active_mask_ == 0 ? -1 : static_cast<int>(std::bit_width(active_mask_)) - 1;
}

int Picker::lowest_allowed() const noexcept {
  const std::uint32_t low_slots = slots_ > 1 && reserves_ ? slots_ - 1 : slots_;
  return busy_low_ >= low_slots ? options_.reserved_from : 0;
}

void Picker::refill(std::int64_t now) noexcept {
  const double slots = slots_;
  const double full = static_cast<double>(options_.overdue_burst) * slots;
  if (!overdue_started_) {
    overdue_started_ = true;
    overdue_tokens_ = full;
  } else {
    const auto elapsed = static_cast<double>(now - overdue_at_);
    overdue_tokens_ = std::min(full, overdue_tokens_ + elapsed * options_.overdue_share * slots);
  }
  overdue_at_ = now;
}

void Picker::charge(const Choice& choice, double ns) {
  if (choice.reason == PickReason::kOverdue) overdue_tokens_ -= ns;
  // What runs is work too: on several slots, others use time while a class has all of its own
  // running.
  for (std::uint32_t mask = active_mask_ | busy_mask_; mask != 0; mask &= mask - 1) {
    const auto priority = static_cast<std::size_t>(std::countr_zero(mask));
    if (priority != choice.priority) credit_[priority] += options_.min_share * ns;
  }
  double& own = credit_[choice.priority];
  if (choice.reason == PickReason::kMinShare) {
    own -= ns;
  } else if (choice.reason == PickReason::kHighest) {
    own = std::min(own, 0.0);
  } else if (own > 0) {
    own = std::max(own - ns, 0.0);
  }
  QueueClass& lane = choice.queue->classes[choice.priority];
  lane.virtual_time += ns / choice.queue->options.weight;
}

void Picker::begin(const Choice& choice, double estimate_ns) {
  ++busy_;
  ++busy_of_[choice.priority];
  busy_mask_ |= 1U << choice.priority;
  if (choice.priority < options_.reserved_from) ++busy_low_;
  virtual_time_[choice.priority] =
      std::max(virtual_time_[choice.priority], choice.queue->classes[choice.priority].virtual_time);
  charge(choice, estimate_ns);
}

void Picker::finish(const Choice& choice, double estimate_ns, double actual_ns) {
  --busy_;
  if (--busy_of_[choice.priority] == 0) busy_mask_ &= ~(1U << choice.priority);
  if (choice.priority < options_.reserved_from) --busy_low_;
  charge(choice, actual_ns - estimate_ns);
}

void Picker::suspend(const Choice& choice) noexcept {
  --busy_;
  if (choice.priority < options_.reserved_from) --busy_low_;
}

void Picker::resume(const Choice& choice) noexcept {
  ++busy_;
  if (choice.priority < options_.reserved_from) ++busy_low_;
}

void Picker::activate(QueueState& queue, std::uint8_t priority) {
  QueueClass& lane = queue.classes[priority];
  if (lane.active_at >= 0) return;
  auto& list = active_[priority];
  // A class whose last work is still running (a strand, or a queue at its concurrency) was not
  // idle: were its credit lost at each such pick, one that costs less than it had would never get
  // its share.
  if (list.empty() && busy_of_[priority] == 0) {
    credit_[priority] = std::min(credit_[priority], 0.0);
  }
  lane.active_at = static_cast<std::int32_t>(list.size());
  lane.virtual_time = std::max(lane.virtual_time, virtual_time_[priority]);
  list.push_back(&queue);
  active_mask_ |= 1U << priority;
  note_front(queue, *lane.ready.front());
}

void Picker::deactivate(QueueState& queue, std::uint8_t priority) {
  QueueClass& lane = queue.classes[priority];
  if (lane.active_at < 0) return;
  auto& list = active_[priority];
  QueueState* last = list.back();
  last->classes[priority].active_at = lane.active_at;
  list[static_cast<std::size_t>(lane.active_at)] = last;
  list.pop_back();
  lane.active_at = -1;
  if (list.empty()) active_mask_ &= ~(1U << priority);
}

void Picker::note_front(const QueueState& queue, const Delivery& front) noexcept {
  next_overdue_ = std::min(next_overdue_, front.ready_ns + queue.options.max_wait);
}

}  // namespace veltrix
