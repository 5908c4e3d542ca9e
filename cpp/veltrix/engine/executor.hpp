#pragma once
// A thread that runs handlers: visit the monitor (settle, drain, pick), run the batch, again; spin
// a little and park when there is nothing. It owns its batch, its producer (for follow-ups) and its
// outcomes; everything else is the monitor's.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "veltrix/base/thread_cpu.hpp"
#include "veltrix/engine/handler.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {

/// What a pool does differently. Python's has a thread state to keep and a lock to be frugal with.
struct PoolTraits {
  std::uint8_t pool = kNativePool;
  const char* name = "native";
  std::size_t max_batch = 256;
  std::int64_t spin_ns = 20 * kMicrosecond;  // before it parks: about what a wake-up costs
  // After a burst of two or more events (batches without a pause in between): wait this long before
  // the next visit, unless `coalesce_events` wait already, or something urgent comes behind a burst
  // that held nothing urgent. An eager consumer steals the producer's cache lines event by event
  // (native), or its GIL (Python).
  std::int64_t pace_ns = 1'000;
  std::size_t pace_below = 64;  // bursts from this size on are not paced
  std::size_t coalesce_events = 512;
  bool sealable = false;  // housekeeping may take the rest of a blocked batch away
};

/// Called on the executor's own thread, outside any lock.
class ThreadHooks {
 public:
  virtual ~ThreadHooks() = default;
  virtual void thread_started() noexcept {}
  virtual void thread_stopping() noexcept {}
  /// Nothing to run for now: what a handler kept from one batch to the next is let go.
  virtual void about_to_wait() noexcept {}
};

class Executor final : private Settler {
 public:
  Executor(Monitor& monitor, const PoolTraits& traits, std::size_t number,
           const std::vector<Handler*>& handlers, ThreadHooks& hooks);

  void start();
  void request_stop() noexcept;
  void join();

  /// Housekeeping, under the monitor's lock. True: the batch has not moved for `after_ns`; what was
  /// left of it has gone back, and the executor holds no slot of its pool until it returns.
  bool check_stalled(std::int64_t now, std::int64_t after_ns);
  /// The same for an attempt that is over its queue's timeout: it is given up, and its event goes
  /// on without it.
  bool check_timeout(std::int64_t now);
  bool stalled() const noexcept { return stalled_; }
  bool busy() const noexcept { return busy_.load(std::memory_order_relaxed); }
  const std::string& name() const noexcept { return name_; }
  std::uint8_t pool() const noexcept { return traits_.pool; }
  std::int64_t cpu_ns() const noexcept { return cpu_.ns(); }

  /// Its thread has done everything and only has to be joined.
  bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

  /// True on a thread that is inside a handler of some engine / of that engine.
  static bool inside_handler() noexcept;
  static bool inside_handler_of(const Monitor& monitor) noexcept;
  /// In a forked child: the thread that forked is not an executor any more.
  static void forget_handler() noexcept;

 private:
  bool watch(std::int64_t now);
  void leave_behind(std::int64_t now);
  std::vector<std::size_t> at_work(std::int64_t now);
  void loop();
  void visit();
  void settle_last(std::int64_t now);
  void record_times();
  void wake_others(std::int64_t now, bool changed);
  void idle();
  bool spin() noexcept;
  void pace() noexcept;
  void run();

  void done(Delivery& delivery) noexcept override;
  void settle(Delivery& delivery, Outcome outcome) noexcept override;
  Producer& producer() noexcept override { return producer_; }

  Monitor& monitor_;
  const PoolTraits traits_;
  const std::size_t number_;
  const std::vector<Handler*>& handlers_;  // by queue
  ThreadHooks& hooks_;
  Producer& producer_;
  const std::string name_;
  Parker parker_;
  Batch batch_;
  std::vector<Machine::Settled> settled_;
  std::vector<Delivery*> rest_;
  Released released_;
  std::int64_t finished_ns_ = 0;
  std::uint64_t seen_version_ = 0;
  bool holds_pick_ = false;
  bool spare_ = false;       // the pool has no slot for me: sleep until housekeeping calls
  bool more_ready_ = false;  // work was left at my last visit: do not pace
  struct Burst {
    std::size_t events = 0;
    bool urgent = false;
  };
  Burst burst_;  // what ran since I last waited
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  std::atomic<bool> busy_{false};
  std::atomic<bool> fenced_{false};  // an attempt of the batch was given up
  // housekeeping, under the lock:
  bool stalled_ = false;
  std::vector<Slot*> fenced_slots_;  // references, until the handler has returned
  std::uint64_t watched_cursor_ = 0;
  std::int64_t watched_since_ = 0;
  std::uint64_t watched_batch_ = 0;
  std::uint64_t batches_ = 0;  // GUARDED_BY(monitor)
  ThreadCpu cpu_;
  std::thread thread_;
};

}  // namespace veltrix
