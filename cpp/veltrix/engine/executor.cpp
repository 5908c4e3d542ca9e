#include "veltrix/engine/executor.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/base/pause.hpp"
#include "veltrix/base/thread_name.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
thread_local const Monitor* t_inside = nullptr;  // of the engine whose handler runs here
constexpr int kSpinsPerLook = 16;
constexpr std::uint8_t kUrgent = 7;  // priorities from here on do not wait for company
constexpr std::int64_t kStalledAfter = 5 * kMillisecond;
}  // namespace

HandlerScope::HandlerScope(const Monitor& monitor) noexcept { t_inside = &monitor; }

HandlerScope::~HandlerScope() { t_inside = nullptr; }

bool Executor::inside_handler() noexcept { return t_inside != nullptr; }

bool Executor::inside_handler_of(const Monitor& monitor) noexcept { return t_inside == &monitor; }

void Executor::forget_handler() noexcept { t_inside = nullptr; }

Executor::Executor(Monitor& monitor, const PoolTraits& traits, std::size_t number,
                   const std::vector<Handler*>& handlers, ThreadHooks& hooks)
    : monitor_(monitor),
      traits_(traits),
      number_(number),
      handlers_(handlers),
      hooks_(hooks),
      name_("vx-" + std::string(traits.name) + "-" + std::to_string(number)),
      worker_(monitor, traits_, number, monitor.open_producer(), stop_) {
  monitor_.add_executor(number, traits.pool, parker_);
}

void Executor::start() {
  thread_ = std::thread([this] { loop(); });
}

void Executor::request_stop() noexcept {
  stop_.store(true, std::memory_order_release);
  parker_.unpark();
}

void Executor::join() {
  if (thread_.joinable()) thread_.join();
}

void Executor::loop() {
  const ThreadCpu::Measured measured(cpu_);
  block_signals();
  name_this_thread(name_);
  hooks_.thread_started();
  while (true) {
    worker_.visit();
    if (worker_.holds_pick()) {
      run();
      if (!worker_.more_ready()) pace();
      continue;  // stopping or not: what was picked is settled first
    }
    hooks_.about_to_wait();
    if (stop_.load(std::memory_order_acquire)) break;
    idle();
  }
  {
    const HandlerScope inside(monitor_);  // users' code ends here too: a lifespan, thread variables
    hooks_.thread_stopping();
  }
  ended_.store(true, std::memory_order_release);
  monitor_.quiet.notify();
}

void Executor::run() {
  busy_.store(true, std::memory_order_relaxed);
  {
    const HandlerScope inside(monitor_);
    Batch& batch = worker_.batch();
    handlers_[batch.queue().id]->run(batch, worker_);
  }
  worker_.finished();
  busy_.store(false, std::memory_order_relaxed);
}

void Executor::idle() {
  if (worker_.take_spare()) {
    parker_.park();
    return;
  }
  if (spin()) return;
  monitor_.set_idle(number_);
  const bool changed = monitor_.version.load(std::memory_order_seq_cst) != worker_.seen_version();
  if (!changed && monitor_.door.empty() && !stop_.load(std::memory_order_acquire)) {
    parker_.park();
  }
  monitor_.clear_idle(number_);
}

bool Executor::spin() noexcept {
  if (traits_.spin_ns == 0) return false;
  if (monitor_.spinning.exchange(true, std::memory_order_acquire)) return false;
  bool found = false;
  const std::int64_t until = steady_ns() + traits_.spin_ns;
  while (!found && !stop_.load(std::memory_order_relaxed) && steady_ns() < until) {
    for (int i = 0; i < kSpinsPerLook; ++i) pause_core();
    found = !monitor_.door.empty() ||
            monitor_.version.load(std::memory_order_relaxed) != worker_.seen_version();
  }
  monitor_.spinning.store(false, std::memory_order_release);
  return found;
}

void Executor::pace() noexcept {
  const Worker::Burst burst = worker_.take_burst();
  if (burst.events < 2 || burst.events >= traits_.pace_below) return;
  hooks_.about_to_wait();
  const std::int64_t until = worker_.finished_ns() + traits_.pace_ns;
  while (steady_ns() < until && !stop_.load(std::memory_order_relaxed)) {
    // Where every burst holds urgent work, urgent is not a reason to break off.
    if (!burst.urgent && monitor_.urgent[traits_.pool].load(std::memory_order_relaxed) > kUrgent) {
      return;
    }
    if (!traits_.sealable) {
      for (int i = 0; i < kSpinsPerLook; ++i) pause_core();
      continue;
    }
    if (monitor_.door.size() >= traits_.coalesce_events) return;
    std::this_thread::yield();  // a user's thread that woke up may need this core
  }
}

bool Executor::check(std::int64_t now) {
  bool changed = worker_.check_timeout(now);
  if (worker_.check_stalled(now, kStalledAfter)) {
    monitor_.wake_spare(traits_.pool);
    changed = true;
  }
  return changed;
}

}  // namespace veltrix
