#pragma once
// The engine: a plan, its handlers and sources, and the threads that run them.
//
// Life: new -> start() -> running -> stop() -> stopped; not restartable. publish works while it
// runs. Every public function may be called from any thread; start() and stop() are idempotent, and
// stop() from inside one of its handlers fails with kDeadlock instead of waiting for itself.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "veltrix/engine/housekeeping.hpp"
#include "veltrix/engine/loop_pool.hpp"
#include "veltrix/engine/source_runner.hpp"
#include "veltrix/engine/statistics.hpp"

namespace veltrix {

/// What a queue is served by. `pool` decides on which kind of thread run() is called.
struct QueueHandler {
  std::unique_ptr<Handler> handler;
  std::uint8_t pool = kNativePool;
  std::uint32_t threads = 0;  // of its own, as Python's are; then `pool` does not matter
};

struct SourceSpec {
  std::unique_ptr<Source> source;
  std::uint8_t priority = kNoPriority;
};

/// What is left when a wait ends.
struct DrainReport {
  bool drained = false;
  std::int64_t elapsed_ns = 0;
  std::vector<std::pair<std::string, std::uint64_t>> left;  // queue, deliveries; "" = at the door
};

class Engine {
 public:
  /// Asked now and then by whoever waits; true ends the wait.
  using Interrupted = std::function<bool()>;
  static constexpr std::int64_t kPatience = 5 * kSecond;

  /// `handlers`: one per queue, in order of the plan's queues.
  static Result<std::unique_ptr<Engine>> create(const PlanOptions& options,
                                                std::vector<QueueHandler> handlers,
                                                ThreadHooks& python_hooks);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Before start(). Opens it; the error names what could not be opened.
  Result<void> add_source(SourceSpec spec);

  Result<void> start();

  /// Waits until finite sources are at their end and nothing is in flight, `timeout_ns` at most
  /// (-1: without limit). `interrupted` is asked every 50 ms at the latest; true ends the wait.
  DrainReport drain(std::int64_t timeout_ns, const Interrupted& interrupted = {});

  /// Refuses new events, stops the sources, drains within `grace_ns` (0: not at all), ends the
  /// threads. A handler cannot be broken off: those at work have `patience_ns` more to return. If
  /// one does not, or if `interrupted` ends the wait, stopped() stays false: call stop() again.
  Result<DrainReport> stop(std::int64_t grace_ns, const Interrupted& interrupted = {},
                           std::int64_t patience_ns = kPatience);

  /// start() was called (stop() may have been, too).
  bool begun() const noexcept { return state_.load(std::memory_order_acquire) != kNew; }
  bool running() const noexcept { return state_.load(std::memory_order_acquire) == kRunning; }
  bool stopped() const noexcept { return state_.load(std::memory_order_acquire) == kStopped; }
  Monitor& monitor() noexcept { return *monitor_; }
  EngineStatistics statistics();
  const std::vector<std::unique_ptr<SourceRunner>>& sources() const noexcept { return sources_; }
  const std::vector<std::unique_ptr<Runner>>& runners() const noexcept { return runners_; }
  /// Null: no queue has handlers for an event loop.
  LoopPool* loop_pool() noexcept { return loop_pool_; }
  bool sources_done() const noexcept;

 private:
  enum State : int { kNew, kRunning, kStopping, kStopped };
  Engine() = default;
  std::vector<Dispatcher::Pool> assign_pools(const EngineOptions& options);
  void make_runners(const EngineOptions& options, ThreadHooks& python_hooks);
  enum class WaitEnd : std::uint8_t { kNotYet, kReached, kTimeout, kInterrupted };
  WaitEnd wait(const std::function<bool()>& reached, const std::function<std::int64_t()>& until,
               const Interrupted& interrupted);
  bool quiet();
  DrainReport report(std::int64_t since);
  bool started() const noexcept { return started_ns_.load(std::memory_order_acquire) != 0; }
  void begin_stop(std::int64_t deadline);
  bool threads_ended() const noexcept;
  void finish_stop();
  void end_threads();

  std::unique_ptr<Monitor> monitor_;
  std::vector<QueueHandler> handlers_;
  std::size_t opened_ = 0;  // handlers that start() has opened, in order
  std::vector<Handler*> handler_by_queue_;
  ThreadHooks native_hooks_;
  std::vector<std::unique_ptr<Runner>> runners_;
  LoopPool* loop_pool_ = nullptr;  // one of them
  std::vector<std::unique_ptr<SourceRunner>> sources_;
  std::unique_ptr<Housekeeping> housekeeping_;
  bool with_housekeeping_ = true;
  std::mutex life_mutex_;  // steps of start and stop, never held while waiting
  std::atomic<int> state_{kNew};
  std::atomic<std::int64_t> started_ns_{0};
  std::atomic<std::int64_t> stop_deadline_{INT64_MAX};  // written under life_mutex_
};

}  // namespace veltrix
