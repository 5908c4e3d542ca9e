#include "veltrix/queue/queue_options.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

// What the documentation promises to whoever says nothing.
TEST(QueueOptions, DefaultsAreThoseOfTheDocumentation) {
  const QueueOptions options;
  EXPECT_EQ(options.order, Order::kKey);
  EXPECT_EQ(options.concurrency, 1U);
  EXPECT_EQ(options.priority, 4);
  EXPECT_EQ(options.weight, 1U);
  EXPECT_EQ(options.max_wait, 30 * kSecond);
  EXPECT_EQ(options.overflow, Overflow::kBlock);
  EXPECT_EQ(options.overflow_timeout, 5 * kSecond);
  EXPECT_EQ(options.capacity_events, 100'000U);
  EXPECT_EQ(options.capacity_bytes, 64ULL << 20);
  EXPECT_EQ(options.capacity_per_key, 0U);  // an eighth of capacity_events
  EXPECT_EQ(options.retry.max_attempts, 5U);
  EXPECT_EQ(options.retry.backoff, 200 * kMillisecond);
  EXPECT_EQ(options.retry.max_backoff, 60 * kSecond);
}

}  // namespace
}  // namespace veltrix
