// What a queue does with more than it holds: filing.cpp, QueueState::reserve().

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

QueueOptions bounded(Overflow overflow, std::uint32_t events = 2) {
  QueueOptions options = queue_named("a");
  options.overflow = overflow;
  options.capacity_events = events;
  options.capacity_per_key = 100;
  return options;
}

TEST(Overflow, DropsTheNewestAtTheDoor) {
  Rig rig({bounded(Overflow::kDropNewest)});
  rig.publish_many(4, {});
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["newest"], 2U);
  EXPECT_EQ(rig.queue(0).counts.accepted, 4U);
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{1}));
  EXPECT_EQ(rig.queue(0).budget.used_events(), 2U);
  expect_balance(rig, false);
}

TEST(Overflow, TurnsAwayFromOneQueueOnly) {
  Rig rig({bounded(Overflow::kDropNewest, 1), queue_named("b")});
  Slot& first = rig.publish({{0}, {1}});
  Slot& second = rig.publish({{0}, {1}});
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
  EXPECT_EQ(rig.queue(1).counts.in_flight, 2U);
  rig.settle(rig.pick());
  rig.settle(rig.pick());
  rig.settle(rig.pick());
  EXPECT_EQ(rig.references(first), 1U);
  EXPECT_EQ(rig.references(second), 1U);
  expect_balance(rig, true);
}

TEST(Overflow, DropsTheOldestThatWaits) {
  Rig rig({bounded(Overflow::kDropOldest)});
  rig.publish({{0, 1}});
  const Pick running = rig.pick(1);
  for (const std::uint64_t key : {1, 2, 1}) rig.publish({{0, key}});
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["oldest"], 2U);
  rig.settle(running);
  const Pick left = rig.pick();
  EXPECT_EQ(sequences(left), (Sequences{4}));
  rig.settle(left);
  expect_balance(rig, true);
}

TEST(Overflow, DropsWhatComesWhenEverythingElseRuns) {
  QueueOptions options = bounded(Overflow::kDropOldest, 1);
  Rig rig({options});
  rig.publish({{0}});
  const Pick running = rig.pick();
  rig.publish({{0}});
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 1U);
  rig.settle(running);
  expect_balance(rig, true);
}

TEST(Overflow, DropsTheLowestOutOfTheMiddleOfALine) {
  Rig rig({bounded(Overflow::kDropLowest, 3)});
  for (const std::uint8_t priority : std::vector<std::uint8_t>{5, 1, 7})
    rig.publish({{0, 1, priority}});
  rig.publish({{0, 1, 3}});  // 1 goes
  rig.publish({{0, 1, 2}});  // itself the lowest: goes
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["lowest"], 2U);
  EXPECT_EQ(rig.queue(0).classes[1].dropped, 1U);
  EXPECT_EQ(rig.queue(0).classes[2].dropped, 1U);
  for (const std::uint64_t sequence : {1U, 3U, 4U}) {
    const Pick pick = rig.pick(1);
    EXPECT_EQ(sequences(pick), (Sequences{sequence}));
    rig.settle(pick);
  }
  expect_balance(rig, true);
}

TEST(Overflow, LowersAKeyWhoseUrgentEventWasDropped) {
  MachineOptions machine;
  machine.dispatch.min_share = 0;
  Rig rig({bounded(Overflow::kDropOldest, 3), queue_named("b")}, machine);
  rig.publish({{0, 1, 2}});
  rig.publish({{0, 1, 8}});
  rig.publish({{0, 1, 2}});
  rig.publish({{0, 2, 1}});  // the first goes, then another …
  rig.publish({{0, 2, 1}});  // … the urgent one
  rig.publish({{1, 3, 5}});
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{6}));
  EXPECT_EQ(sequences(rig.pick(1)), (Sequences{3}));
}

TEST(Overflow, DropsARetryThatWaits) {
  Rig rig({bounded(Overflow::kDropOldest, 1)});
  rig.publish({{0, 1}});
  rig.settle(rig.pick(), OutcomeKind::kRetry);
  rig.publish({{0, 1}});
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
  EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{2}));
}

TEST(Overflow, LeavesTheDelayedAlone) {
  Rig rig({bounded(Overflow::kDropOldest, 1)});
  rig.publish({{0, 0, 4, rig.now + kSecond}});
  rig.publish({{0}});
  EXPECT_EQ(rig.queue(0).counts.delayed, 1U);
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
}

TEST(Overflow, KeepsRoomForTheUrgent) {
  QueueOptions options = bounded(Overflow::kReject, 10);
  options.reserve_priority = 7;
  options.reserve_share = 0.2;
  QueueState queue(options, 0, 0);
  Delivery low, high;
  low.priority = 6;
  high.priority = 7;
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(queue.reserve(low, 256)) << i;
  EXPECT_FALSE(queue.reserve(low, 256));
  EXPECT_TRUE(queue.reserve(high, 256));
  EXPECT_TRUE(queue.reserve(high, 256));
  EXPECT_FALSE(queue.reserve(high, 256));
}

TEST(Overflow, BuriesWhatItDropsWhenTold) {
  QueueOptions options = bounded(Overflow::kDropNewest, 1);
  options.bury_drops = true;
  Rig rig({options});
  rig.publish_many(2, {});
  ASSERT_EQ(rig.letters().size(), 1U);
  EXPECT_EQ(rig.letters()[0].code, "newest");
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
}

}  // namespace
}  // namespace veltrix
