#include "veltrix/queue/queue_state.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

QueueState make_state(std::uint32_t events, std::uint64_t bytes) {
  QueueOptions options;
  options.capacity_events = events;
  options.capacity_bytes = bytes;
  return {options, 7, 1};
}

TEST(QueueState, TakesItsBoundsFromTheOptions) {
  const QueueState state = make_state(3, 1'000);
  EXPECT_EQ(state.id, 7);
  EXPECT_EQ(state.pool, 1);
  EXPECT_EQ(state.budget.max_events(), 3U);
  EXPECT_EQ(state.budget.max_bytes(), 1'000U);
}

TEST(QueueState, IsOverCapacityOnlyBeyondIt) {
  QueueState state = make_state(3, 1'000);
  state.counts.in_flight = 3;
  state.in_flight_bytes = 1'000;
  EXPECT_FALSE(state.over_capacity());
  state.in_flight_bytes = 1'001;
  EXPECT_TRUE(state.over_capacity());
  state.in_flight_bytes = 0;
  state.counts.in_flight = 4;
  EXPECT_TRUE(state.over_capacity());
}

TEST(QueueState, LearnsTheCostAtOnceAndThenSlowly) {
  QueueState state = make_state(1, 1);
  EXPECT_EQ(state.cost_ns, 300'000);  // pessimistic: the first batch holds one event
  state.learn_cost(8'000, 4);
  EXPECT_EQ(state.cost_ns, 2'000);
  state.learn_cost(10'000, 1);
  EXPECT_EQ(state.cost_ns, 3'000);
}

}  // namespace
}  // namespace veltrix
