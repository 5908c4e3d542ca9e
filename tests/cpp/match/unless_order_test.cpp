#include "veltrix/match/unless_order.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

using Indexes = std::vector<std::uint32_t>;

RouteOptions route(std::string name, std::vector<std::string> unless = {}) {
  RouteOptions options;
  options.name = std::move(name);
  options.unless = std::move(unless);
  return options;
}

TEST(UnlessOrder, TakesAllCandidatesWhenNobodySaysUnless) {
  const auto order = UnlessOrder::make({route("a"), route("b"), route("c")});
  ASSERT_TRUE(order);
  EXPECT_EQ(order->resolve({0, 2}), (Indexes{0, 2}));
  EXPECT_EQ(order->resolve({}), Indexes{});
}

TEST(UnlessOrder, BarsARouteOnlyWhenTheNamedOneTakesTheEvent) {
  const auto order = UnlessOrder::make({route("rest", {"score"}), route("score")});
  ASSERT_TRUE(order);
  EXPECT_EQ(order->resolve({0, 1}), Indexes{1});
  EXPECT_EQ(order->resolve({0}), Indexes{0});
}

TEST(UnlessOrder, LetsARouteTakeItWhenTheNamedOneIsBarredItself) {
  const auto order = UnlessOrder::make({route("c", {"b"}), route("b", {"a"}), route("a")});
  ASSERT_TRUE(order);
  EXPECT_EQ(order->resolve({0, 1, 2}), (Indexes{0, 2}));
  EXPECT_EQ(order->resolve({0, 1}), Indexes{1});
}

TEST(UnlessOrder, RefusesWhenTheNameIsNoRoute) {
  const auto order = UnlessOrder::make({route("rest", {"scor"}), route("score")});
  ASSERT_FALSE(order);
  EXPECT_EQ(order.error().code, ErrorCode::kInvalidOption);
  EXPECT_NE(order.error().message.find("\"rest\": unless names \"scor\""), std::string::npos);
}

TEST(UnlessOrder, SpellsOutTheCircle) {
  const auto self = UnlessOrder::make({route("a", {"a"})});
  ASSERT_FALSE(self);
  EXPECT_NE(self.error().message.find("circle: a -> a;"), std::string::npos);

  const auto three =
      UnlessOrder::make({route("free"), route("tail", {"a"}), route("a", {"free", "b"}),
                         route("b", {"c"}), route("c", {"a"})});
  ASSERT_FALSE(three);
  EXPECT_EQ(three.error().code, ErrorCode::kInvalidOption);
  EXPECT_NE(three.error().message.find("circle: a -> b -> c -> a;"), std::string::npos)
      << three.error().message;
}

TEST(UnlessOrder, BearsAChainAsLongAsRoutesAreAllowed) {
  std::vector<RouteOptions> routes;
  Indexes all;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    routes.push_back(route("r" + std::to_string(i)));
    if (i > 0) routes.back().unless = {"r" + std::to_string(i - 1)};
    all.push_back(i);
  }
  const auto order = UnlessOrder::make(routes);
  ASSERT_TRUE(order);
  const Indexes takers = order->resolve(all);
  EXPECT_EQ(takers.size(), 10'000U);
  EXPECT_TRUE(std::all_of(takers.begin(), takers.end(), [](auto i) { return i % 2 == 0; }));
}

/// The definition, asked recursively; links go to lower numbers only, so there is no circle.
bool takes(std::uint32_t i, const std::vector<Indexes>& links, const std::vector<bool>& candidate) {
  return candidate[i] && std::none_of(links[i].begin(), links[i].end(), [&](std::uint32_t other) {
           return takes(other, links, candidate);
         });
}

RC_GTEST_PROP(UnlessOrder, AgreesWithTheDefinition, ()) {
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 12);
  std::vector<RouteOptions> routes;
  std::vector<Indexes> links(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    routes.push_back(route("r" + std::to_string(i)));
    for (std::uint32_t other = 0; other < i; ++other) {
      if (*rc::gen::inRange(0, 3) != 0) continue;
      links[i].push_back(other);
      routes[i].unless.push_back("r" + std::to_string(other));
    }
  }
  const auto candidate = *rc::gen::container<std::vector<bool>>(count, rc::gen::arbitrary<bool>());
  Indexes candidates;
  Indexes expected;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (candidate[i]) candidates.push_back(i);
    if (takes(i, links, candidate)) expected.push_back(i);
  }
  const auto order = UnlessOrder::make(routes);
  RC_ASSERT(order.has_value());
  RC_ASSERT(order->resolve(candidates) == expected);
}

}  // namespace
}  // namespace veltrix
