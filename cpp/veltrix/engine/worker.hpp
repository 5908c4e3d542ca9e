#pragma once
// One place of a pool: holds one batch at a time. It visits the monitor (settles what it ran,
// drains the door, picks), and whoever lends it a thread runs the batch. What it owns: its batch
// and its outcomes; everything else is the monitor's.

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "veltrix/engine/handler.hpp"
#include "veltrix/engine/runner.hpp"

namespace veltrix {

class Worker final : public Settler {
 public:
  /// `number`: of its runner, in the monitor. `stop`: no further event is begun.
  Worker(Monitor& monitor, const PoolTraits& traits, std::size_t number, Producer& producer,
         const std::atomic<bool>& stop)
      : monitor_(monitor),
        traits_(traits),
        number_(number),
        producer_(producer),
        stop_(stop),
        batch_(monitor.urgent[traits.pool], &stop) {}

  /// `may_pick`: false to settle only.
  void visit(bool may_pick = true);
  /// The batch has been run as far as it will be; the next visit settles it.
  void finished() noexcept;
  /// What is at work waits for something else than this thread: what is left of the batch goes
  /// back, the slot of the pool is free until the next visit, and time does not count as used until
  /// returned(). Takes the lock.
  void step_aside();
  void returned() noexcept;
  /// As after step_aside(): it waits again.
  void waits() noexcept { aside_since_ = steady_ns(); }

  Batch& batch() noexcept { return batch_; }
  bool holds_pick() const noexcept { return holds_pick_; }
  /// At the last visit: work was left that somebody may take.
  bool more_ready() const noexcept { return more_ready_; }
  /// At the last visit: the pool had no slot for it. Takes the news.
  bool take_spare() noexcept { return std::exchange(spare_, false); }
  std::uint64_t seen_version() const noexcept { return seen_version_; }
  std::int64_t finished_ns() const noexcept { return finished_ns_; }
  bool fenced() const noexcept { return fenced_.load(std::memory_order_acquire); }

  struct Burst {
    std::size_t events = 0;
    bool urgent = false;
  };
  /// What ran since it was asked last.
  Burst take_burst() noexcept { return std::exchange(burst_, {}); }

  // Housekeeping, under the monitor's lock:

  /// True: the batch has not moved for `after_ns`; what was left of it has gone back, and the
  /// worker holds no slot of its pool until it returns.
  bool check_stalled(std::int64_t now, std::int64_t after_ns);
  /// The same for an attempt that is over its queue's timeout: it is given up, and its event goes
  /// on without it.
  bool check_timeout(std::int64_t now);

  void done(Delivery& delivery) noexcept override;
  void settle(Delivery& delivery, Outcome outcome) noexcept override;
  Producer& producer() noexcept override { return producer_; }

 private:
  bool watch(std::int64_t now);
  void leave_behind(std::int64_t now);
  std::vector<std::size_t> at_work(std::int64_t now);
  void settle_last(std::int64_t now);
  void record_times();
  void wake_others(std::int64_t now, bool changed);

  Monitor& monitor_;
  const PoolTraits& traits_;
  const std::size_t number_;
  Producer& producer_;
  const std::atomic<bool>& stop_;
  Batch batch_;
  std::vector<Machine::Settled> settled_;
  std::vector<Delivery*> rest_;
  Released released_;
  std::int64_t finished_ns_ = 0;
  std::int64_t aside_since_ = 0;
  std::int64_t aside_ns_ = 0;  // of the batch: time that it did not use
  std::uint64_t seen_version_ = 0;
  bool holds_pick_ = false;
  bool spare_ = false;       // the pool has no slot for me: sleep until housekeeping calls
  bool more_ready_ = false;  // work was left at my last visit: do not pace
  Burst burst_;
  std::atomic<bool> fenced_{false};  // an attempt of the batch was given up
  // housekeeping, under the lock:
  bool stalled_ = false;
  std::vector<Slot*> fenced_slots_;  // references, until the handler has returned
  std::uint64_t watched_cursor_ = 0;
  std::int64_t watched_since_ = 0;
  std::uint64_t watched_batch_ = 0;
  std::uint64_t batches_ = 0;  // GUARDED_BY(monitor)
};

}  // namespace veltrix
