#include "veltrix/engine/step_engine.hpp"

#include <algorithm>

#include "veltrix/engine/leftovers.hpp"

namespace veltrix {

/// Settles into the machine at once and writes down what happened.
class StepEngine::Recorder final : public Settler {
 public:
  Recorder(StepEngine& engine, Batch& batch) : engine_(engine), batch_(batch) {}

  void done(Delivery& delivery) noexcept override { settle(delivery, Outcome::done()); }

  void settle(Delivery& delivery, Outcome outcome) noexcept override {
    if (outcome.kind == OutcomeKind::kRetry && batch_.queue().holds_retries()) {
      batch_.halt(delivery);
    }
    AttemptRecord record{delivery.slot,
                         delivery.queue,
                         delivery.attempt,
                         engine_.now(),
                         DeliveryState::kDone,
                         {},
                         {}};
    if (outcome.failure != nullptr) {
      record.code = outcome.failure->code;
      record.text = outcome.failure->text;
    }
    const bool keep = engine_.attempts_.size() < kMaxAttempts;
    // relaxed: single-threaded
    if (keep) delivery.slot->refs.fetch_add(1, std::memory_order_relaxed);
    Machine::Settled settled{&delivery, delivery.attempt, std::move(outcome)};
    engine_.monitor_->machine().settle({&settled, 1}, engine_.monitor_->now());
    record.state = delivery.state.load(std::memory_order_relaxed);
    if (keep) engine_.attempts_.push_back(std::move(record));
  }

  Producer& producer() noexcept override { return *engine_.producer_; }

 private:
  StepEngine& engine_;
  Batch& batch_;
};

Result<std::unique_ptr<StepEngine>> StepEngine::create(const PlanOptions& options,
                                                       std::vector<QueueHandler> handlers,
                                                       std::uint64_t seed) {
  auto plan = Plan::compile(options, seed);
  if (!plan) return tl::make_unexpected(plan.error());
  std::unique_ptr<StepEngine> engine(new StepEngine());
  std::vector<Dispatcher::QueuePlan> queues;
  for (std::size_t i = 0; i < options.queues.size(); ++i) {
    // One thread runs them all: a queue's own threads are as good as the shared one.
    const std::uint8_t pool = handlers[i].threads != 0 ? kPythonPool : handlers[i].pool;
    queues.push_back({options.queues[i], pool});
  }
  MachineOptions machine = machine_options(options.engine, seed);
  engine->handlers_ = std::move(handlers);
  engine->monitor_ = std::make_unique<Monitor>(
      std::move(*plan),
      std::make_unique<Machine>(machine, std::move(queues),
                                std::vector<Dispatcher::Pool>(kFirstOwnPool, {1}),
                                std::make_unique<NullCommitStage>()),
      options.engine.source);
  engine->monitor_->set_virtual(kStart);
  engine->producer_ = &engine->monitor_->open_producer(seed);
  return engine;
}

StepEngine::~StepEngine() {
  for (AttemptRecord& record : attempts_) release(record.slot);
  release_leftovers(*monitor_);
}

void StepEngine::release_slots() {
  Released released;
  released.swap(monitor_->machine().released());
  for (Slot* slot : released) release(slot);
}

bool StepEngine::step(std::uint8_t pool) {
  Machine& machine = monitor_->machine();
  Batch batch(monitor_->urgent[pool]);
  Pick& pick = batch.pick();
  machine.dispatcher().pick(pool, 1, monitor_->now(), pick);
  if (pick.empty()) return false;
  batch.begin(monitor_->now(), false);
  Recorder recorder(*this, batch);
  handlers_[batch.queue().id].handler->run(batch, recorder);
  std::vector<Delivery*> rest;
  batch.end(rest);
  machine.give_back(rest, monitor_->now());
  machine.dispatcher().finish(pick, 0, 0);
  release_slots();
  return true;
}

void StepEngine::run(std::int64_t until_ns) {
  const std::int64_t until = until_ns < 0 ? INT64_MAX : kStart + until_ns;
  Machine& machine = monitor_->machine();
  interrupted_ = false;
  while (!interrupted_) {
    const std::int64_t now = monitor_->now();
    while (monitor_->drain_door(now)) {
    }
    machine.advance(now);
    release_slots();
    bool any = false;
    for (std::uint8_t pool = 0; pool < monitor_->pools(); ++pool) any |= step(pool);
    if (any) continue;
    const std::int64_t due = machine.next_due();
    if (due > until || due == INT64_MAX) break;
    monitor_->set_virtual(std::max(due, now + 1));
  }
  if (until != INT64_MAX && !interrupted_) monitor_->set_virtual(std::max(until, monitor_->now()));
}

EngineStatistics StepEngine::statistics() {
  EngineStatistics out = statistics_of(*monitor_);
  out.uptime_ns = now();
  return out;
}

}  // namespace veltrix
