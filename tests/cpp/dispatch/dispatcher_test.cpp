#include "veltrix/dispatch/dispatcher.hpp"

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

/// The machine believes that an event of that queue takes `ns`.
void teach_cost(Rig& rig, double ns) {
  rig.queue(0).cost_ns = ns;
  rig.queue(0).cost_known = true;
}

TEST(Dispatcher, BoundsABatchByCountAndByTime) {
  struct Case {
    double cost;
    std::size_t most, expected;
  };
  const Case cases[] = {{1'000, 64, 64},  {1'000, 10, 10},    {100'000, 64, 3}, {150'000, 64, 2},
                        {299'999, 64, 1}, {5'000'000, 64, 1}, {0.001, 64, 64}};
  for (const Case& one : cases) {
    Rig rig({queue_named("a")});
    rig.publish_many(100, {});
    teach_cost(rig, one.cost);
    EXPECT_EQ(rig.pick(one.most).deliveries.size(), one.expected) << one.cost;
  }
}

TEST(Dispatcher, BeginsWithOneEventWhileTheCostIsUnknown) {
  Rig rig({queue_named("a")});
  rig.publish_many(10, {});
  EXPECT_EQ(rig.pick().deliveries.size(), 1U);
}

TEST(Dispatcher, TakesARunOfEachKeyAndAWholeBatchOfOneAlone) {
  Rig rig({queue_named("a")});
  teach_cost(rig, 1);
  for (int i = 0; i < 20; ++i) rig.publish({{0, 1}});
  for (int i = 0; i < 20; ++i) rig.publish({{0, 2}});
  const Pick both = rig.pick();
  ASSERT_EQ(both.deliveries.size(), 32U);  // 16 of each
  EXPECT_EQ(both.deliveries[15]->slot->sequence, 16U);
  EXPECT_EQ(both.deliveries[16]->slot->sequence, 21U);
  rig.settle(both);
  Rig alone({queue_named("a")});
  teach_cost(alone, 1);
  for (int i = 0; i < 20; ++i) alone.publish({{0, 1}});
  EXPECT_EQ(alone.pick().deliveries.size(), 20U);
}

TEST(Dispatcher, NeverRunsTwoBatchesOfOneKey) {
  QueueOptions options = queue_named("a");
  options.concurrency = 4;
  Rig rig({options});
  for (int i = 0; i < 3; ++i) rig.publish({{0, 7}});
  const Pick first = rig.pick(1);
  EXPECT_EQ(sequences(first), (Sequences{1}));
  EXPECT_TRUE(rig.pick(1).empty());
  rig.publish({{0, 7}});
  EXPECT_TRUE(rig.pick(1).empty());
  rig.settle(first);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{2}));
}

TEST(Dispatcher, KeepsToTheConcurrency) {
  QueueOptions options = queue_named("a");
  options.concurrency = 2;
  Rig rig({options});
  rig.publish_many(5, {});
  const Pick first = rig.pick(1);
  const Pick second = rig.pick(1);
  EXPECT_FALSE(second.empty());
  EXPECT_TRUE(rig.pick(1).empty());
  rig.settle(first);
  EXPECT_FALSE(rig.pick(1).empty());
}

TEST(Dispatcher, LiftsAKeyToItsMostUrgentEvent) {
  Rig rig({queue_named("a")});
  rig.publish({{0, 1, 2}});
  rig.publish({{0, 0, 5}});
  rig.publish({{0, 1, 9}});
  const Pick lifted = rig.pick(1);
  EXPECT_EQ(lifted.choice.priority, 9);
  EXPECT_EQ(sequences(lifted), (Sequences{1}));  // the line keeps its order
}

TEST(Dispatcher, GivesBackToTheFrontInOrder) {
  for (const std::uint64_t key : {0, 3}) {
    Rig rig({queue_named("a")});
    teach_cost(rig, 1);
    rig.publish_many(4, {0, key});
    const Pick pick = rig.pick(3);
    rig.publish({{0, key}});
    rig.machine->give_back(pick.deliveries, rig.now);
    rig.machine->dispatcher().finish(pick, 0, 0);
    const Pick again = rig.pick();
    EXPECT_EQ(sequences(again), (Sequences{1, 2, 3, 4, 5})) << key;
    EXPECT_EQ(again.deliveries.front()->attempt, 1) << key;
    const Histogram* waits = rig.queue(0).lane_of(*again.deliveries.front()).wait.get();
    EXPECT_EQ(Histogram::read({&waits, 1}).count, rig.queue(0).counts.accepted) << "one wait each";
    expect_balance(rig, false);
  }
}

TEST(Dispatcher, DelaysUntilTheEventIsDue) {
  Rig rig({queue_named("a")});
  rig.publish({{0, 0, 4, rig.now + kSecond}});
  EXPECT_EQ(rig.queue(0).counts.delayed, 1U);
  EXPECT_TRUE(rig.pick().empty());
  EXPECT_LE(rig.machine->next_due(), rig.now + kSecond + kMillisecond);
  rig.advance_to(rig.now + kSecond - 1);
  EXPECT_TRUE(rig.pick().empty());
  rig.advance_to(rig.now + kMillisecond);
  EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  rig.settle(rig.pick());
  expect_balance(rig, true);
}

TEST(Dispatcher, SendsWhatAFullKeyCannotTakeToTheDeadLetters) {
  QueueOptions options = queue_named("a");
  options.capacity_per_key = 2;
  Rig rig({options});
  for (int i = 0; i < 4; ++i) rig.publish({{0, 1}});
  rig.publish({{0, 2}});
  EXPECT_EQ(rig.queue(0).counts.dead_by_reason["key_overflow"], 2U);
  EXPECT_EQ(rig.letters().size(), 2U);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 3U);
  // Their room is back at once: a full key never fills its queue.
  EXPECT_EQ(rig.queue(0).budget.used_events(), 3U);
  expect_balance(rig, false);
}

TEST(Dispatcher, BoundsAKeyByAnEighthOfTheCapacityUnlessTold) {
  for (const auto& [capacity, bound] : {std::pair{80U, 10U}, {8U, 1U}, {3U, 1U}}) {
    QueueOptions options = queue_named("a");
    options.capacity_events = capacity;
    Rig rig({options});
    rig.publish_many(capacity, {0, 1});
    EXPECT_EQ(rig.queue(0).counts.in_flight, bound) << capacity;
  }
}

TEST(Dispatcher, HasNoBoundForTheOnlyKeyOfTotalOrder) {
  QueueOptions options = queue_named("a");
  options.order = Order::kTotal;
  options.capacity_events = 4;
  Rig rig({options});
  rig.publish_many(10, {0, 1});  // follow-ups come in over capacity
  EXPECT_EQ(rig.queue(0).counts.dead, 0U);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 10U);
}

TEST(Dispatcher, FansOutAndReleasesWithTheLastDelivery) {
  Rig rig({queue_named("a"), queue_named("b"), queue_named("c")});
  Slot& slot = rig.publish({{0}, {1}, {2}});
  EXPECT_EQ(rig.references(slot), 2U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rig.references(slot), 2U) << i;
    rig.settle(rig.pick());
  }
  EXPECT_EQ(rig.references(slot), 1U);
  expect_balance(rig, true);
}

TEST(Dispatcher, ForgetsAKeyWithoutWork) {
  Rig rig({queue_named("a")});
  for (std::uint64_t key = 1; key <= 50; ++key) rig.publish({{0, key}});
  EXPECT_EQ(rig.machine->dispatcher().strands(), 50U);
  for (int i = 0; i < 50; ++i) rig.settle(rig.pick(1));
  EXPECT_EQ(rig.machine->dispatcher().strands(), 0U);
}

TEST(Dispatcher, StartsTheUrgentNextWhenAHundredThousandOthersWait) {
  constexpr std::uint64_t kWaiting = 100'000;
  QueueOptions options = queue_named("a");
  options.capacity_events = 2 * kWaiting;
  options.capacity_bytes = 1ULL << 30;
  Rig rig({options}, {}, std::make_unique<NullCommitStage>(), 1);
  rig.publish_many(kWaiting, {0, 0, 1});
  const Pick running = rig.pick(1);
  rig.publish({{0, 0, 9}});
  rig.settle(running);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{kWaiting + 1}));
}

TEST(Dispatcher, ServesOtherKeysWhileOneFailsForEver) {
  QueueOptions options = queue_named("a");
  options.retry.max_attempts = 1'000;
  options.retry.backoff = options.retry.max_backoff = 10 * kMillisecond;
  options.capacity_per_key = 10;
  Rig rig({options});
  std::uint64_t others = 0;
  for (int i = 0; i < 1'000; ++i) {
    rig.publish({{0, 666}});
    rig.publish({{0, 1 + static_cast<std::uint64_t>(i) % 5}});
    rig.advance_to(rig.now + kMillisecond);
    for (Pick pick = rig.pick(1); !pick.empty(); pick = rig.pick(1)) {
      const bool poisoned = pick.deliveries[0]->slot->sequence % 2 == 1;
      others += poisoned ? 0 : 1;
      rig.settle(pick, poisoned ? OutcomeKind::kRetry : OutcomeKind::kDone);
    }
  }
  EXPECT_EQ(others, 1'000U);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 10U);
  EXPECT_EQ(rig.queue(0).counts.dead_by_reason["key_overflow"], 990U);
  expect_balance(rig, false);
}

}  // namespace
}  // namespace veltrix
