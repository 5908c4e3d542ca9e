#include "veltrix/match/type_plan.hpp"

#include <barrier>
#include <thread>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

using Indexes = std::vector<std::uint32_t>;

RouteRule rule(std::uint16_t queue, std::uint8_t priority = kNoPriority,
               std::uint32_t path = kPartitionKeyOnly) {
  RouteRule made;
  made.queue = queue;
  made.priority = priority;
  made.key = path;
  return made;
}

TEST(TypePlan, OrdersTargetsByQueueAndKeepsEachOnce) {
  const TypePlan plan = make_type_plan({rule(2), rule(0), rule(2), rule(1)}, {0, 1, 2, 3});
  ASSERT_EQ(plan.targets.size(), 3U);
  for (std::uint16_t i = 0; i < 3; ++i) EXPECT_EQ(plan.targets[i].queue, i);
}

TEST(TypePlan, MergesTwoRoutesWithTheHigherPriorityAndTheFirstKey) {
  const TypePlan plan = make_type_plan({rule(0, 3, 5), rule(0, 7, 6)}, {0, 1});
  ASSERT_EQ(plan.targets.size(), 1U);
  EXPECT_EQ(plan.targets[0].floor, 7);
  EXPECT_FALSE(plan.targets[0].inherits);
  EXPECT_EQ(plan.keys, Indexes{5});
}

TEST(TypePlan, InheritsWhenOneOfTheRoutesStatesNoPriority) {
  const TypePlan plan = make_type_plan({rule(0, 3), rule(0)}, {0, 1});
  EXPECT_EQ(plan.targets[0].floor, 3);
  EXPECT_TRUE(plan.targets[0].inherits);
}

TEST(TypePlan, ReadsAKeyOnceWhenSeveralTargetsShareIt) {
  RouteRule unkeyed = rule(3, kNoPriority, 9);
  unkeyed.keyed = false;
  const TypePlan plan =
      make_type_plan({rule(0, 1, 4), rule(1, 1, 8), rule(2, 1, 4), unkeyed}, {0, 1, 2, 3});
  EXPECT_EQ(plan.keys, (Indexes{4, 8}));
  EXPECT_EQ(plan.targets[0].key, plan.targets[2].key);
  EXPECT_EQ(plan.targets[3].key, kUnkeyed);
}

TypePlans plans_of(const std::vector<std::string>& patterns) {
  TypeIndex index;
  std::vector<RouteRule> rules;
  std::vector<RouteOptions> routes;
  for (const std::string& text : patterns) {
    const auto number = static_cast<std::uint16_t>(rules.size());
    index.add(parse_type_pattern(text).value(), number);
    rules.push_back(rule(number));
    routes.push_back({});
    routes.back().name = text;
  }
  return TypePlans(std::move(index), UnlessOrder::make(routes).value(), std::move(rules));
}

TEST(TypePlans, KeepsThePlanOfAnInternedType) {
  TypePlans plans = plans_of({"a.*", "**"});
  EXPECT_EQ(plans.find(5), nullptr);
  const TypePlan& plan = plans.add(5, "a.b");
  EXPECT_EQ(plan.targets.size(), 2U);
  EXPECT_EQ(plans.find(5), &plan);
}

TEST(TypePlans, SharesOnePlanAmongTypesWithTheSameTakers) {
  TypePlans plans = plans_of({"a.*", "**"});
  EXPECT_EQ(&plans.add(1, "a.b"), &plans.add(2, "a.c"));
  EXPECT_NE(&plans.add(1, "a.b"), &plans.add(3, "x"));
}

TEST(TypePlans, MatchesEachTimeWhenTheTypeIsNotInterned) {
  TypePlans plans = plans_of({"a.*", "**"});
  EXPECT_EQ(plans.add(kNoType, "a.b").targets.size(), 2U);
  EXPECT_EQ(plans.find(kNoType), nullptr);
  EXPECT_EQ(plans.add(kNoType, "x").targets.size(), 1U);
  EXPECT_EQ(plans.find(kMaxTypes), nullptr);
}

TEST(TypePlans, AgreeWhenManyThreadsSeeATypeFirstTogether) {
  constexpr std::uint32_t kThreads = 4;
  constexpr std::uint32_t kTypes = 200;
  TypePlans plans = plans_of({"t.*", "**", "t.7", "*.9"});
  std::vector<std::vector<const TypePlan*>> seen(kThreads);
  std::barrier start(kThreads);
  std::vector<std::jthread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      for (std::uint32_t type = 0; type < kTypes; ++type) {
        const TypePlan* plan = plans.find(type);
        seen[t].push_back(plan ? plan : &plans.add(type, "t." + std::to_string(type)));
      }
    });
  }
  threads.clear();  // joins
  for (std::uint32_t t = 1; t < kThreads; ++t) EXPECT_EQ(seen[t], seen[0]);
  EXPECT_EQ(seen[0][7]->targets.size(), 3U);
  EXPECT_EQ(seen[0][8]->targets.size(), 2U);
}

}  // namespace
}  // namespace veltrix
