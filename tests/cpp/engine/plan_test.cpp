#include "veltrix/engine/plan.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

PlanOptions valid() {
  PlanOptions options;
  options.queues.emplace_back().name = "a";
  RouteOptions& route = options.routes.emplace_back();
  route.name = "r";
  route.type = {"a"};
  route.to = "a";
  return options;
}

TEST(Plan, IsCompiledFromTheDefaults) {
  auto plan = Plan::compile(valid(), 1);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ((*plan)->epoch, 1U);
  EXPECT_FALSE((*plan)->unmatched_target);
}

TEST(Plan, KnowsTheQueueOfUnmatchedEvents) {
  PlanOptions options = valid();
  options.queues.emplace_back().name = "rest";
  options.queues.back().priority = 2;
  options.engine.unmatched = Unmatched::kQueue;
  options.engine.unmatched_queue = "rest";
  auto plan = Plan::compile(options, 1);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ((*plan)->unmatched_target->queue, 1U);
  EXPECT_EQ((*plan)->unmatched_target->priority, 2U);
}

TEST(Plan, MarksQueuesInTotalOrder) {
  PlanOptions options = valid();
  options.queues.emplace_back().name = "b";
  options.queues.back().order = Order::kTotal;
  const auto plan = Plan::compile(options, 1);
  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)->total_order, (std::vector<bool>{false, true}));
  EXPECT_FALSE((*plan)->total_key.empty());
}

TEST(Plan, HandsTheEnginesOptionsToTheMachine) {
  EngineOptions options;
  options.policy = Policy::kStrict;
  options.min_share = 0.05;
  options.dedup_window = 7;
  options.dedup_events = 8;
  options.dead_letter_events = 9;
  const MachineOptions machine = machine_options(options, 3);
  EXPECT_EQ(machine.dispatch.policy, Policy::kStrict);
  EXPECT_EQ(machine.dispatch.min_share, 0.05);
  EXPECT_EQ(machine.dispatch.seed, 3U);
  EXPECT_EQ(machine.dedup.window, 7);
  EXPECT_EQ(machine.dedup.events, 8U);
  EXPECT_EQ(machine.dead_letter_events, 9U);
}

struct BadPlan {
  const char* says;  // part of the message
  std::function<void(PlanOptions&)> spoil;
};

class PlanRefuses : public testing::TestWithParam<BadPlan> {};

TEST_P(PlanRefuses, AndNamesThePlace) {
  PlanOptions options = valid();
  GetParam().spoil(options);
  const auto plan = Plan::compile(options, 1);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalidOption);
  EXPECT_NE(plan.error().message.find(GetParam().says), std::string::npos) << plan.error().message;
}

QueueOptions& queue(PlanOptions& options) { return options.queues[0]; }

INSTANTIATE_TEST_SUITE_P(
    BadQueues, PlanRefuses,
    testing::Values(
        BadPlan{"name", [](PlanOptions& o) { queue(o).name = ""; }},
        BadPlan{"name", [](PlanOptions& o) { queue(o).name = "a b"; }},
        BadPlan{"name", [](PlanOptions& o) { queue(o).name = std::string(101, 'a'); }},
        BadPlan{"priority", [](PlanOptions& o) { queue(o).priority = 10; }},
        BadPlan{"concurrency", [](PlanOptions& o) { queue(o).concurrency = 0; }},
        BadPlan{"weight", [](PlanOptions& o) { queue(o).weight = 1'001; }},
        BadPlan{"max_wait", [](PlanOptions& o) { queue(o).max_wait = 0; }},
        BadPlan{"max_attempts", [](PlanOptions& o) { queue(o).retry.max_attempts = 0; }},
        BadPlan{"backoff", [](PlanOptions& o) { queue(o).retry.backoff = -1; }},
        BadPlan{"max_backoff", [](PlanOptions& o) { queue(o).retry.max_backoff = -1; }},
        BadPlan{"capacity.events", [](PlanOptions& o) { queue(o).capacity_events = 0; }},
        BadPlan{"capacity.events", [](PlanOptions& o) { queue(o).capacity_events = 16'000'001; }},
        BadPlan{"capacity.bytes", [](PlanOptions& o) { queue(o).capacity_bytes = 255; }},
        BadPlan{"capacity.per_key", [](PlanOptions& o) { queue(o).capacity_per_key = 16'000'001; }},
        BadPlan{"overflow.timeout", [](PlanOptions& o) { queue(o).overflow_timeout = -1; }},
        BadPlan{"twice", [](PlanOptions& o) { o.queues.push_back(queue(o)); }},
        BadPlan{"queues", [](PlanOptions& o) { o.queues.clear(); }}));

INSTANTIATE_TEST_SUITE_P(
    BadEngines, PlanRefuses,
    testing::Values(
        BadPlan{"min_share", [](PlanOptions& o) { o.engine.min_share = 0.11; }},
        BadPlan{"dedup_window", [](PlanOptions& o) { o.engine.dedup_window = -1; }},
        BadPlan{"native_executors", [](PlanOptions& o) { o.engine.native_executors = 0; }},
        BadPlan{"native_executors", [](PlanOptions& o) { o.engine.native_executors = 33; }},
        BadPlan{"python_executors", [](PlanOptions& o) { o.engine.python_executors = 17; }},
        BadPlan{"dead_letter_events", [](PlanOptions& o) { o.engine.dead_letter_events = 0; }},
        BadPlan{"nowhere", [](PlanOptions& o) {
                  o.engine.unmatched = Unmatched::kQueue;
                  o.engine.unmatched_queue = "nowhere";
                }}));

TEST(Plan, RefusesARouteIntoAQueueThatDoesNotExist) {
  PlanOptions options = valid();
  options.routes[0].to = "b";
  EXPECT_FALSE(Plan::compile(options, 1));
}

}  // namespace
}  // namespace veltrix
