#include "veltrix/engine/batch.hpp"

#include <algorithm>

#include "veltrix/queue/strand.hpp"

namespace veltrix {

void Batch::begin(std::int64_t now, bool sealable, bool timed) noexcept {
  begun_ns_ = last_stamp_ = now;
  sealable_ = sealable;
  any_halted_ = running_one_ = false;
  whole_ = pick_.choice.queue != nullptr && pick_.choice.queue->batches();
  timed_ = timed || (pick_.choice.queue != nullptr && pick_.choice.queue->cost_ns > kTimedFrom);
  calls_ = false;
  rows_.assign(whole_ ? pick_.deliveries.size() : 0, kWaits);
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

std::size_t Batch::claim() noexcept {
  if (sealable_) return cursor_.fetch_add(1, std::memory_order_acq_rel);
  // Nobody else moves the cursor of such a batch: no need for a locked instruction.
  const std::uint64_t index = cursor_.load(std::memory_order_relaxed);
  cursor_.store(index + 1, std::memory_order_relaxed);
  return index;
}

Delivery* Batch::next() noexcept {
  stop_clock();
  while (true) {
    const auto urgent = whole_ ? 0 : urgent_.load(std::memory_order_relaxed);
    if (urgent > pick_.choice.priority + 1U && handed_out() != 0) return nullptr;
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed) && handed_out() != 0) {
      return nullptr;
    }
    if (progress() >= pick_.deliveries.size()) return nullptr;
    const std::size_t index = claim();
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

bool Batch::begin_call(std::size_t end) noexcept {
  std::uint64_t seen = progress();
  const bool stops = stop_ != nullptr && stop_->load(std::memory_order_relaxed);
  if (stops && seen != 0) return false;
  timed_ = false;  // the rows of a call share its time
  calls_ = true;
  const std::uint64_t next = (seen / kCall + 1) * kCall + end;
  // Against seal(): the rows up to `end` are either mine or gone.
  return seen < kSealed && cursor_.compare_exchange_strong(seen, next, std::memory_order_acq_rel);
}

bool Batch::takes(std::size_t index) noexcept {
  if (rows_[index] == kOver) return false;
  const Strand* strand = any_halted_ ? row(index).order.strand : nullptr;
  if (strand == nullptr || !strand->halted) return true;
  mark(index, kHalted);
  return false;
}

void Batch::collect(std::size_t from, std::size_t to, std::vector<std::size_t>& out) const {
  for (std::size_t i = from; i < to; ++i) {
    if (std::atomic_ref<std::uint8_t>(rows_[i]).load(std::memory_order_relaxed) == kWaits) {
      out.push_back(i);
    }
  }
}

void Batch::end(std::vector<Delivery*>& rest) {
  const bool taken = progress() >= kSealed;
  const std::size_t begun = seal();
  if (!calls_) {
    rest.insert(rest.end(), skipped_.begin(), skipped_.end());
    rest.insert(rest.end(), pick_.deliveries.begin() + static_cast<std::ptrdiff_t>(begun),
                pick_.deliveries.end());
    return;
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i] == kOver || (rows_[i] == kWaits && taken)) continue;
    // What is halted may have been given up in the same moment.
    Delivery& one = row(i);
    const bool mine = one.state.load(std::memory_order_relaxed) == DeliveryState::kRunning &&
                      (attempts_.empty() || one.attempt == attempts_[i]);
    if (mine) rest.push_back(&one);
  }
}

void Batch::prefetch(std::size_t index) const noexcept {
  constexpr std::size_t kLines = 4;  // of the body: most events end there
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
  const std::uint64_t at = cursor_.exchange(kSealed, std::memory_order_acq_rel);
  if (at >= kSealed) return pick_.deliveries.size();
  return std::min<std::size_t>(at % kCall, pick_.deliveries.size());
}

}  // namespace veltrix
