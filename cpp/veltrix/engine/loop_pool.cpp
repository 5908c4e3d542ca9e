#include "veltrix/engine/loop_pool.hpp"

#include "veltrix/base/thread_name.hpp"

namespace veltrix {

namespace {

PoolTraits loop_traits() {
  PoolTraits traits;
  traits.pool = kLoopPool;
  traits.name = "loop";
  traits.loop = true;
  return traits;
}

}  // namespace

LoopPool::LoopPool(Monitor& monitor, std::size_t number, ThreadHooks& hooks)
    : monitor_(monitor),
      traits_(loop_traits()),
      number_(number),
      hooks_(hooks),
      name_("vx-loop-" + std::to_string(number)),
      producer_(monitor.open_producer()),
      parker_(Parker::Wake::kDescriptor) {
  monitor_.add_executor(number, kLoopPool, parker_);
}

LoopPool::~LoopPool() = default;

void LoopPool::start() {
  if (!host_) return;
  thread_ = std::thread([this] {
    const ThreadCpu::Measured measured(cpu_);
    block_signals();
    name_this_thread(name_);
    hooks_.thread_started();
    host_();
    hooks_.thread_stopping();
    finish();
  });
}

void LoopPool::request_stop() noexcept {
  stop_.store(true, std::memory_order_release);
  parker_.unpark();
}

void LoopPool::join() {
  if (thread_.joinable()) thread_.join();
}

bool LoopPool::check(std::int64_t now) {
  if (at_work_.load(std::memory_order_relaxed) == 0) return false;
  bool changed = false;
  for (Worker& worker : workers_) changed |= worker.check_timeout(now);
  if (changed) {
    fenced_.store(true, std::memory_order_release);
    parker_.unpark();  // the loop cancels what was given up
  }
  return changed;
}

Worker* LoopPool::begin() {
  monitor_.clear_idle(number_);
  if (free_.empty()) {
    monitor_.lock();
    workers_.emplace_back(monitor_, traits_, number_, producer_, stop_);
    monitor_.unlock();
    free_.push_back(&workers_.back());
  }
  Worker& worker = *free_.back();
  if (!next(worker)) return nullptr;
  free_.pop_back();
  at_work_.fetch_add(1, std::memory_order_relaxed);
  return &worker;
}

bool LoopPool::next(Worker& worker) {
  worker.visit();
  seen_version_ = worker.seen_version();
  (void)worker.take_spare();  // another one runs now; it looks again when it steps aside
  return worker.holds_pick();
}

void LoopPool::end(Worker& worker) {
  if (worker.holds_pick()) worker.visit(false);
  at_work_.fetch_sub(1, std::memory_order_relaxed);
  free_.push_back(&worker);
}

bool LoopPool::rest() {
  parker_.clear();
  monitor_.set_idle(number_);
  const bool changed = monitor_.version.load(std::memory_order_seq_cst) != seen_version_;
  if (!changed && monitor_.door.empty() && !stopping()) return true;
  monitor_.clear_idle(number_);
  return false;
}

void LoopPool::finish() noexcept {
  ended_.store(true, std::memory_order_release);
  monitor_.quiet.notify();
}

}  // namespace veltrix
