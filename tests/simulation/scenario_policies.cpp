// The other half of Scenario: which policies its queues have, and events for which they matter.

#include <algorithm>

#include "simulation/scenario.hpp"

namespace veltrix::simulation {

namespace {
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kYear2000 = 946'684'800 * kSecond;
}  // namespace

void Scenario::draw_policies(Dice& dice) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    QueueOptions& options = queues[i].options;
    draw_room(dice, options);
    draw_order(dice, options, handlers[i]);
    draw_failure(dice, options, handlers[i]);
    options.bury_drops = dice.chance(0.3);
    if (dice.chance(0.15)) {
      options.dedup_by = {"event.subject"};
      options.dedup_window = dice.one_of({kMillisecond, 20 * kMillisecond, kMinute});
      options.dedup_events = dice.one_of<std::uint64_t>({1, 10, 1'000'000});
    }
  }
  draw_facts(dice);
}

void Scenario::draw_room(Dice& dice, QueueOptions& options) {
  if (dice.chance(0.35)) {
    options.overflow =
        dice.one_of({Overflow::kDropNewest, Overflow::kDropOldest, Overflow::kDropLowest});
    options.capacity_events = static_cast<std::uint32_t>(dice.between(1, 30));
    if (dice.chance(0.3)) options.capacity_bytes = 4'096;
  }
  if (dice.chance(0.2)) {
    options.reserve_priority = static_cast<std::uint8_t>(dice.between(1, 9));
    options.reserve_share = dice.one_of({0.25, 0.5, 0.75, 0.9});
  }
}

void Scenario::draw_order(Dice& dice, QueueOptions& options, HandlerTraits& handler) {
  if (dice.chance(0.25)) options.ttl = dice.spread(200 * kMicrosecond, kSecond);
  if (options.order != Order::kKey) return;
  if (dice.chance(0.25)) {
    options.sort_wait = dice.spread(50 * kMicrosecond, 50 * kMillisecond);
    options.sort_late = dice.one_of({Late::kDeliver, Late::kDead, Late::kDrop});
  } else if (dice.chance(0.35)) {
    options.latest_every =
        dice.chance(0.3) ? 0 : dice.spread(20 * kMicrosecond, 100 * kMillisecond);
    // So that newer ones come while others fail or are given back.
    handler.fastest = 10 * kMicrosecond;
    handler.slowest = 100 * kMicrosecond;
    handler.stalls = 0.1;
    handler.leaves_early = handler.retries = 0.3;
  }
}

void Scenario::draw_failure(Dice& dice, QueueOptions& options, HandlerTraits& handler) {
  if (dice.chance(0.4)) {
    options.on_retry = OnRetry::kPass;
    if (dice.chance(0.3)) options.ttl = options.retry.backoff / 2;
  }
  if (dice.chance(0.2)) options.retry.max_age = dice.spread(kMillisecond, kSecond);
  if (dice.chance(0.25)) {
    options.timeout = dice.between(handler.fastest, 2 * handler.slowest);
  }
  if (dice.chance(0.5)) handler.retries = std::max(handler.retries, 0.1);
}

void Scenario::draw_facts(Dice& dice) {
  door.timed = dice.one_of({1.0, 1.0, 0.7, 0.0});
  door.epoch = dice.one_of({kYear2000, -2 * kSecond});
  door.disorder = dice.spread(kMicrosecond, 100 * kMillisecond);
  door.grain = dice.one_of({1L, 100 * kMicrosecond, 10 * kMillisecond});
  door.expiring = dice.one_of({0.0, 0.0, 0.1, 0.5});
  door.repeats = dice.one_of<std::uint64_t>({3, 50, 1'000});
  hands.cancels = dice.one_of({0.0, 0.0, 0.02});
  hands.redrives = dice.one_of({0.0, 0.0, 0.01});
}

}  // namespace veltrix::simulation
