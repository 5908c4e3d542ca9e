// Queues whose handlers take a pick as a whole: what goes into it, and how long it waits for more.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

constexpr std::int64_t kLinger = 10 * kMillisecond;

QueueOptions batched(std::uint32_t most, std::int64_t linger = kLinger) {
  QueueOptions options = queue_named("a");
  options.batch_max_events = most;
  options.batch_linger = linger;
  options.concurrency = 4;
  return options;
}

TEST(WholePicks, AreCutNeitherByTimeNorByTheExecutorsBatch) {
  Rig rig({batched(100, 0)});
  rig.publish_many(150, {});  // by its estimate one of them takes the time of a batch
  EXPECT_EQ(rig.pick(1).deliveries.size(), 100U);
  EXPECT_EQ(rig.pick(1).deliveries.size(), 50U);
}

TEST(WholePicks, TakeMoreOfAKeyThanARun) {
  Rig rig({batched(100, 0)});
  for (int i = 0; i < 40; ++i) rig.publish({{0, 1}});
  for (int i = 0; i < 40; ++i) rig.publish({{0, 2}});
  EXPECT_EQ(rig.pick().deliveries.size(), 80U);
}

TEST(WholePicks, TakeWhatIsNotOverdueWithWhatIs) {
  QueueOptions options = batched(100, 0);
  options.max_wait = kSecond;
  Rig rig({options});
  rig.publish({{0}});
  rig.advance_to(rig.now + kSecond);
  rig.publish_many(5, {});
  const Pick pick = rig.pick();
  EXPECT_EQ(pick.choice.reason, PickReason::kOverdue);
  EXPECT_EQ(pick.deliveries.size(), 6U);
}

TEST(WholePicks, HoldOnePriority) {
  Rig rig({batched(100, 0)});
  rig.publish_many(2, {0, 0, 3});
  rig.publish_many(3, {0, 0, 8});
  EXPECT_EQ(rig.pick().deliveries.size(), 3U);
  EXPECT_EQ(rig.pick().deliveries.size(), 2U);
}

TEST(Linger, WaitsFromTheTimeAtWhichTheFirstWasReady) {
  Rig rig({batched(5)});
  const std::int64_t begin = rig.now;
  rig.publish({{0}});
  rig.now += kLinger / 2;
  rig.publish({{0}});
  EXPECT_TRUE(rig.pick().empty());
  EXPECT_EQ(rig.machine->dispatcher().next_queue(0, rig.now), nullptr);
  EXPECT_EQ(rig.machine->next_due(), begin + kLinger);
  rig.advance_to(begin + kLinger - 1);
  EXPECT_TRUE(rig.pick().empty());
  rig.advance_to(begin + kLinger);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{1, 2}));
  EXPECT_EQ(rig.machine->next_due(), INT64_MAX);
}

TEST(Linger, EndsWhenTheBatchIsFull) {
  Rig rig({batched(3)});
  rig.publish_many(2, {});
  EXPECT_TRUE(rig.pick().empty());
  rig.publish({{0}});
  EXPECT_EQ(rig.pick().deliveries.size(), 3U);
}

TEST(Linger, CountsAllEventsOfAKey) {
  Rig rig({batched(3)});
  for (int i = 0; i < 2; ++i) rig.publish({{0, 1}});
  EXPECT_TRUE(rig.pick().empty());
  rig.publish({{0, 1}});
  EXPECT_EQ(sequences(rig.pick()), (Sequences{1, 2, 3}));
}

TEST(Linger, BeginsAnewForWhatAFullBatchLeaves) {
  Rig rig({batched(3)});
  const std::int64_t begin = rig.now;
  rig.publish_many(4, {});
  EXPECT_EQ(rig.pick().deliveries.size(), 3U);
  EXPECT_TRUE(rig.pick().empty()) << "one alone may wait for others";
  rig.advance_to(begin + kLinger);
  EXPECT_EQ(rig.pick().deliveries.size(), 1U);
}

TEST(Linger, IsOverForWhatWaitedLongEnoughBehindAFullBatch) {
  Rig rig({batched(3)});
  rig.publish_many(2, {});
  rig.now += kLinger;  // nobody looked in meanwhile
  rig.publish_many(2, {});
  rig.machine->advance(rig.now);
  EXPECT_EQ(rig.pick().deliveries.size(), 3U);
  EXPECT_TRUE(rig.pick().empty());
}

TEST(Linger, IsEachPrioritysOwn) {
  Rig rig({batched(2)});
  rig.publish({{0, 0, 9}});
  rig.publish_many(2, {0, 0, 1});
  EXPECT_EQ(rig.pick().choice.priority, 1) << "the urgent one waits for company, and holds nobody";
  rig.advance_to(rig.now + kLinger);
  EXPECT_EQ(rig.pick().choice.priority, 9);
}

TEST(Linger, MovesWithAKeyThatIsLifted) {
  Rig rig({batched(3)});
  rig.publish({{0, 1, 2}});
  rig.publish({{0, 2, 5}});
  rig.publish({{0, 2, 5}});
  rig.publish({{0, 1, 5}});
  const Pick pick = rig.pick();
  EXPECT_EQ(pick.choice.priority, 5);
  EXPECT_EQ(pick.deliveries.size(), 3U);
  EXPECT_EQ(rig.queue(0).classes[2].company, 0U);
}

TEST(Linger, DoesNotCountWhatWasGivenUp) {
  Rig rig({batched(3)});
  rig.publish({{0, 1}}, 7);
  rig.publish({{0, 1}}, 8);
  rig.publish({{0}}, 9);
  EXPECT_EQ(rig.queue(0).classes[kDefaultPriority].company, 3U);
  rig.machine->cancel("id8", "", rig.now);
  rig.machine->cancel("id9", "", rig.now);
  EXPECT_EQ(rig.queue(0).classes[kDefaultPriority].company, 1U);
  rig.machine->cancel("id7", "", rig.now);
  EXPECT_EQ(rig.queue(0).classes[kDefaultPriority].company, 0U);
  EXPECT_EQ(rig.queue(0).gathering, 0U);
  EXPECT_EQ(rig.machine->next_due(), INT64_MAX);
}

TEST(Linger, CountsFromTheFirstReadinessOfWhatIsGivenBack) {
  Rig rig({batched(3)});
  const std::int64_t begin = rig.now;
  rig.publish({{0}});
  rig.advance_to(begin + kLinger);
  const Pick pick = rig.pick();
  rig.now += kLinger;
  rig.machine->give_back(pick.deliveries, rig.now);
  rig.machine->dispatcher().finish(pick, 0, 0);
  rig.machine->advance(rig.now);
  EXPECT_EQ(rig.pick().deliveries.size(), 1U);
}

TEST(Linger, IsNotSkippedWhenAnExecutorComesBack) {
  QueueOptions options = batched(2);
  options.concurrency = 1;
  Rig rig({options});
  rig.publish_many(2, {});
  const Pick pick = rig.pick();
  rig.publish({{0}});
  rig.settle(pick);
  EXPECT_TRUE(rig.pick().empty());
  rig.advance_to(rig.now + kLinger);
  EXPECT_EQ(rig.pick().deliveries.size(), 1U);
}

TEST(Linger, LeavesAQueueWithoutItAlone) {
  Rig rig({queue_named("a"), batched(2)});
  rig.publish({{1}});
  rig.publish({{0}});
  EXPECT_EQ(rig.pick().choice.queue, &rig.queue(0));
  EXPECT_EQ(rig.queue(0).classes[kDefaultPriority].company, 0U);
}

}  // namespace
}  // namespace veltrix
