#include "veltrix/dispatch/retry_policy.hpp"

#include <set>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

RetryOptions retry_options(std::int64_t backoff, std::int64_t max_backoff) {
  RetryOptions options;
  options.backoff = backoff;
  options.max_backoff = max_backoff;
  return options;
}

TEST(RetryPolicy, DoublesUpToItsBound) {
  struct Case {
    std::int64_t backoff, max_backoff;
    std::uint32_t attempts;
    std::int64_t bound;
  };
  constexpr std::int64_t kYear = 366 * 86'400 * kSecond;
  const Case cases[] = {{100, 1'000, 1, 100},
                        {100, 1'000, 2, 200},
                        {100, 1'000, 4, 800},
                        {100, 1'000, 5, 1'000},
                        {100, 1'000, 999, 1'000},
                        {0, 1'000, 5, 0},
                        {100, 0, 3, 0},
                        {500, 100, 1, 100},
                        {1, kYear, 1'000, 1LL << 40},
                        {kYear, kYear, 1'000, kYear}};
  for (const Case& one : cases) {
    EXPECT_EQ(RetryPolicy::bound(retry_options(one.backoff, one.max_backoff), one.attempts),
              one.bound)
        << one.backoff << " " << one.max_backoff << " " << one.attempts;
  }
}

TEST(RetryPolicy, DrawsEvenlyBelowTheBound) {
  RetryPolicy policy(7);
  const RetryOptions options = retry_options(1'000, 1'000'000);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t delay = policy.delay(options, 4);
    ASSERT_GE(delay, 0);
    ASSERT_LT(delay, 8'000);
    sum += static_cast<double>(delay);
  }
  EXPECT_NEAR(sum / 10'000, 4'000, 100);
}

TEST(RetryPolicy, RepeatsItselfFromASeed) {
  const RetryOptions options = retry_options(kSecond, kSecond);
  RetryPolicy first(3), second(3), other(4);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 20; ++i) {
    const std::int64_t delay = first.delay(options, 1);
    EXPECT_EQ(delay, second.delay(options, 1));
    EXPECT_NE(delay, other.delay(options, 1));
    seen.insert(delay);
  }
  EXPECT_EQ(seen.size(), 20U);
}

TEST(RetryPolicy, IsExhaustedWithTheLastAttempt) {
  const RetryPolicy policy(1);
  RetryOptions options;
  options.max_attempts = 3;
  EXPECT_FALSE(policy.exhausted(options, 2));
  EXPECT_TRUE(policy.exhausted(options, 3));
  options.max_attempts = 1;
  EXPECT_TRUE(policy.exhausted(options, 1));
}

}  // namespace
}  // namespace veltrix
