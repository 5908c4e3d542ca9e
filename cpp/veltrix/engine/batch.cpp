#include "veltrix/engine/batch.hpp"

#include <algorithm>

#include "veltrix/queue/strand.hpp"

namespace veltrix {

void Batch::begin(std::int64_t now, bool sealable, bool timed) noexcept {
  begun_ns_ = last_stamp_ = now;
  sealable_ = sealable;
  any_halted_ = running_one_ = false;
  timed_ = timed || (pick_.choice.queue != nullptr && pick_.choice.queue->cost_ns > kTimedFrom);
  skipped_.clear();
  times_.clear();
  attempts_.clear();
  asked_ = 0;
  if (pick_.choice.queue != nullptr && pick_.choice.queue->options.timeout != 0) {
    for (const Delivery* delivery : pick_.deliveries) attempts_.push_back(delivery->attempt);
  }
  // release: housekeeping that sees the new cursor sees the new pick
  cursor_.store(0, std::memory_order_release);
}

std::uint32_t Batch::claim() noexcept {
  if (sealable_) return cursor_.fetch_add(1, std::memory_order_acq_rel);
  // Nobody else moves the cursor of such a batch: no need for a locked instruction.
  const std::uint32_t index = cursor_.load(std::memory_order_relaxed);
  cursor_.store(index + 1, std::memory_order_relaxed);
  return index;
}

Delivery* Batch::next() noexcept {
  stop_clock();
  while (true) {
    const auto urgent = urgent_.load(std::memory_order_relaxed);
    if (urgent > pick_.choice.priority + 1U && handed_out() != 0) return nullptr;
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed) && handed_out() != 0) {
      return nullptr;
    }
    if (handed_out() >= pick_.deliveries.size()) return nullptr;
    const std::uint32_t index = claim();
    if (index >= pick_.deliveries.size()) return nullptr;
    Delivery* delivery = pick_.deliveries[index];
    if (any_halted_ && delivery->order.strand != nullptr && delivery->order.strand->halted) {
      skipped_.push_back(delivery);
      continue;
    }
    running_one_ = true;
    return delivery;
  }
}

void Batch::prefetch_ahead() const noexcept {
  constexpr std::size_t kAhead = 4;
  constexpr std::size_t kLines = 4;  // of the body: most events end there
  const std::size_t index = handed_out() + kAhead;
  if (index >= pick_.deliveries.size()) return;
  const Slot& slot = *pick_.deliveries[index]->slot;
  __builtin_prefetch(&slot);
  for (std::size_t line = 0; line < kLines; ++line) {
    __builtin_prefetch(slot.body() + line * kCacheLine);
  }
}

void Batch::stop_clock() noexcept {
  if (!timed_ || !running_one_) return;
  running_one_ = false;
  const std::int64_t now = steady_ns();
  times_.push_back(now - last_stamp_);
  last_stamp_ = now;
}

void Batch::halt(Delivery& delivery) noexcept {
  if (Strand* strand = delivery.order.strand; strand != nullptr) {
    strand->halted = true;
    any_halted_ = true;
  }
}

std::uint16_t Batch::attempt_of(const Delivery& delivery) noexcept {
  if (attempts_.empty()) return delivery.attempt;
  // Outcomes come in the order of the batch, more or less.
  for (std::size_t tried = 0; tried < attempts_.size(); ++tried, ++asked_) {
    if (asked_ >= attempts_.size()) asked_ = 0;
    if (pick_.deliveries[asked_] == &delivery) return attempts_[asked_];
  }
  return 0;
}

std::size_t Batch::seal() noexcept {
  const std::uint32_t at = cursor_.exchange(kSealed, std::memory_order_acq_rel);
  if (at >= kSealed) return pick_.deliveries.size();
  return std::min<std::size_t>(at, pick_.deliveries.size());
}

}  // namespace veltrix
