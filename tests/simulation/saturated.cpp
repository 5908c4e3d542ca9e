#include "simulation/saturated.hpp"

#include <algorithm>
#include <numeric>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {
Scenario quiet_scenario(std::uint64_t seed, const DispatchOptions& options,
                        const std::vector<Load>& loads) {
  Scenario scenario(seed);
  scenario.machine = {};
  scenario.machine.dispatch = options;
  scenario.machine.dedup.window = 0;
  scenario.queues.clear();
  scenario.conditions.clear();
  for (const Load& load : loads) scenario.queues.push_back({load.options, 0});
  scenario.door.heap = false;
  scenario.door.large = 0;
  return scenario;
}
}  // namespace

Saturated::Saturated(std::uint64_t seed, const DispatchOptions& options, std::vector<Load> loads,
                     std::uint32_t slots)
    : scenario_(quiet_scenario(seed, options, loads)),
      loads_(std::move(loads)),
      dice_(seed ^ 0x5A),
      maker_(scenario_, slab_),
      workers_(slots),
      next_one_(loads_.size(), kSecond),
      waited_(loads_.size(), 0),
      used_by_(loads_.size(), 0) {
  machine_ = std::make_unique<Machine>(scenario_.machine, scenario_.queues,
                                       std::vector<Dispatcher::Pool>{{slots}},
                                       std::make_unique<NullCommitStage>());
}

Saturated::~Saturated() = default;

double Saturated::used() const { return std::accumulate(used_.begin(), used_.end(), 0.0); }

void Saturated::run(std::int64_t until_ns, std::uint64_t most_picks) {
  while (now_ < until_ns && picks_ < most_picks) {
    top_up();
    for (Worker& worker : workers_) {
      if (worker.ends_ns == INT64_MAX) offer(worker);
    }
    now_ = std::max(now_, next_time());
    for (Worker& worker : workers_) {
      if (worker.ends_ns > now_) continue;
      settle(worker);
      top_up();
      offer(worker);
    }
    drop_released();
  }
}

std::int64_t Saturated::next_time() const {
  std::int64_t next = INT64_MAX;
  for (const Worker& worker : workers_) next = std::min(next, worker.ends_ns);
  for (std::size_t i = 0; i < loads_.size(); ++i) {
    if (loads_[i].one_every > 0) next = std::min(next, next_one_[i]);
  }
  require(next != INT64_MAX, kNoIdle, "all executors idle although every queue has work");
  return next;
}

void Saturated::top_up() {
  for (std::uint16_t queue = 0; queue < loads_.size(); ++queue) {
    const Load& load = loads_[queue];
    if (load.one_every > 0) {
      if (next_one_[queue] > now_) continue;
      add(queue);
      next_one_[queue] = now_ + load.one_every;
      continue;
    }
    const auto& counts = machine_->dispatcher().queues()[queue]->counts;
    while (counts.in_flight - counts.running < load.backlog) add(queue);
  }
}

void Saturated::add(std::uint16_t queue) {
  const Load& load = loads_[queue];
  Event event;
  event.number = 1;
  event.published = now_;
  Target target;
  target.queue = queue;
  target.priority = load.options.priority;
  if (load.options.order == Order::kTotal) target.key = 1;
  if (load.options.order == Order::kKey) target.key = 1 + dice_.below(load.keys);
  event.targets.push_back(target);
  Slot* slot = maker_.build(event);
  machine_->dispatcher().queues()[queue]->budget.force(event.bytes);
  machine_->receive({&slot, 1}, now_);
}

void Saturated::offer(Worker& worker) {
  Dispatcher& dispatcher = machine_->dispatcher();
  dispatcher.pick(0, 1'024, now_, worker.pick);
  if (worker.pick.empty()) return;
  const QueueState& queue = *worker.pick.choice.queue;
  const Load& load = loads_[queue.id];
  std::int64_t takes = 0;
  for (const Delivery* delivery : worker.pick.deliveries) {
    waited_[queue.id] = std::max(waited_[queue.id], now_ - delivery->slot->published_ns);
    takes += dice_.between(load.fastest, load.slowest);
  }
  ++picks_;
  worker.begun_ns = now_;
  worker.ends_ns = now_ + takes;
  std::int64_t& longest = longest_batch_[worker.pick.choice.priority];
  longest = std::max(longest, takes);
  if (worker.pick.choice.reason == PickReason::kOverdue) note_overdue(static_cast<double>(takes));
}

void Saturated::note_overdue(double ns) {
  ++overdue_picks_;
  const double rate = scenario_.machine.dispatch.overdue_share;
  const double allowed = rate * static_cast<double>(now_) * static_cast<double>(workers_.size());
  if (overdue_picks_ == 1) least_above_rate_ = -allowed;
  least_above_rate_ = std::min(least_above_rate_, overdue_used_ - allowed);
  overdue_used_ += ns;
  excess_ = std::max(excess_, overdue_used_ - allowed - least_above_rate_);
}

void Saturated::settle(Worker& worker) {
  std::vector<Machine::Settled> settled;
  for (Delivery* delivery : worker.pick.deliveries) {
    settled.push_back({delivery, delivery->attempt, Outcome::done()});
  }
  machine_->settle(settled, now_);
  const auto took = static_cast<double>(now_ - worker.begun_ns);
  used_[worker.pick.choice.priority] += took;
  used_by_[worker.pick.choice.queue->id] += took;
  machine_->dispatcher().finish(worker.pick, took, settled.size());
  worker.ends_ns = INT64_MAX;
}

void Saturated::drop_released() {
  for (Slot* slot : machine_->released()) veltrix::release(slot);
  machine_->released().clear();
}

}  // namespace veltrix::simulation
