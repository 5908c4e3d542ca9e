#include "veltrix/engine/engine.hpp"

#include <algorithm>

namespace veltrix {

namespace {

constexpr std::int64_t kSlice = 50 * kMillisecond;

PoolTraits native_traits() { return {}; }

PoolTraits python_traits() {
  PoolTraits traits;
  traits.pool = kPythonPool;
  traits.name = "python";
  traits.max_batch = 1'024;
  traits.pace_ns = 50 * kMicrosecond;
  traits.pace_below = 1'024;
  traits.sealable = true;
  return traits;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::create(const PlanOptions& options,
                                               std::vector<QueueHandler> handlers,
                                               ThreadHooks& python_hooks) {
  auto plan = Plan::compile(options, random_seed());
  if (!plan) return tl::make_unexpected(plan.error());
  std::unique_ptr<Engine> engine(new Engine());
  std::vector<Dispatcher::QueuePlan> queues;
  for (std::size_t i = 0; i < options.queues.size(); ++i) {
    queues.push_back({options.queues[i], handlers[i].pool});
    engine->handler_by_queue_.push_back(handlers[i].handler.get());
  }
  std::vector<Dispatcher::Pool> pools{{options.engine.native_executors}, {1}};
  auto machine =
      std::make_unique<Machine>(machine_options(options.engine, random_seed()), std::move(queues),
                                std::move(pools), std::make_unique<NullCommitStage>());
  engine->handlers_ = std::move(handlers);
  engine->monitor_ = std::make_unique<Monitor>(std::move(*plan), std::move(machine),
                                               options.engine.source);
  engine->with_housekeeping_ = options.engine.housekeeping;
  engine->make_executors(options.engine, python_hooks);
  return engine;
}

void Engine::make_executors(const EngineOptions& options, ThreadHooks& python_hooks) {
  const auto uses = [&](std::uint8_t pool) {
    return std::any_of(handlers_.begin(), handlers_.end(),
                       [&](const QueueHandler& h) { return h.pool == pool; });
  };
  const auto add = [&](const PoolTraits& traits, std::uint32_t count, ThreadHooks& hooks) {
    for (std::uint32_t i = 0; i < count; ++i) {
      executors_.push_back(std::make_unique<Executor>(*monitor_, traits, executors_.size(),
                                                      handler_by_queue_, hooks));
    }
  };
  if (uses(kNativePool)) add(native_traits(), options.native_executors, native_hooks_);
  if (uses(kPythonPool)) add(python_traits(), options.python_executors, python_hooks);
  housekeeping_ = std::make_unique<Housekeeping>(*monitor_, executors_);
}

Engine::~Engine() {
  monitor_->closed.store(true, std::memory_order_release);
  end_threads();
}

Result<void> Engine::add_source(SourceSpec spec) {
  auto runner =
      std::make_unique<SourceRunner>(*monitor_, std::move(spec.source), spec.priority);
  if (auto opened = runner->open(); !opened) return opened;
  sources_.push_back(std::move(runner));
  return {};
}

Result<void> Engine::start() {
  const std::lock_guard guard(life_mutex_);
  const int state = state_.load(std::memory_order_acquire);
  if (state == kRunning) return {};
  if (state != kNew) {
    return fail(ErrorCode::kEngineStopped,
                "the engine has stopped; an engine starts once: make a new one");
  }
  for (auto& queue : handlers_) {
    if (auto opened = queue.handler->open(); !opened) return opened;
  }
  for (auto& executor : executors_) executor->start();
  if (with_housekeeping_) housekeeping_->start();
  for (auto& source : sources_) source->start();
  started_ns_.store(steady_ns(), std::memory_order_relaxed);
  state_.store(kRunning, std::memory_order_release);
  return {};
}

bool Engine::sources_done() const noexcept {
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const auto& source) { return source->done(); });
}

bool Engine::quiet() {
  const bool stopping = state_.load(std::memory_order_acquire) == kStopping;
  if (!stopping && !sources_done()) return false;
  monitor_->lock();
  const bool quiet = monitor_->quiet_now();
  monitor_->unlock();
  return quiet;
}

DrainReport Engine::drain(std::int64_t timeout_ns, const std::function<bool()>& interrupted) {
  const std::int64_t begun = steady_ns();
  while (true) {
    const std::uint32_t ticket = monitor_->quiet.prepare();
    const std::int64_t elapsed = steady_ns() - begun;
    const bool over = timeout_ns >= 0 && elapsed >= timeout_ns;
    const bool quiet_now = quiet();
    if (quiet_now || over || stopped() || (interrupted && interrupted())) {
      monitor_->quiet.cancel();
      return report(quiet_now, begun);
    }
    const std::int64_t left = timeout_ns < 0 ? kSlice : timeout_ns - elapsed;
    monitor_->quiet.wait(ticket, std::min(left, kSlice));
  }
}

DrainReport Engine::report(bool drained, std::int64_t since) {
  DrainReport out;
  out.drained = drained;
  out.elapsed_ns = steady_ns() - since;
  monitor_->lock();
  for (const auto& queue : monitor_->machine().dispatcher().queues()) {
    if (queue->counts.in_flight != 0) {
      out.left.emplace_back(queue->options.name, queue->counts.in_flight);
    }
  }
  if (const std::uint64_t waiting = monitor_->in_door(); waiting != 0) {
    out.left.emplace_back("", waiting);
  }
  monitor_->unlock();
  return out;
}

Result<DrainReport> Engine::stop(std::int64_t grace_ns,
                                 const std::function<bool()>& interrupted) {
  if (Executor::inside_handler()) {
    return fail(ErrorCode::kDeadlock,
                "stop() inside a handler would wait for that handler; call it from another thread");
  }
  const std::lock_guard guard(life_mutex_);
  const std::int64_t begun = steady_ns();
  const int state = state_.load(std::memory_order_acquire);
  if (state == kStopped) return report(true, begun);
  monitor_->closed.store(true, std::memory_order_release);
  monitor_->room.notify();
  DrainReport left = report(true, begun);
  if (state == kRunning) {
    state_.store(kStopping, std::memory_order_release);
    for (auto& source : sources_) source->join();
    left = drain(grace_ns, interrupted);
  }
  end_threads();
  state_.store(kStopped, std::memory_order_release);
  monitor_->quiet.notify();
  monitor_->receipts.notify();
  if (!left.drained) left = report(left.drained, begun);
  return left;
}

void Engine::end_threads() {
  for (auto& source : sources_) source->join();
  housekeeping_->stop();
  for (auto& executor : executors_) executor->request_stop();
  for (auto& executor : executors_) executor->join();
  for (auto& queue : handlers_) (void)queue.handler->close();
}

EngineStatistics Engine::statistics() {
  EngineStatistics out = statistics_of(*monitor_);
  const std::int64_t since = started_ns_.load(std::memory_order_relaxed);
  if (since != 0) out.uptime_ns = steady_ns() - since;
  return out;
}

}  // namespace veltrix
