// The second half of dispatcher.hpp: outcomes in.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

void teach_cost(Rig& rig) {
  rig.queue(0).cost_ns = 1;
  rig.queue(0).cost_known = true;
}

TEST(Settlement, CountsEveryKindOfEnd) {
  Rig rig({queue_named("a")});
  for (const auto kind : {OutcomeKind::kDone, OutcomeKind::kDead, OutcomeKind::kDrop}) {
    rig.publish({{0}});
    rig.settle(rig.pick(1), kind);
  }
  const QueueCounts& counts = rig.queue(0).counts;
  EXPECT_EQ(counts.done, 1U);
  EXPECT_EQ(counts.dead, 1U);
  EXPECT_EQ(counts.dropped, 1U);
  EXPECT_EQ(counts.dead_by_reason.at("code"), 1U);
  EXPECT_EQ(counts.dropped_by_reason.at("code"), 1U);
  ASSERT_EQ(rig.letters().size(), 1U);
  EXPECT_EQ(rig.letters().front().text, "text");
  expect_balance(rig, true);
}

TEST(Settlement, GivesAFailureWithoutACodeAName) {
  Rig rig({queue_named("a")});
  rig.publish({{0}});
  const Pick pick = rig.pick(1);
  Outcome bare;
  bare.kind = OutcomeKind::kDead;
  rig.settle_one(*pick.deliveries[0], 1, std::move(bare));
  EXPECT_EQ(rig.queue(0).counts.dead_by_reason.at("dead"), 1U);
}

TEST(Settlement, HoldsTheKeyWhileItsRetryWaits) {
  QueueOptions options = queue_named("a");
  options.concurrency = 4;
  Rig rig({options});
  for (const std::uint64_t key : {1, 1, 2}) rig.publish({{0, key}});
  const Pick first = rig.pick(1);
  rig.settle(first, OutcomeKind::kRetry);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{3}));
  EXPECT_TRUE(rig.pick(1).empty());
  rig.publish({{0, 1}});
  EXPECT_TRUE(rig.pick(1).empty());
  rig.advance_to(rig.now + 2 * kMillisecond);
  const Pick again = rig.pick(1);
  EXPECT_EQ(sequences(again), (Sequences{1}));
  EXPECT_EQ(again.deliveries[0]->attempt, 2);
}

TEST(Settlement, LetsOthersPassAnUnorderedRetry) {
  Rig rig({queue_named("a")});
  rig.publish_many(2, {});
  rig.settle(rig.pick(1), OutcomeKind::kRetry);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{2}));
}

TEST(Settlement, BuriesARetryAfterTheLastAttempt) {
  QueueOptions options = queue_named("a");
  options.retry.max_attempts = 3;
  Rig rig({options});
  rig.publish({{0, 1}});
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const Pick pick = rig.pick(1);
    ASSERT_FALSE(pick.empty()) << attempt;
    EXPECT_EQ(pick.deliveries[0]->attempt, attempt);
    rig.settle(pick, OutcomeKind::kRetry);
    rig.advance_to(rig.now + kSecond);
  }
  EXPECT_EQ(rig.queue(0).counts.retried, 2U);
  EXPECT_EQ(rig.queue(0).counts.dead, 1U);
  ASSERT_EQ(rig.letters().size(), 1U);
  EXPECT_EQ(rig.letters().front().attempts, 3);
  expect_balance(rig, true);
}

TEST(Settlement, WaitsAsLongAsTheHandlerSays) {
  for (const std::int64_t after : {0L, 5 * kMillisecond, 3'600 * kSecond}) {
    Rig rig({queue_named("a")});
    rig.publish({{0, 1}});
    const Pick pick = rig.pick(1);
    Outcome outcome = Rig::outcome(OutcomeKind::kRetry);
    outcome.retry_after = after;
    rig.settle_one(*pick.deliveries[0], 1, std::move(outcome));
    rig.machine->dispatcher().finish(pick, 1, 1);
    rig.advance_to(rig.now + after - 1);
    EXPECT_TRUE(after == 0 || rig.pick(1).empty()) << after;
    rig.advance_to(rig.now + kMillisecond);
    EXPECT_FALSE(rig.pick(1).empty()) << after;
  }
}

/// A batch that fails as one (a sink's flush) brings back several events of one key, sometimes the
/// later one first (its write failed before).
TEST(Settlement, KeepsTheOrderOfAKeyWhoseBatchFailedAsAWhole) {
  const std::vector<std::vector<std::size_t>> orders = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}};
  for (const auto& order : orders) {
    Rig rig({queue_named("a")});
    teach_cost(rig);
    rig.publish_many(4, {0, 1});
    const Pick pick = rig.pick(3);
    ASSERT_EQ(pick.deliveries.size(), 3U);
    for (const std::size_t i : order) {
      rig.settle_one(*pick.deliveries[i], 1, Rig::outcome(OutcomeKind::kRetry));
    }
    rig.machine->dispatcher().finish(pick, 1, 3);
    EXPECT_TRUE(rig.pick().empty());
    EXPECT_EQ(rig.queue(0).counts.delayed, 1U);  // the head alone; the others wait behind it
    rig.advance_to(rig.now + 2 * kMillisecond);
    EXPECT_EQ(sequences(rig.pick()), (Sequences{1, 2, 3, 4}));
    EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  }
}

TEST(Settlement, ParksAKeyOnlyWhenNothingOfItIsInFlight) {
  Rig rig({queue_named("a")});
  teach_cost(rig);
  rig.publish_many(2, {0, 1});
  const Pick pick = rig.pick(2);
  rig.settle_one(*pick.deliveries[0], 1, Rig::outcome(OutcomeKind::kRetry));
  rig.advance_to(rig.now + kSecond);  // the delay is over, the second one still runs
  EXPECT_TRUE(rig.pick().empty());
  rig.settle_one(*pick.deliveries[1], 1, Outcome::done());
  rig.machine->dispatcher().finish(pick, 1, 2);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{1}));
}

TEST(Settlement, IgnoresAnOutcomeThatComesTooLate) {
  Rig rig({queue_named("a")});
  rig.publish({{0, 1}});
  const Pick pick = rig.pick(1);
  Delivery& delivery = *pick.deliveries[0];
  EXPECT_TRUE(rig.settle_one(delivery, 1, Rig::outcome(OutcomeKind::kRetry)));
  rig.machine->dispatcher().finish(pick, 1, 1);
  EXPECT_FALSE(rig.settle_one(delivery, 1, Outcome::done()));  // it waits for its retry
  rig.advance_to(rig.now + kSecond);
  const Pick again = rig.pick(1);
  EXPECT_FALSE(rig.settle_one(delivery, 1, Outcome::done()));  // its second attempt runs
  EXPECT_TRUE(rig.settle_one(delivery, 2, Outcome::done()));
  rig.machine->dispatcher().finish(again, 1, 1);
  EXPECT_FALSE(rig.settle_one(delivery, 2, Rig::outcome(OutcomeKind::kDead)));  // it is over
  EXPECT_EQ(rig.queue(0).counts.late, 3U);
  EXPECT_EQ(rig.queue(0).counts.done, 1U);
  expect_balance(rig, true);
}

TEST(Settlement, ServesEveryPriorityOfAQueueAgainWhenItsExecutorReturns) {
  Rig rig({queue_named("a")});
  rig.publish({{0, 0, 9}});
  rig.publish({{0, 0, 0}});
  const Pick high = rig.pick(1);
  EXPECT_TRUE(rig.pick(1).empty());
  rig.settle(high);
  EXPECT_EQ(rig.pick(1).choice.priority, 0);
}

}  // namespace
}  // namespace veltrix
