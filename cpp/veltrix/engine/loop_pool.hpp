#pragma once
// The pool of handlers that an event loop runs: as many workers as deliveries are in flight, all on
// the loop's one thread. A worker runs its batch until an event has to wait for something; then it
// steps aside (worker.hpp) and another one goes on.
//
// The loop is a thread of the pool's own (a Host runs it there), or somebody else's. Either way the
// monitor wakes it through a file descriptor, which needs no lock of Python's.

#include <atomic>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "veltrix/base/parker.hpp"
#include "veltrix/base/thread_cpu.hpp"
#include "veltrix/engine/executor.hpp"

namespace veltrix {

class LoopPool final : public Runner {
 public:
  /// On the pool's own thread; returns when the pool has ended.
  using Host = std::function<void()>;

  LoopPool(Monitor& monitor, std::size_t number, ThreadHooks& hooks);
  ~LoopPool() override;
  LoopPool(const LoopPool&) = delete;
  LoopPool& operator=(const LoopPool&) = delete;

  /// Before start(). Without a host somebody else's loop runs it.
  void set_host(Host host) { host_ = std::move(host); }

  void start() override;
  void request_stop() noexcept override;
  void join() override;
  bool ended() const noexcept override { return ended_.load(std::memory_order_acquire); }
  bool check(std::int64_t now) override;
  bool busy() const noexcept override { return at_work_.load(std::memory_order_relaxed) != 0; }
  std::int64_t cpu_ns() const noexcept override { return cpu_.ns(); }
  const std::string& name() const noexcept override { return name_; }
  std::uint8_t pool() const noexcept override { return kLoopPool; }

  // On the loop's thread:

  /// Readable when there may be something to do.
  int fd() const noexcept { return parker_.fd(); }
  bool stopping() const noexcept { return stop_.load(std::memory_order_acquire); }
  /// A worker that has picked a batch, or null: nothing is ready. end() gives it back.
  Worker* begin();
  /// Settles what it ran and picks again; false: nothing is ready, end() it.
  bool next(Worker& worker);
  /// Settles what it ran; the worker is free again.
  void end(Worker& worker);
  /// Some attempt was given up since this was asked last.
  bool take_fenced() noexcept { return fenced_.exchange(false, std::memory_order_acquire); }
  /// The loop is about to wait. False: not yet, something came in the meantime.
  bool rest();
  /// No more begin(): the loop is done with it.
  void finish() noexcept;
  Monitor& monitor() noexcept { return monitor_; }

 private:
  Monitor& monitor_;
  const PoolTraits traits_;
  const std::size_t number_;
  ThreadHooks& hooks_;
  const std::string name_;
  Host host_;
  Producer& producer_;
  Parker parker_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  std::atomic<bool> fenced_{false};
  std::atomic<std::uint32_t> at_work_{0};
  std::uint64_t seen_version_ = 0;
  std::deque<Worker> workers_;  // grows under the monitor's lock; housekeeping reads it there
  std::vector<Worker*> free_;
  ThreadCpu cpu_;
  std::thread thread_;
};

}  // namespace veltrix
