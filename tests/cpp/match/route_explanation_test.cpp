// What people are told of an event and each route.

#include <gtest/gtest.h>

#include "cpp/match/routes.hpp"

namespace veltrix {
namespace {

std::vector<RouteTable::Answer> explain(const std::vector<RouteOptions>& routes,
                                        std::string_view data) {
  const Routing routing(routes);
  return routing.table->explain(EventView(*json_slot(data)), "");
}

TEST(RouteExplanation, NamesWhatDecidedWithItsValues) {
  const auto answers = explain({route_of("a", "scores", "data.kind == \"paid\" && data.n > 900")},
                               R"({"kind":"paid","n":12.5})");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].matched);
  EXPECT_EQ(answers[0].deciding, "data.n > 900");
  EXPECT_EQ(answers[0].values, "data.n = 12.5");
  EXPECT_EQ(answers[0].reason, "where: data.n > 900 is false (data.n = 12.5)");
  EXPECT_EQ(answers[0].to, "scores");
  EXPECT_EQ(answers[0].priority, -1);
}

TEST(RouteExplanation, SaysWhatIsMissing) {
  const auto answers = explain({route_of("a", "scores", "data.n > 900")}, "{}");
  EXPECT_FALSE(answers[0].matched);
  EXPECT_EQ(answers[0].reason.rfind("where: ", 0), 0U);
  EXPECT_NE(answers[0].reason.find("data"), std::string::npos) << answers[0].reason;
}

TEST(RouteExplanation, SaysWhereARouteWentAndWithWhichPriority) {
  RouteOptions options = route_of("a", "scores", "data.n > 900");
  options.priority_expression = "data.n > 1000 ? 9 : 6";
  const auto answers = explain({options, route_of("b", "board")}, R"({"n":1001})");
  EXPECT_TRUE(answers[0].matched);
  EXPECT_EQ(answers[0].reason, "type pattern ** takes order.paid, and its condition holds");
  EXPECT_EQ(answers[0].priority, 9);
  EXPECT_TRUE(answers[1].matched);
  EXPECT_EQ(answers[1].priority, 2);
}

TEST(RouteExplanation, NamesTheRouteThatUnlessLeftTheEventTo) {
  RouteOptions rest = route_of("rest", "archive", "data.n > 1");
  rest.unless = {"score"};
  const std::vector<RouteOptions> routes{rest, route_of("score", "scores", "data.n > 10")};
  const auto taken = explain(routes, R"({"n":11})");
  EXPECT_FALSE(taken[0].matched);
  EXPECT_EQ(taken[0].reason, "unless: score took it");
  const auto left = explain(routes, R"({"n":5})");
  EXPECT_TRUE(left[0].matched);
  EXPECT_FALSE(left[1].matched);
  EXPECT_EQ(left[1].deciding, "data.n > 10");
}

TEST(RouteExplanation, CountsNothing) {
  Routing routing({route_of("a", "scores", "data.n > 900")});
  (void)routing.table->explain(EventView(*json_slot("{}")), "");
  EXPECT_EQ(routing.count(0, RouteCount::kFilterMissing), 0U);
  routing.route("{}");
  EXPECT_EQ(routing.scratch.firsts.size(), 1U) << "the first one is still to be told";
}

}  // namespace
}  // namespace veltrix
