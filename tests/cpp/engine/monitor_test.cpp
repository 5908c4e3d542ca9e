#include "veltrix/engine/monitor.hpp"

#include <array>
#include <barrier>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

/// A monitor with executors 0 and 1 in the native pool and 2 and 3 in the other, as parkers only.
struct FourSleepers {
  FourSleepers() {
    plan.queue("a");
    plan.queue("b", kPythonPool);
    monitor = plan.monitor();
    for (std::size_t i = 0; i < parkers.size(); ++i) {
      monitor->add_executor(i, i < 2 ? kNativePool : kPythonPool, parkers[i]);
    }
  }
  bool woken(std::size_t number) { return parkers[number].park(0); }

  SmallPlan plan;
  std::array<Parker, 4> parkers;
  std::unique_ptr<Monitor> monitor;
};

TEST(Monitor, WakesNobodyWhenNobodySleeps) {
  FourSleepers four;
  EXPECT_FALSE(four.monitor->any_idle(kNativePool));
  EXPECT_FALSE(four.monitor->wake(kNativePool));
}

TEST(Monitor, WakesASleeperOfThatPoolOnce) {
  FourSleepers four;
  four.monitor->set_idle(1);
  four.monitor->set_idle(3);
  EXPECT_TRUE(four.monitor->wake(kPythonPool));
  EXPECT_TRUE(four.woken(3));
  EXPECT_FALSE(four.woken(1));
  EXPECT_FALSE(four.monitor->wake(kPythonPool));
  EXPECT_TRUE(four.monitor->any_idle(kNativePool));
}

TEST(Monitor, WakesNoOneWhoIsUpAgain) {
  FourSleepers four;
  four.monitor->set_idle(0);
  four.monitor->clear_idle(0);
  EXPECT_FALSE(four.monitor->wake(kNativePool));
  EXPECT_FALSE(four.woken(0));
}

TEST(Monitor, WakesASpareOnlyWhenASlotIsFree) {
  FourSleepers four;
  four.monitor->lock();
  four.monitor->set_spare(2);
  EXPECT_FALSE(four.monitor->wake(kPythonPool)) << "publishers do not see it";
  EXPECT_FALSE(four.monitor->wake_spare(kNativePool));
  EXPECT_TRUE(four.monitor->wake_spare(kPythonPool));
  EXPECT_FALSE(four.monitor->wake_spare(kPythonPool));
  four.monitor->unlock();
  EXPECT_TRUE(four.woken(2));
}

TEST(Monitor, GivesOneSleeperToOneOfManyWakers) {
  constexpr int kRounds = scaled(20'000);
  FourSleepers four;
  std::barrier together(2);
  std::atomic<int> woken{0};
  const auto compete = [&](bool sleeps) {
    for (int round = 0; round < kRounds; ++round) {
      if (sleeps) four.monitor->set_idle(0);
      together.arrive_and_wait();
      if (four.monitor->wake(kNativePool)) woken.fetch_add(1);
      together.arrive_and_wait();
    }
  };
  std::jthread other(compete, false);
  compete(true);
  other.join();
  EXPECT_EQ(woken.load(), kRounds);
}

TEST(Monitor, TakesInWhatWaitsAtTheDoor) {
  FourSleepers four;
  publish_all(four.monitor->open_producer(), 3, "a");
  four.monitor->lock();
  EXPECT_EQ(four.monitor->in_door(), 3U);
  EXPECT_FALSE(four.monitor->quiet_now());
  EXPECT_TRUE(four.monitor->drain_door(1));
  EXPECT_FALSE(four.monitor->drain_door(1));
  EXPECT_EQ(four.monitor->in_door(), 0U);
  EXPECT_EQ(four.monitor->machine().dispatcher().in_flight(), 3U);
  EXPECT_FALSE(four.monitor->quiet_now());
  four.monitor->unlock();
}

TEST(Monitor, TakesInSomeThousandsAVisit) {
  FourSleepers four;
  publish_all(four.monitor->open_producer(), 5'000, "a");
  EXPECT_TRUE(four.monitor->drain_door(1));
  EXPECT_EQ(four.monitor->in_door(), 5'000U - 4 * 512U);
}

TEST(Monitor, FindsWhatWasAnnouncedBehindAnyNumberOfOthers) {
  FourSleepers four;
  Producer& producer = four.monitor->open_producer();
  publish_all(producer, 5'000, "a");
  EventFields urgent = event_of("a");
  urgent.priority = 9;
  ASSERT_TRUE(producer.publish(urgent));
  publish_all(producer, 5'000, "a");
  const std::uint32_t announced = four.monitor->take_urgent(kNativePool);
  EXPECT_EQ(announced, 10U);
  EXPECT_TRUE(four.monitor->drain_door(1, kNativePool, announced));
  EXPECT_EQ(four.monitor->machine().dispatcher().picker(kNativePool).highest_active(), 9);
  EXPECT_GT(four.monitor->in_door(), 4'000U) << "and stops there";
}

TEST(Monitor, IsQuietWhenItHoldsNothing) {
  FourSleepers four;
  EXPECT_TRUE(four.monitor->quiet_now());
}

/// A producer counts an event after it has pushed it, so the counts alone may cancel out: one
/// counted and still at the door, another taken and not yet counted.
TEST(Monitor, IsNotQuietWhileSomethingIsAtTheDoor) {
  FourSleepers four;
  publish_all(four.monitor->open_producer(), 1, "a");
  EventFields fields = event_of("nobody.wants.it");
  Slot* uncounted = four.monitor->open_producer().prepare(fields).value();
  four.monitor->machine().receive({&uncounted, 1}, 1);
  EXPECT_EQ(four.monitor->in_door(), 0U);
  EXPECT_FALSE(four.monitor->quiet_now());
}

TEST(Monitor, KeepsTheHighestUrgentWordUntilThatPoolTakesIt) {
  FourSleepers four;
  four.monitor->raise_urgent(kPythonPool, 10);
  four.monitor->raise_urgent(kPythonPool, 3);
  EXPECT_FALSE(four.monitor->drain_door(1));
  four.monitor->take_urgent(kNativePool);
  EXPECT_EQ(four.monitor->urgent[kPythonPool].load(), 10U) << "another pool's visit takes nothing";
  four.monitor->take_urgent(kPythonPool);
  EXPECT_EQ(four.monitor->urgent[kPythonPool].load(), 0U);
}

TEST(Monitor, CountsWhatAllProducersPublished) {
  FourSleepers four;
  publish_all(four.monitor->open_producer(), 2, "a");
  publish_all(four.monitor->open_producer(), 3, "b");
  EXPECT_EQ(four.monitor->published(), 5U);
}

TEST(Monitor, AnswersWithVirtualTimeWhenItHasOne) {
  FourSleepers four;
  EXPECT_FALSE(four.monitor->is_virtual());
  four.monitor->set_virtual(5);
  EXPECT_TRUE(four.monitor->is_virtual());
  EXPECT_EQ(four.monitor->now(), 5);
}

}  // namespace
}  // namespace veltrix
