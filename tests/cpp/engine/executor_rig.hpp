#pragma once
// A monitor and its executors without an engine around them: no housekeeping, no sources, and pool
// traits as the test wants them.

#include <memory>
#include <vector>

#include "veltrix/engine/executor.hpp"
#include "veltrix/engine/leftovers.hpp"

#include "cpp/engine/small_plan.hpp"

namespace veltrix {

class ExecutorRig {
 public:
  /// `traits`: one entry per executor, in order of pool.
  ExecutorRig(SmallPlan plan, const std::vector<PoolTraits>& traits) {
    std::vector<Dispatcher::Pool> pools(kFirstOwnPool);
    for (const PoolTraits& one : traits) ++pools[one.pool].slots;
    monitor_ = plan.monitor(std::move(pools));
    handlers_ = std::move(plan.handlers);
    for (QueueHandler& queue : handlers_) by_queue_.push_back(queue.handler.get());
    for (const PoolTraits& one : traits) {
      executors_.push_back(
          std::make_unique<Executor>(*monitor_, one, executors_.size(), by_queue_, no_hooks_));
    }
  }
  ~ExecutorRig() {
    stop();
    release_leftovers(*monitor_);
  }
  ExecutorRig(const ExecutorRig&) = delete;
  ExecutorRig& operator=(const ExecutorRig&) = delete;

  void start() {
    for (auto& executor : executors_) executor->start();
  }
  void stop() {
    for (auto& executor : executors_) executor->request_stop();
    for (auto& executor : executors_) executor->join();
  }
  Monitor& monitor() { return *monitor_; }
  Executor& executor(std::size_t number) { return *executors_[number]; }

 private:
  ThreadHooks no_hooks_;
  std::vector<QueueHandler> handlers_;
  std::vector<Handler*> by_queue_;
  std::unique_ptr<Monitor> monitor_;
  std::vector<std::unique_ptr<Executor>> executors_;
};

}  // namespace veltrix
