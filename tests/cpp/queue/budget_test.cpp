#include "veltrix/queue/budget.hpp"

#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

TEST(Budget, RefusesBeyondEventsAndBytes) {
  struct Case {
    std::uint64_t events, bytes, cost;
    int fit;
  };
  const Case cases[] = {{3, 1'000'000, 256, 3}, {100, 1'024, 256, 4}, {100, 1'023, 256, 3},
                        {1, 256, 256, 1},       {1, 255, 256, 0},     {2, 40'000, 16'384, 2}};
  for (const Case& one : cases) {
    Budget budget(one.events, one.bytes);
    int taken = 0;
    while (taken < 10 && budget.take(one.cost)) ++taken;
    EXPECT_EQ(taken, one.fit) << one.events << " events, " << one.bytes << " bytes";
    EXPECT_EQ(budget.used_events(), static_cast<std::uint64_t>(one.fit));
    EXPECT_EQ(budget.used_bytes(), static_cast<std::uint64_t>(one.fit) * one.cost);
  }
}

TEST(Budget, LeavesNoTraceOfARefusal) {
  Budget budget(10, 1'000);
  EXPECT_TRUE(budget.take(900));
  EXPECT_FALSE(budget.take(200));
  EXPECT_TRUE(budget.take(100));
  budget.give_back(2, 1'000);
  EXPECT_EQ(budget.used_events(), 0U);
  EXPECT_EQ(budget.used_bytes(), 0U);
}

TEST(Budget, GoesOverCapacityForFollowUpsOnly) {
  Budget budget(1, 256);
  EXPECT_TRUE(budget.take(256));
  budget.force(1'024);
  EXPECT_EQ(budget.used_events(), 2U);
  EXPECT_EQ(budget.used_bytes(), 1'280U);
  EXPECT_FALSE(budget.take(1));
  budget.give_back(1, 1'024);
  EXPECT_FALSE(budget.take(1));
  budget.give_back(1, 256);
  EXPECT_TRUE(budget.take(256));
}

TEST(Budget, HoldsTheLargestAmountsThatOptionsAllow) {
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 39;
  Budget budget(16'000'000, kBytes);
  EXPECT_TRUE(budget.take(kBytes));
  EXPECT_EQ(budget.used_bytes(), kBytes);
  EXPECT_FALSE(budget.take(1));
  budget.give_back(1, kBytes);
  for (int i = 0; i < 1'000; ++i) budget.force(16'384);
  EXPECT_EQ(budget.used_events(), 1'000U);
  EXPECT_EQ(budget.used_bytes(), 16'384'000U);
}

TEST(Budget, IsNeverExceededByThreadsThatRace) {
  constexpr std::uint64_t kEvents = 3;
  constexpr int kThreads = 4;
  Budget budget(kEvents, 1'000'000);
  std::atomic<std::uint64_t> held{0}, taken{0}, exceeded{0};
  std::barrier start(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int round = 0; round < 20'000; ++round) {
        if (!budget.take(256)) continue;
        if (held.fetch_add(1) + 1 > kEvents) exceeded.fetch_add(1);
        held.fetch_sub(1);
        taken.fetch_add(1);
        budget.give_back(1, 256);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(exceeded.load(), 0U);
  EXPECT_GT(taken.load(), 0U);
  EXPECT_EQ(budget.used_events(), 0U);
  EXPECT_EQ(budget.used_bytes(), 0U);
}

}  // namespace
}  // namespace veltrix
