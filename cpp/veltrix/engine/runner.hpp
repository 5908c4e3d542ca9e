#pragma once
// What works for a pool: a thread of its own (Executor) or an event loop (LoopPool).

#include <cstdint>
#include <string>

#include "veltrix/base/clock.hpp"
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
  bool loop = false;  // most of a handler's time it waits, and costs nothing: every event is timed
};

/// Called on a runner's own thread, outside any lock.
class ThreadHooks {
 public:
  virtual ~ThreadHooks() = default;
  virtual void thread_started() noexcept {}
  virtual void thread_stopping() noexcept {}
  /// Nothing to run for now: what a handler kept from one batch to the next is let go.
  virtual void about_to_wait() noexcept {}
};

class Runner {
 public:
  virtual ~Runner() = default;
  virtual void start() = 0;
  virtual void request_stop() noexcept = 0;
  virtual void join() = 0;
  /// Everything is done, and a thread, if there is one, only has to be joined.
  virtual bool ended() const noexcept = 0;
  /// Housekeeping, under the monitor's lock: finds attempts that are over their queue's timeout and
  /// handlers that do not return. True: something changed.
  virtual bool check(std::int64_t now) = 0;
  virtual bool busy() const noexcept = 0;
  virtual std::int64_t cpu_ns() const noexcept = 0;
  virtual const std::string& name() const noexcept = 0;
  virtual std::uint8_t pool() const noexcept = 0;
};

}  // namespace veltrix
