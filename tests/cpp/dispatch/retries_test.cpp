// Limits of retries, `on_retry: pass`, and attempts that take too long.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

QueueOptions passing() {
  QueueOptions options = queue_named("a");
  options.on_retry = OnRetry::kPass;
  options.concurrency = 4;
  options.retry.backoff = kSecond;
  return options;
}

Outcome again_after(std::int64_t delay) {
  Outcome outcome = Outcome::failed(OutcomeKind::kRetry, "code", "text");
  outcome.retry_after = delay;
  return outcome;
}

TEST(Retries, StopAtTheAgeLimit) {
  QueueOptions options = queue_named("a");
  options.retry.max_age = kSecond;
  Rig rig({options});
  rig.publish({{0}});
  const Pick pick = rig.pick();
  rig.now += kSecond;
  rig.settle(pick, OutcomeKind::kRetry);
  EXPECT_EQ(rig.queue(0).counts.dead_by_reason["code"], 1U);
}

TEST(Retries, LetOthersOfTheirKeyPass) {
  Rig rig({passing()});
  for (int i = 0; i < 3; ++i) rig.publish({{0, 1}});
  const Pick first = rig.pick(1);
  rig.settle_one(*first.deliveries[0], 1, again_after(kMillisecond));
  rig.machine->dispatcher().finish(first, 0, 1);
  EXPECT_EQ(rig.queue(0).counts.delayed, 1U);
  const Pick second = rig.pick(1);
  EXPECT_EQ(sequences(second), (Sequences{2}));
  rig.advance_to(rig.now + 2 * kMillisecond);
  rig.settle(second);
  const Pick third = rig.pick(1);  // back in its place, before the one that has not run
  EXPECT_EQ(sequences(third), (Sequences{1}));
  EXPECT_EQ(third.deliveries[0]->attempt, 2);
  rig.settle(third);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{3}));
}

TEST(Retries, TakeThePlaceOfAListedHead) {
  Rig rig({passing()});
  rig.publish({{0, 1}});
  const Pick first = rig.pick();
  rig.settle_one(*first.deliveries[0], 1, again_after(kMillisecond));
  rig.machine->dispatcher().finish(first, 0, 1);
  rig.publish({{0, 1}});  // its key is idle: ready at once
  rig.advance_to(rig.now + 2 * kMillisecond);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{1}));
}

TEST(Retries, ComeBackToAKeyThatIsGoneOrFull) {
  QueueOptions options = passing();
  options.capacity_per_key = 1;
  Rig rig({options});
  rig.publish({{0, 1}});
  const Pick first = rig.pick();
  rig.settle_one(*first.deliveries[0], 1, again_after(kMillisecond));
  rig.machine->dispatcher().finish(first, 0, 1);
  EXPECT_EQ(rig.machine->dispatcher().strands(), 0U);
  rig.publish({{0, 1}});
  rig.advance_to(rig.now + 2 * kMillisecond);
  EXPECT_EQ(rig.queue(0).counts.dead, 0U);
  for (Pick pick = rig.pick(); !pick.empty(); pick = rig.pick()) rig.settle(pick);
  EXPECT_EQ(rig.queue(0).counts.done, 2U);
  expect_balance(rig, true);
}

TEST(Fence, FreesTheKeyAndThePlaceAndCountsWhatComesLate) {
  QueueOptions options = queue_named("a");
  options.retry.backoff = 0;
  Rig rig({options});
  Slot& slot = rig.publish({{0, 1}});
  Pick zombie = rig.pick();
  Delivery& delivery = *zombie.deliveries[0];
  EXPECT_TRUE(rig.machine->fence(zombie, delivery, 1, rig.now));
  EXPECT_FALSE(rig.machine->fence(zombie, delivery, 1, rig.now));
  EXPECT_EQ(rig.queue(0).counts.retried, 1U);
  EXPECT_EQ(rig.queue(0).executors, 0U);
  const Pick second = rig.pick();
  ASSERT_EQ(second.deliveries.size(), 1U);
  rig.settle(second);
  EXPECT_FALSE(rig.settle_one(delivery, 1, Outcome::done()));
  rig.machine->dispatcher().finish(zombie, 0, 1);
  EXPECT_EQ(rig.queue(0).counts.late, 1U);
  EXPECT_EQ(rig.queue(0).counts.done, 1U);
  EXPECT_EQ(rig.queue(0).executors, 0U);
  EXPECT_EQ(rig.references(slot), 1U);
  expect_balance(rig, true);
}

TEST(Fence, BuriesTheLastAttempt) {
  QueueOptions options = queue_named("a");
  options.retry.max_attempts = 1;
  Rig rig({options});
  rig.publish({{0}});
  Pick zombie = rig.pick();
  EXPECT_TRUE(rig.machine->fence(zombie, *zombie.deliveries[0], 1, rig.now));
  EXPECT_EQ(rig.queue(0).counts.dead_by_reason["timeout"], 1U);
}

}  // namespace
}  // namespace veltrix
