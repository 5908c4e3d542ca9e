#include "veltrix/match/route_compiler.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

RouteOptions good_route(std::string name = "score") {
  RouteOptions options;
  options.name = std::move(name);
  options.type = {"clue.found"};
  options.to = "scores";
  return options;
}

const std::vector<QueueRouting> kQueues = {{"scores", 4, true, {}}, {"archive", 1, false, {}}};

TEST(RouteCompiler, TurnsNamesIntoIndexes) {
  RouteOptions first = good_route();
  first.key = "data.team";
  RouteOptions second = good_route("rest");
  second.to = "archive";
  second.key = "data.team";
  second.priority = 9;
  const auto compiled = compile_routes({first, second}, kQueues);
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->keys.size(), 1U);
  EXPECT_EQ(compiled->rules[0].queue, 0);
  EXPECT_EQ(compiled->rules[0].queue_priority, 4);
  EXPECT_EQ(compiled->rules[1].queue, 1);
  EXPECT_EQ(compiled->rules[1].priority, 9);
  EXPECT_FALSE(compiled->rules[1].keyed);
  EXPECT_EQ(compiled->rules[0].key, compiled->rules[1].key);
}

struct BadRoute {
  std::function<void(RouteOptions&)> spoil;
  ErrorCode code;
  std::string says;
};

TEST(RouteCompiler, RefusesARouteAndNamesIt) {
  const BadRoute bad[] = {
      {[](auto& r) { r.type = {}; }, ErrorCode::kInvalidOption, "\"score\": it lists no type"},
      {[](auto& r) {
         r.type = {"a", "a*b"};
       },
       ErrorCode::kInvalidPattern, "\"score\": type pattern"},
      {[](auto& r) { r.type = {""}; }, ErrorCode::kInvalidPattern, "\"score\": type pattern \"\""},
      {[](auto& r) { r.key = "a + b"; }, ErrorCode::kInvalidExpression, "\"score\": key"},
      {[](auto& r) { r.key = "team"; }, ErrorCode::kInvalidKeyPath, "\"score\": key"},
      {[](auto& r) { r.to = "score"; }, ErrorCode::kInvalidOption, "queues: scores, archive"},
      {[](auto& r) { r.to = ""; }, ErrorCode::kInvalidOption, "no queue \"\""},
      {[](auto& r) { r.priority = 10; }, ErrorCode::kInvalidOption, "priority 10"},
      {[](auto& r) { r.priority = 254; }, ErrorCode::kInvalidOption, "priority 254"},
      {[](auto& r) { r.unless = {"x"}; }, ErrorCode::kInvalidOption, "unless names \"x\""},
      {[](auto& r) { r.unless = {"score"}; }, ErrorCode::kInvalidOption, "score -> score"},
      {[](auto& r) { r.name = ""; }, ErrorCode::kInvalidOption, "route number 2 has no name"},
      {[](auto& r) { r.name = "first"; }, ErrorCode::kInvalidOption, "\"first\": the name"},
  };
  for (const BadRoute& entry : bad) {
    RouteOptions options = good_route();
    entry.spoil(options);
    const auto compiled = compile_routes({good_route("first"), options}, kQueues);
    ASSERT_FALSE(compiled) << entry.says;
    EXPECT_EQ(compiled.error().code, entry.code) << compiled.error().message;
    EXPECT_NE(compiled.error().message.find(entry.says), std::string::npos)
        << compiled.error().message;
  }
}

TEST(RouteCompiler, RefusesQueuesThatShareAName) {
  const auto compiled = compile_routes({}, {{"a", 4, true, {}}, {"b", 4, true, {}}, {"a", 4, true, {}}});
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code, ErrorCode::kInvalidOption);
  EXPECT_NE(compiled.error().message.find("queue \"a\" stands twice"), std::string::npos);
}

TEST(RouteCompiler, RefusesMoreThanTheLimits) {
  const std::vector<RouteOptions> routes(kMaxRoutes + 1, good_route());
  EXPECT_FALSE(compile_routes(routes, kQueues));
  const std::vector<QueueRouting> queues(kMaxQueues + 1);
  EXPECT_FALSE(compile_routes({}, queues));
}

TEST(RouteCompiler, AcceptsNoRoutesAtAll) { EXPECT_TRUE(compile_routes({}, {})); }

}  // namespace
}  // namespace veltrix
