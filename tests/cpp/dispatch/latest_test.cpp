// `latest`: of a key only the newest waits, and it runs so often at most.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

QueueOptions latest(std::int64_t every) {
  QueueOptions options = queue_named("a");
  options.latest_every = every;
  options.concurrency = 4;
  return options;
}

TEST(Latest, KeepsTheNewestOfAKey) {
  Rig rig({latest(0)});
  for (const std::uint64_t key : {1, 1, 2, 1}) rig.publish({{0, key}});
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["superseded"], 2U);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{4}));  // its key has been ready longest
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{3}));
}

TEST(Latest, RunsAKeyNoOftenerThanToldAlsoWhenItWasIdle) {
  Rig rig({latest(kSecond)});
  rig.publish({{0, 1}});
  const std::int64_t begun = rig.now;
  rig.settle(rig.pick());
  EXPECT_EQ(rig.machine->dispatcher().strands(), 0U);
  rig.now += 10 * kMillisecond;
  rig.publish({{0, 1}});
  EXPECT_TRUE(rig.pick().empty());
  EXPECT_EQ(rig.queue(0).counts.delayed, 1U);
  rig.publish({{0, 1}});
  rig.advance_to(begun + kSecond - kMillisecond);
  EXPECT_TRUE(rig.pick().empty());
  rig.advance_to(begun + kSecond + kMillisecond);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{3}));
}

TEST(Latest, DropsARetryThatANewerOneReplaces) {
  Rig rig({latest(0)});
  rig.publish({{0, 1}});
  Pick pick = rig.pick();
  rig.publish({{0, 1}});
  rig.settle(pick, OutcomeKind::kRetry);
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["superseded"], 1U);
  pick = rig.pick();
  EXPECT_EQ(sequences(pick), (Sequences{2}));
  rig.settle(pick, OutcomeKind::kRetry);
  rig.publish({{0, 1}});
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["superseded"], 2U);
  rig.settle(rig.pick());
  expect_balance(rig, true);
}

TEST(Latest, DropsWhatIsGivenBackBehindANewerOne) {
  Rig rig({latest(0)});
  rig.publish({{0, 1}});
  const Pick pick = rig.pick();
  rig.publish({{0, 1}});
  rig.machine->give_back(pick.deliveries, rig.now);
  rig.machine->dispatcher().finish(pick, 0, 0);
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{2}));
}

TEST(Latest, LeavesEventsWithoutAKeyAlone) {
  Rig rig({latest(kSecond)});
  rig.publish_many(3, {});
  EXPECT_EQ(rig.queue(0).counts.dropped, 0U);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{1}));
}

}  // namespace
}  // namespace veltrix
