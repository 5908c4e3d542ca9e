#pragma once
// The deliveries of one pick while they run. next() hands them out one by one and ends early when
// more urgent work waits or the executor shall stop (the rest goes back), or when housekeeping has
// taken the rest away because a handler does not return.
//
// The executor owns it; only seal() may be called by another thread (housekeeping).

#include <atomic>
#include <cstdint>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/dispatch/dispatcher.hpp"

namespace veltrix {

class Batch {
 public:
  /// `urgent`: the word that producers raise to priority + 1 of what they publish. `stop`: the
  /// executor shall end, so no further event is begun.
  explicit Batch(const std::atomic<std::uint32_t>& urgent,
                 const std::atomic<bool>* stop = nullptr) noexcept
      : urgent_(urgent), stop_(stop) {}

  /// The next delivery to run; null: stop. What was halted by an earlier failure of its key is
  /// skipped.
  Delivery* next() noexcept;
  /// Touches the memory of an event that comes later in the batch: it is in the cache of the core
  /// that published it.
  void prefetch_ahead() const noexcept;
  std::size_t size() const noexcept { return pick_.deliveries.size(); }
  bool empty() const noexcept { return pick_.empty(); }
  const QueueState& queue() const noexcept { return *pick_.choice.queue; }
  std::uint8_t priority() const noexcept { return pick_.choice.priority; }
  /// Steady time at which the batch began; one stamp for all its events.
  std::int64_t begun_ns() const noexcept { return begun_ns_; }
  /// The same of the event at work, where single events are timed.
  std::int64_t event_begun_ns() const noexcept { return last_stamp_; }

  /// For handlers that had to wait (for the GIL) before they could begin.
  void restart_clock() noexcept { begun_ns_ = last_stamp_ = steady_ns(); }

  // For executors, step engine and housekeeping:

  Pick& pick() noexcept { return pick_; }
  /// `timed`: every event, however short.
  void begin(std::int64_t now, bool sealable, bool timed = false) noexcept;
  /// Takes away what has not been begun. Returns the index of the first such delivery, or size().
  std::size_t seal() noexcept;
  /// How many have been handed out so far; moves only forward. Any thread.
  std::uint32_t handed_out() const noexcept { return cursor_.load(std::memory_order_relaxed); }
  /// Skipped deliveries, in order; they go back like the ones behind seal().
  std::vector<Delivery*>& skipped() noexcept { return skipped_; }
  void halt(Delivery& delivery) noexcept;
  /// The attempt that this batch runs. Where attempts can time out, the delivery may have gone on
  /// to its next one elsewhere.
  std::uint16_t attempt_of(const Delivery& delivery) noexcept;
  std::uint16_t attempt_at(std::size_t index) const noexcept { return attempts_[index]; }
  /// Times of single events, where the handler is slow enough (> 2 us) to be worth a stamp each.
  const std::vector<std::int64_t>& times() const noexcept { return times_; }
  bool timed() const noexcept { return timed_; }
  void stop_clock() noexcept;

 private:
  static constexpr std::uint32_t kSealed = 1U << 30;
  static constexpr double kTimedFrom = 2'000;
  std::uint32_t claim() noexcept;

  const std::atomic<std::uint32_t>& urgent_;
  const std::atomic<bool>* const stop_;
  Pick pick_;
  std::int64_t begun_ns_ = 0;
  std::int64_t last_stamp_ = 0;
  bool sealable_ = false;
  bool any_halted_ = false;
  bool timed_ = false;
  bool running_one_ = false;
  std::vector<Delivery*> skipped_;
  std::vector<std::int64_t> times_;
  std::vector<std::uint16_t> attempts_;  // of queues with a timeout
  std::size_t asked_ = 0;                // where attempt_of() found the last one
  std::atomic<std::uint32_t> cursor_{0};
};

}  // namespace veltrix
