#include "veltrix/engine/engine.hpp"

#include <algorithm>
#include <system_error>

#include "veltrix/engine/leftovers.hpp"

namespace veltrix {

namespace {

constexpr std::int64_t kSlice = 50 * kMillisecond;

PoolTraits native_traits() { return {}; }

/// Several executors get another one beside them: priorities below 7 hold all threads but one (see
/// picker.hpp), and as many as were asked for shall work for them.
std::uint32_t native_threads(const EngineOptions& options) noexcept {
  return options.native_executors + (options.native_executors > 1 ? 1 : 0);
}

PoolTraits python_traits(std::uint8_t pool) {
  PoolTraits traits;
  traits.pool = pool;
  traits.name = "python";
  traits.max_batch = 1'024;
  traits.pace_ns = 50 * kMicrosecond;
  traits.pace_below = 1'024;
  traits.sealable = true;
  return traits;
}

/// The idle mask has a bit for each of them.
Result<void> check_threads(const EngineOptions& options,
                           const std::vector<QueueHandler>& handlers) {
  std::size_t threads = native_threads(options) + options.python_executors + 1;
  std::size_t pools = kFirstOwnPool;
  for (const QueueHandler& queue : handlers) {
    threads += queue.threads;
    pools += queue.threads != 0 ? 1 : 0;
  }
  if (threads <= kMaxExecutors && pools <= kMaxPools) return {};
  return fail(ErrorCode::kInvalidOption,
              "the queues' pools ask for " + std::to_string(threads) + " threads in " +
                  std::to_string(pools) + " pools; at most " + std::to_string(kMaxExecutors) +
                  " in " + std::to_string(kMaxPools) + ": let some share a pool");
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::create(const PlanOptions& options,
                                               std::vector<QueueHandler> handlers,
                                               ThreadHooks& python_hooks) {
  auto plan = Plan::compile(options, random_seed());
  if (!plan) return tl::make_unexpected(plan.error());
  if (auto fits = check_threads(options.engine, handlers); !fits) {
    return tl::make_unexpected(fits.error());
  }
  std::unique_ptr<Engine> engine(new Engine());
  engine->handlers_ = std::move(handlers);
  std::vector<Dispatcher::Pool> pools = engine->assign_pools(options.engine);
  std::vector<Dispatcher::QueuePlan> queues;
  for (std::size_t i = 0; i < options.queues.size(); ++i) {
    queues.push_back({options.queues[i], engine->handlers_[i].pool});
    engine->handler_by_queue_.push_back(engine->handlers_[i].handler.get());
  }
  auto machine =
      std::make_unique<Machine>(machine_options(options.engine, random_seed()), std::move(queues),
                                std::move(pools), std::make_unique<NullCommitStage>());
  engine->monitor_ =
      std::make_unique<Monitor>(std::move(*plan), std::move(machine), options.engine.source);
  engine->with_housekeeping_ = options.engine.housekeeping;
  try {
    engine->make_runners(options.engine, python_hooks);
  } catch (const std::system_error& error) {  // no descriptor is left for a parker
    return fail(ErrorCode::kIo, error.what());
  }
  return engine;
}

/// Queues with threads of their own get a pool each.
std::vector<Dispatcher::Pool> Engine::assign_pools(const EngineOptions& options) {
  std::vector<Dispatcher::Pool> pools{{native_threads(options)}, {1}, {1}};
  for (QueueHandler& queue : handlers_) {
    if (queue.threads == 0) continue;
    queue.pool = static_cast<std::uint8_t>(pools.size());
    pools.push_back({queue.threads, false});
  }
  return pools;
}

void Engine::make_runners(const EngineOptions& options, ThreadHooks& python_hooks) {
  const auto uses = [&](std::uint8_t pool) {
    return std::any_of(handlers_.begin(), handlers_.end(),
                       [&](const QueueHandler& h) { return h.pool == pool; });
  };
  const auto add = [&](const PoolTraits& traits, std::uint32_t count, ThreadHooks& hooks) {
    for (std::uint32_t i = 0; i < count; ++i) {
      runners_.push_back(
          std::make_unique<Executor>(*monitor_, traits, runners_.size(), handler_by_queue_, hooks));
    }
  };
  if (uses(kNativePool)) add(native_traits(), native_threads(options), native_hooks_);
  if (uses(kPythonPool)) add(python_traits(kPythonPool), options.python_executors, python_hooks);
  for (const QueueHandler& queue : handlers_) {
    if (queue.threads != 0) add(python_traits(queue.pool), queue.threads, python_hooks);
  }
  if (uses(kLoopPool)) {
    auto pool = std::make_unique<LoopPool>(*monitor_, runners_.size(), python_hooks);
    loop_pool_ = pool.get();
    runners_.push_back(std::move(pool));
  }
  housekeeping_ = std::make_unique<Housekeeping>(*monitor_, runners_);
}

Engine::~Engine() {
  if (housekeeping_ == nullptr) return;  // it was never finished: nothing runs, nothing is inside
  monitor_->closed.store(true, std::memory_order_release);
  end_threads();
  release_leftovers(*monitor_);
}

Result<void> Engine::add_source(SourceSpec spec) {
  auto runner = std::make_unique<SourceRunner>(*monitor_, std::move(spec.source), spec.priority);
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
  while (opened_ < handlers_.size()) {
    if (auto opened = handlers_[opened_].handler->open(); !opened) return opened;
    ++opened_;
  }
  try {
    for (auto& runner : runners_) runner->start();
    if (with_housekeeping_) housekeeping_->start();
    for (auto& source : sources_) source->start();
  } catch (const std::system_error& error) {
    end_threads();
    state_.store(kStopped, std::memory_order_release);
    return fail(ErrorCode::kInvalidOption,
                std::string("the engine's threads cannot be started: ") + error.what() +
                    "; use fewer executors, or raise the process's limits");
  }
  started_ns_.store(steady_ns(), std::memory_order_relaxed);
  state_.store(kRunning, std::memory_order_release);
  return {};
}

bool Engine::sources_done() const noexcept {
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const auto& source) { return source->done(); });
}

bool Engine::quiet() {
  if (started() && !sources_done()) return false;
  monitor_->lock();
  const bool quiet = monitor_->quiet_now();
  monitor_->unlock();
  return quiet;
}

DrainReport Engine::drain(std::int64_t timeout_ns, const Interrupted& interrupted) {
  const std::int64_t begun = steady_ns();
  const std::int64_t until = timeout_ns < 0 ? INT64_MAX : begun + timeout_ns;
  // Once stop() waits for threads only, nobody is left who would work off what comes in late: what
  // the end of a lifespan publishes or redrives is not waited for.
  const auto over = [this] { return quiet() || monitor_->drained.load(std::memory_order_acquire); };
  (void)wait(
      over, [until] { return until; }, interrupted);
  return report(begun);
}

Engine::WaitEnd Engine::wait(const std::function<bool()>& reached,
                             const std::function<std::int64_t()>& until,
                             const Interrupted& interrupted) {
  while (true) {
    const std::uint32_t ticket = monitor_->quiet.prepare();
    const std::int64_t left = until() - steady_ns();
    WaitEnd end = WaitEnd::kNotYet;
    if (reached()) {
      end = WaitEnd::kReached;
    } else if (left <= 0) {
      end = WaitEnd::kTimeout;
    } else if (interrupted && interrupted()) {  // may run Python: no lock is held here
      end = WaitEnd::kInterrupted;
    }
    if (end != WaitEnd::kNotYet) {
      monitor_->quiet.cancel();
      return end;
    }
    monitor_->quiet.wait(ticket, std::min(left, kSlice));
  }
}

DrainReport Engine::report(std::int64_t since) {
  DrainReport out;
  out.elapsed_ns = steady_ns() - since;
  const bool sources_ended = !started() || sources_done();
  monitor_->lock();
  out.drained = sources_ended && monitor_->quiet_now();
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

EngineStatistics Engine::statistics() {
  EngineStatistics out = statistics_of(*monitor_);
  const std::int64_t since = started_ns_.load(std::memory_order_relaxed);
  if (since != 0) out.uptime_ns = steady_ns() - since;
  for (const auto& runner : runners_) {
    (runner->pool() == kNativePool ? out.native_cpu_ns : out.python_cpu_ns) += runner->cpu_ns();
  }
  for (const auto& source : sources_) out.native_cpu_ns += source->cpu_ns();
  out.native_cpu_ns += housekeeping_->cpu_ns();
  return out;
}

}  // namespace veltrix
