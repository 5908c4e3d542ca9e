#pragma once
// The deliveries of one pick while they run. next() hands them out one by one and ends early when
// more urgent work waits or the executor shall stop (the rest goes back), or when housekeeping has
// taken the rest away because a handler does not return.
//
// A handler of a batch queue takes the rows in calls instead: begin_call() hands out all rows up to
// an end, and a call that fails is repeated in parts, first rows first. So what has not been begun
// (again) is always the end of the batch.
//
// The executor owns it; only seal() and collect() may be called by another thread (housekeeping).

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/dispatch/dispatcher.hpp"

namespace veltrix {

class Batch {
 public:
  static constexpr std::size_t kAhead = 4;  // events: how far prefetch() is worth it

  /// `urgent`: the word that producers raise to priority + 1 of what they publish. `stop`: the
  /// executor shall end, so no further event is begun.
  explicit Batch(const std::atomic<std::uint32_t>& urgent,
                 const std::atomic<bool>* stop = nullptr) noexcept
      : urgent_(urgent), stop_(stop) {}

  /// The next delivery to run; null: stop. What was halted by an earlier failure of its key is
  /// skipped.
  Delivery* next() noexcept;
  /// The rows below `end` that are neither over nor halted are at work from now on. False: no more
  /// of them, for the executor shall stop, or the last call was given up.
  bool begin_call(std::size_t end) noexcept;
  /// Of a row that is at work: it has its outcome.
  void end_row(std::size_t index) noexcept { mark(index, kOver); }
  /// A row at work that is not over; false also for what was halted by an earlier failure of its
  /// key, which goes back.
  bool takes(std::size_t index) noexcept;
  Delivery& row(std::size_t index) const noexcept { return *pick_.deliveries[index]; }
  /// Touches the memory of an event that comes later in the batch: it is in the cache of the core
  /// that published it.
  void prefetch_ahead() const noexcept { prefetch(handed_out() + kAhead); }
  void prefetch(std::size_t index) const noexcept;
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

  /// Of handlers that share a lock (the GIL): how long this batch waited for it, and had it.
  struct SharedLock {
    std::int64_t wait_ns = 0;
    std::int64_t hold_ns = 0;
  };
  void charge(SharedLock lock) noexcept { lock_ = lock; }

  // For executors, step engine and housekeeping:

  SharedLock take_lock() noexcept { return std::exchange(lock_, {}); }

  Pick& pick() noexcept { return pick_; }
  /// `timed`: every event, however short.
  void begin(std::int64_t now, bool sealable, bool timed = false) noexcept;
  /// Takes away what has not been begun. Returns the index of the first such delivery, or size().
  std::size_t seal() noexcept;
  /// How many have been handed out so far; its upper half tells one call from the next. Any thread.
  std::uint64_t progress() const noexcept { return cursor_.load(std::memory_order_relaxed); }
  std::uint32_t handed_out() const noexcept { return static_cast<std::uint32_t>(progress()); }
  /// A call has begun, and the batch is not sealed. Any thread.
  bool in_calls() const noexcept { return progress() >= kCall && progress() < kSealed; }
  /// Appends, of a batch in calls, the rows from `from` to `to` that wait or are at work. After
  /// seal(), any thread.
  void collect(std::size_t from, std::size_t to, std::vector<std::size_t>& out) const;
  /// Ends the batch: appends what goes back, in order.
  void end(std::vector<Delivery*>& rest);
  const std::vector<Delivery*>& skipped() const noexcept { return skipped_; }
  void halt(Delivery& delivery) noexcept;
  /// The attempt that this batch runs. Where attempts can time out, the delivery may have gone on
  /// to its next one elsewhere.
  std::uint16_t attempt_of(const Delivery& delivery) noexcept;
  std::uint16_t attempt_at(std::size_t index) const noexcept {
    return attempts_.empty() ? row(index).attempt : attempts_[index];
  }
  /// Times of single events, where the handler is slow enough (> 2 us) to be worth a stamp each.
  const std::vector<std::int64_t>& times() const noexcept { return times_; }
  bool timed() const noexcept { return timed_; }
  void stop_clock() noexcept;

 private:
  static constexpr std::uint64_t kCall = 1ULL << 32;
  static constexpr std::uint64_t kSealed = 1ULL << 62;
  static constexpr double kTimedFrom = 2'000;
  enum Row : std::uint8_t { kWaits, kOver, kHalted };
  std::size_t claim() noexcept;
  void mark(std::size_t index, Row row) noexcept {
    // relaxed: ordered by the cursor where it matters; see collect()
    std::atomic_ref<std::uint8_t>(rows_[index]).store(row, std::memory_order_relaxed);
  }

  const std::atomic<std::uint32_t>& urgent_;
  const std::atomic<bool>* const stop_;
  Pick pick_;
  std::int64_t begun_ns_ = 0;
  std::int64_t last_stamp_ = 0;
  SharedLock lock_;
  bool sealable_ = false;
  bool any_halted_ = false;
  bool timed_ = false;
  bool running_one_ = false;
  std::vector<Delivery*> skipped_;
  std::vector<std::int64_t> times_;
  std::vector<std::uint16_t> attempts_;     // of queues with a timeout
  std::size_t asked_ = 0;                   // where attempt_of() found the last one
  mutable std::vector<std::uint8_t> rows_;  // of batch queues: what became of each
  bool whole_ = false;                      // more urgent work does not cut it short
  bool calls_ = false;                      // it is run in calls
  std::atomic<std::uint64_t> cursor_{0};
};

}  // namespace veltrix
