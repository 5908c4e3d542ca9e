#include "veltrix/queue/lease.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

constexpr std::uint64_t kEvents = 6'400;
constexpr std::uint64_t kBytes = std::uint64_t{4} << 20;

TEST(Lease, TakesAheadWhileThereIsPlentyOfRoom) {
  Budget budget(kEvents, kBytes);
  Lease lease;
  ASSERT_TRUE(lease.take(budget, 100));
  EXPECT_EQ(budget.used_events(), Lease::kEvents);
  EXPECT_EQ(budget.used_bytes(), Lease::kBytes);
  for (std::uint64_t i = 1; i < Lease::kEvents; ++i) ASSERT_TRUE(lease.take(budget, 100));
  EXPECT_EQ(budget.used_events(), Lease::kEvents) << "one touch of the budget for all of them";
  lease.end(budget);
  EXPECT_EQ(budget.used_events(), Lease::kEvents);
  EXPECT_EQ(budget.used_bytes(), Lease::kEvents * 100);
}

TEST(Lease, CountsWhatIsLargerThanItAtOnce) {
  Budget budget(kEvents, kBytes);
  Lease lease;
  ASSERT_TRUE(lease.take(budget, Lease::kBytes + 1));
  EXPECT_EQ(budget.used_events(), 1U);
  EXPECT_EQ(budget.used_bytes(), Lease::kBytes + 1);
}

TEST(Lease, FillsTheQueueToTheLastEvent) {
  Budget budget(kEvents, kBytes);
  Lease lease;
  for (std::uint64_t i = 0; i < kEvents; ++i) ASSERT_TRUE(lease.take(budget, 256)) << i;
  EXPECT_FALSE(lease.take(budget, 256));
  EXPECT_EQ(budget.used_events(), kEvents);
  EXPECT_EQ(budget.used_bytes(), kEvents * 256);
  budget.give_back(1, 256);
  EXPECT_TRUE(lease.take(budget, 256));
}

TEST(Lease, FillsTheQueueToTheLastByte) {
  Budget budget(kEvents, kBytes);
  Lease lease;
  for (std::uint64_t i = 0; i < kBytes / 4'096; ++i) ASSERT_TRUE(lease.take(budget, 4'096)) << i;
  EXPECT_FALSE(lease.take(budget, 4'096));
  EXPECT_EQ(budget.used_bytes(), kBytes);
}

TEST(Lease, LeavesSmallQueuesAlone) {
  EXPECT_TRUE(Lease::suits(Budget(kEvents, kBytes)));
  EXPECT_FALSE(Lease::suits(Budget(Lease::kEvents * 63, kBytes)));
  EXPECT_FALSE(Lease::suits(Budget(kEvents, Lease::kBytes * 63)));
}

}  // namespace
}  // namespace veltrix
