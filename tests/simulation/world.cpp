#include "simulation/world.hpp"

#include <algorithm>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {

constexpr std::uint64_t kMostSteps = 100'000;
constexpr std::size_t kRecent = 64;

ModelPlan plan_of(const Scenario& scenario) {
  ModelPlan plan;
  plan.dispatch = scenario.machine.dispatch;
  plan.dedup_window = scenario.machine.dedup.window;
  plan.dedup_events = scenario.machine.dedup.events;
  plan.dead_letters = scenario.machine.dead_letter_events;
  for (const auto& queue : scenario.queues) plan.queues.emplace_back(queue.options, queue.pool);
  for (const PoolTraits& pool : scenario.pools) plan.pools.push_back(pool.slots);
  return plan;
}

}  // namespace

World::World(const Scenario& scenario)
    : scenario_(scenario),
      dice_(scenario.seed ^ 0xD0),
      maker_(scenario_, slab_),
      model_(plan_of(scenario)) {
  auto stage =
      std::make_unique<FlakyStage>(scenario.stage, scenario.seed ^ 0x57, model_.stage,
                                   [this](const Slot& slot) { return numbers_.at(&slot); });
  stage_ = stage.get();
  std::vector<Dispatcher::Pool> pools;
  for (std::size_t i = 0; i < scenario.pools.size(); ++i) {
    const PoolTraits& traits = scenario.pools[i];
    pools.push_back({traits.slots});
    for (std::uint32_t n = 0; n < traits.slots + traits.spares; ++n) {
      workers_.emplace_back().pool = static_cast<int>(i);
    }
  }
  machine_ = std::make_unique<Machine>(scenario.machine, scenario.queues, std::move(pools),
                                       std::move(stage));
}

World::~World() {
  machine_.reset();
  for (Worker& worker : workers_) {
    for (Slot* slot : worker.fenced) veltrix::release(slot);
  }
  for (auto& [number, slot] : receipts_) veltrix::release(slot);
}

Verdict World::run() {
  Verdict verdict;
  try {
    while (!at_rest()) step();
    finish_run();
  } catch (const Broken& broken) {
    verdict.invariant = broken.invariant;
    verdict.what = pairs("step", steps_, "ns", now_) + ": " + broken.what();
  }
  verdict.trace = trace_.hash();
  verdict.steps = steps_;
  verdict.events = maker_.made();
  verdict.sights = model_.sights();
  return verdict;
}

bool World::at_rest() const {
  const bool idle = std::none_of(workers_.begin(), workers_.end(),
                                 [](const Worker& worker) { return worker.busy; });
  return idle && published_ >= scenario_.door.events && door_.empty() && model_.quiet();
}

std::int64_t World::next_time() const {
  std::int64_t next = std::min(machine_->next_due(), stage_->next());
  if (published_ < scenario_.door.events) next = std::min(next, next_publish_);
  if (!door_.empty()) next = std::min(next, next_housekeeping_);
  for (const Worker& worker : workers_) {
    next = std::min({next, worker.ends_ns, worker.stall_seen_ns, worker.fence_ns});
  }
  return next;
}

void World::step() {
  require(++steps_ < kMostSteps, kNoIdle, "the run does not come to rest");
  const std::int64_t next = next_time();
  require(next != INT64_MAX, kNoIdle, "work is left and nothing will ever happen again");
  now_ = std::max(now_, next);
  if (dice_.chance(scenario_.time_jumps)) now_ += dice_.spread(kMillisecond, 3'600 * kSecond);
  trace_.add_all(steps_, now_);
  if (published_ < scenario_.door.events && next_publish_ <= now_) publish();
  for (Worker& worker : workers_) {
    if (worker.fence_ns <= now_ && worker.ends_ns > now_) see_timeout(worker);
    if (worker.stall_seen_ns <= now_ && worker.ends_ns > now_) see_stall(worker);
  }
  for (Worker& worker : workers_) {
    if (worker.ends_ns <= now_) visit(worker);
  }
  intervene();
  if (next_housekeeping_ <= now_) {
    next_housekeeping_ = now_ + kMillisecond;
    receive(true);
  }
  advance();
  offer_all();
  drop_released();
  check();
}

void World::publish() {
  const std::uint64_t burst = 1 + dice_.below(scenario_.door.burst);
  for (std::uint64_t i = 0; i < burst; ++i) {
    ++published_;
    Event event = maker_.draw(now_);
    if (event.filtered) continue;
    Slot* slot = maker_.build(event);
    if (take_room(event, *slot)) {
      enter(event, slot);
      door_.push_back(slot);
    } else {
      veltrix::release(slot);
    }
  }
  next_publish_ = now_ + dice_.between(0, scenario_.door.pause);
  if (dice_.chance(0.02)) next_publish_ += 100 * scenario_.door.pause;
}

/// As a producer does: room in all queues, in their order, or in none.
bool World::take_room(Event& event, Slot& slot) {
  const std::vector<Delivery*> deliveries = deliveries_of(slot);
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    Target& target = event.targets[i];
    const Model::Room expected = model_.room(target, event.bytes);
    const bool passed =
        dispatcher().queues()[target.queue]->reserve(*deliveries[i], slot.charged_bytes());
    target.turned_away = deliveries[i]->turned_away;
    const Model::Room seen = !passed              ? Model::Room::kRefused
                             : target.turned_away ? Model::Room::kTurnedAway
                                                  : Model::Room::kTaken;
    require(seen == expected, kOverflow, "a queue let in what it has no room for, or did not");
    if (passed) continue;
    for (std::size_t back = 0; back < i; ++back) {
      if (event.targets[back].turned_away) continue;
      dispatcher().queues()[event.targets[back].queue]->budget.give_back(1, event.bytes);
    }
    return false;
  }
  return true;
}

void World::enter(const Event& event, Slot* slot) {
  model_.publish(event);
  learn(event, slot);
}

/// Which event it is that this slot holds; who waits for its outcome keeps it.
void World::learn(const Event& event, Slot* slot) {
  numbers_[slot] = event.number;
  slots_[event.number] = slot;
  recent_.push_back(event.number);
  if (recent_.size() > kRecent) recent_.erase(recent_.begin());
  std::size_t place = 0;
  for (Delivery* delivery : deliveries_of(*slot)) refs_[delivery] = {event.number, place++};
  if (!dice_.chance(scenario_.door.receipts)) return;
  slot->refs.fetch_add(1, std::memory_order_relaxed);
  receipts_[event.number] = slot;
}

void World::receive(bool all) {
  const std::size_t count = all ? door_.size() : dice_.below(door_.size() + 1);
  if (count == 0) return;
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(numbers_.at(door_[i]));
  machine_->receive({door_.data(), count}, now_);
  model_.receive(numbers, now_);
  door_.erase(door_.begin(), door_.begin() + static_cast<std::ptrdiff_t>(count));
}

/// As the engine does: only when the machine says that there is something to do.
void World::advance() {
  const bool due = machine_->next_due() <= now_;
  require(due || !model_.timer_due(now_), kTimers, "a timer is due and next_due() hides it");
  if (!due && machine_->counts().pending == 0) return;
  machine_->advance(now_);
  model_.advance(now_);
  check_timers();
}

void World::drop_released() {
  check_ends();
  Released released;
  released.swap(machine_->released());
  for (Slot* slot : released) {
    const auto found = numbers_.find(slot);
    require(found != numbers_.end(), kLedger, "a slot was released that is not in use");
    const std::uint64_t number = found->second;
    model_.release(number);
    check_fate(*slot, number);
    trace_.add_all(0xEE, number);
    let_go(slot);
  }
}

/// Drops a reference. Where the last one is a dead letter's, what is known of the slot stays until
/// another one takes its place.
void World::let_go(Slot* slot) {
  if (slot->refs.load(std::memory_order_relaxed) == 1) {
    for (const Delivery* delivery : deliveries_of(*slot)) refs_.erase(delivery);
    slots_.erase(numbers_.at(slot));
    numbers_.erase(slot);
  }
  veltrix::release(slot);
}

void World::finish_run() {
  drop_released();
  check();
  check_end();
}

Delivery& World::delivery_of(const Ref& ref) const {
  return *deliveries_of(*slots_.at(ref.event))[ref.place];
}

Ref World::ref_of(const Delivery& delivery) const {
  const auto found = refs_.find(&delivery);
  require(found != refs_.end(), kLedger, "a delivery was picked whose slot was released");
  return found->second;
}

}  // namespace veltrix::simulation
