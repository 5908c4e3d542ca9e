#pragma once
// A thread that runs handlers: its worker visits the monitor, it runs the batch, again; it spins a
// little and parks when there is nothing.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "veltrix/base/thread_cpu.hpp"
#include "veltrix/engine/worker.hpp"

namespace veltrix {

/// While it lives, this thread is inside a handler of that engine.
class HandlerScope {
 public:
  explicit HandlerScope(const Monitor& monitor) noexcept;
  ~HandlerScope();
  HandlerScope(const HandlerScope&) = delete;
  HandlerScope& operator=(const HandlerScope&) = delete;
};

class Executor final : public Runner {
 public:
  Executor(Monitor& monitor, const PoolTraits& traits, std::size_t number,
           const std::vector<Handler*>& handlers, ThreadHooks& hooks);

  void start() override;
  void request_stop() noexcept override;
  void join() override;
  bool ended() const noexcept override { return ended_.load(std::memory_order_acquire); }
  bool check(std::int64_t now) override;
  bool busy() const noexcept override { return busy_.load(std::memory_order_relaxed); }
  std::int64_t cpu_ns() const noexcept override { return cpu_.ns(); }
  const std::string& name() const noexcept override { return name_; }
  std::uint8_t pool() const noexcept override { return traits_.pool; }

  /// True on a thread that is inside a handler of some engine / of that engine.
  static bool inside_handler() noexcept;
  static bool inside_handler_of(const Monitor& monitor) noexcept;
  /// In a forked child: the thread that forked is not an executor any more.
  static void forget_handler() noexcept;

 private:
  void loop();
  void idle();
  bool spin() noexcept;
  void pace() noexcept;
  void run();

  Monitor& monitor_;
  const PoolTraits traits_;
  const std::size_t number_;
  const std::vector<Handler*>& handlers_;  // by queue
  ThreadHooks& hooks_;
  const std::string name_;
  Parker parker_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  std::atomic<bool> busy_{false};
  Worker worker_;
  ThreadCpu cpu_;
  std::thread thread_;
};

}  // namespace veltrix
