#include "simulation/scenario.hpp"

namespace veltrix::simulation {

Scenario::Scenario(std::uint64_t from) : seed(from) {
  Dice dice(seed);
  draw_machine(dice);
  const std::uint64_t pool_count = dice.one_of({1, 1, 2});
  for (std::uint64_t i = 0; i < pool_count; ++i) {
    const auto slots = static_cast<std::uint32_t>(dice.between(1, 4));
    const auto spares = static_cast<std::uint32_t>(dice.below(3));
    pools.push_back({slots, spares, dice.one_of<std::size_t>({1, 4, 64, 1'024})});
  }
  const bool many_faults = dice.chance(0.4);
  const std::uint64_t queue_count = 1 + dice.below(8);
  for (std::uint64_t i = 0; i < queue_count; ++i) draw_queue(dice, many_faults);
  for (std::uint64_t i = 0; i < queue_count; ++i) draw_handler(dice, many_faults);
  draw_door(dice);
  stage.immediate = dice.chance(0.4);
  stage.slowest = dice.spread(10 * kMicrosecond, 50 * kMillisecond);
  stage.refuses = dice.one_of({0.0, 0.05, 0.3});
  // An id's window may be over before its first event is decided upon.
  if (dice.chance(0.3)) machine.dedup.window = 1 + stage.slowest / dice.between(1, 8);
  time_jumps = dice.one_of({0.0, 0.0, 0.002, 0.02});
  draw_ids(dice);
  // Half of the runs are of queues without policies of their own.
  if (dice.chance(0.5)) draw_policies(dice);
  if (dice.chance(0.3)) draw_batches(dice);
  if (dice.chance(0.3)) draw_conditions(dice);
}

void Scenario::draw_machine(Dice& dice) {
  DispatchOptions& dispatch = machine.dispatch;
  dispatch.policy = dice.chance(0.85) ? Policy::kClasses : Policy::kStrict;
  dispatch.min_share = dice.one_of({0.01, 0.01, 0.1, 0.0});
  dispatch.overdue_share = dice.one_of({0.25, 0.25, 0.05});
  dispatch.overdue_burst = dice.one_of({25 * kMillisecond, kMillisecond});
  dispatch.batch_time = dice.one_of({300 * kMicrosecond, 50 * kMicrosecond, 5 * kMillisecond});
  dispatch.key_run = dice.one_of({16U, 16U, 1U, 3U});
  dispatch.reserved_from = dice.one_of<std::uint8_t>({7, 7, 4, 10});
  dispatch.seed = dice.next();
  machine.dedup.window = dice.one_of({600 * kSecond, 10 * kMillisecond, kMillisecond, 0L});
  machine.dedup.events = dice.one_of<std::uint64_t>({1'000'000, 100, 10, 1});
  machine.dead_letter_events = dice.one_of<std::size_t>({10'000, 5, 0});
}

void Scenario::draw_queue(Dice& dice, bool many_faults) {
  QueueOptions options;
  options.name = "q" + std::to_string(queues.size());
  options.priority = static_cast<std::uint8_t>(dice.below(10));
  options.order = dice.one_of({Order::kKey, Order::kKey, Order::kKey, Order::kNone, Order::kTotal});
  options.concurrency = dice.one_of({1U, 1U, 2U, 4U});
  options.weight = dice.one_of({1U, 1U, 4U, 1'000U});
  options.max_wait = dice.one_of({30 * kSecond, kSecond, 5 * kMillisecond, 200 * kMicrosecond});
  options.retry.max_attempts = dice.one_of({5U, 2U, 1U, 20U});
  options.retry.backoff = dice.one_of({200 * kMillisecond, kMillisecond, kMicrosecond, 0L});
  options.retry.max_backoff = dice.one_of({60 * kSecond, 2 * kMillisecond});
  const bool tight = many_faults && dice.chance(0.5);
  options.capacity_events = tight ? static_cast<std::uint32_t>(dice.between(1, 30)) : 100'000U;
  if (tight && dice.chance(0.3)) options.capacity_bytes = 4'096;
  options.capacity_per_key = dice.one_of({0U, 0U, 1U, 4U});
  options.overflow = dice.one_of({Overflow::kBlock, Overflow::kReject});
  queues.push_back({options, static_cast<std::uint8_t>(dice.below(pools.size()))});
}

void Scenario::draw_handler(Dice& dice, bool many_faults) {
  HandlerTraits traits;
  traits.fastest = dice.spread(kMicrosecond, 300 * kMicrosecond);
  traits.slowest = traits.fastest * dice.between(1, 20);
  if (dice.chance(0.5)) traits.leaves_early = 0.2;
  if (many_faults) {
    traits.retries = dice.one_of({0.0, 0.1, 0.5});
    traits.deads = dice.one_of({0.0, 0.05});
    traits.drops = dice.one_of({0.0, 0.05});
    traits.stalls = dice.one_of({0.0, 0.02});
    traits.whole = dice.chance(0.25);
  }
  if (dice.chance(0.4)) {
    traits.emits = dice.one_of({0.1, 0.3, 0.8});
    for (std::uint64_t i = 0; i <= dice.below(2); ++i) {
      traits.targets.push_back(static_cast<std::uint16_t>(dice.below(queues.size())));
    }
  }
  handlers.push_back(traits);
}

void Scenario::draw_door(Dice& dice) {
  door.events = static_cast<std::uint64_t>(dice.spread(20, 1'500));
  door.pause = dice.spread(20 * kMicrosecond, 2 * kMillisecond);
  door.burst = dice.one_of<std::uint64_t>({1, 8, 40});
  door.given = dice.one_of({0.0, 0.5, 1.0});
  door.duplicates = dice.one_of({0.0, 0.1, 0.4});
  door.delayed = dice.one_of({0.0, 0.05, 0.3});
  door.keyed = dice.one_of({0.0, 0.7, 1.0});
  door.keys = dice.one_of<std::uint64_t>({1, 5, 40});
  door.fan_out = dice.one_of<std::uint64_t>({1, 2, 5});
  door.priorities = dice.one_of<std::uint64_t>({1, 3, 10});
  door.receipts = dice.one_of({0.0, 0.5, 1.0});
  door.heap = dice.chance(0.5);
}

/// Queues whose handlers take many events at once, and wait for more of them.
void Scenario::draw_batches(Dice& dice) {
  for (Dispatcher::QueuePlan& queue : queues) {
    if (dice.chance(0.4)) continue;
    queue.options.batch_max_events = dice.one_of({1U, 2U, 5U, 40U, 1'000U});
    if (dice.chance(0.8)) {
      queue.options.batch_linger = dice.spread(20 * kMicrosecond, 20 * kMillisecond);
    }
  }
}

/// Queues that take events by what is in them.
void Scenario::draw_conditions(Dice& dice) {
  using Kind = Condition::Kind;
  for (std::uint32_t i = 0; i < queues.size(); ++i) {
    Condition condition;
    condition.kind = dice.one_of({Kind::kAtLeast, Kind::kDivisible, Kind::kShareOf, Kind::kNone});
    condition.number = dice.between(1, 9);
    if (i != 0 && dice.chance(0.3)) condition.unless = static_cast<int>(dice.below(i));
    conditions.push_back(condition);
  }
}

void Scenario::draw_ids(Dice& dice) {
  door.conflicts = dice.one_of({0.0, 0.0, 0.1});
  door.again = dice.one_of({0.0, 0.2});
  // Ids that come back all the time, before it is known what became of them: their window ends soon
  // and commits fail.
  if (!dice.chance(0.08)) return;
  door.ids = static_cast<std::uint64_t>(dice.between(2, 6));
  door.given = 1.0;
  machine.dedup.events = static_cast<std::uint64_t>(dice.between(1, 3));
  stage.immediate = false;
  stage.refuses = 0.3;
}

}  // namespace veltrix::simulation
