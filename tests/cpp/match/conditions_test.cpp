// Which routes take an event where events decide.

#include <gtest/gtest.h>

#include "cpp/match/routes.hpp"

namespace veltrix {
namespace {

using Queues = std::vector<int>;

TEST(Conditions, TakeWhatTheySayTrueTo) {
  Routing routing({route_of("a", "scores", "data.n > 10"), route_of("b", "board", "data.n < 20")});
  EXPECT_EQ(routing.queues_for(R"({"n":15})"), (Queues{0, 1}));
  EXPECT_EQ(routing.queues_for(R"({"n":5})"), Queues{1});
  EXPECT_EQ(routing.queues_for(R"({"n":25})"), Queues{0});
}

TEST(Conditions, FilterAnEventThatAllSayNoTo) {
  Routing routing({route_of("a", "scores", "data.n > 10"), route_of("b", "board", "data.n > 20")});
  EXPECT_EQ(routing.route(R"({"n":1})"), Selection::kFiltered);
  EXPECT_TRUE(routing.scratch.targets.empty());
  EXPECT_EQ(routing.count(0, RouteCount::kFiltered), 1U);
  EXPECT_EQ(routing.count(1, RouteCount::kFiltered), 1U);
}

TEST(Conditions, SayNoWhereAMemberIsMissing) {
  Routing routing({route_of("a", "scores", "data.n > 10")});
  EXPECT_EQ(routing.route("{}"), Selection::kFiltered);
  EXPECT_EQ(routing.count(0, RouteCount::kFilterMissing), 1U);
  EXPECT_EQ(routing.count(0, RouteCount::kFiltered), 0U);
}

TEST(Conditions, FailWhereTheyCannotBeComputed) {
  for (const char* where : {"data.n / 0 > 1", "data.n + \"a\" == \"b\"", "data.n"}) {
    Routing routing({route_of("a", "scores", where), route_of("b", "board", "data.n == 2")});
    EXPECT_EQ(routing.route(R"({"n":1})"), Selection::kFailed) << where;
    EXPECT_EQ(routing.count(0, RouteCount::kFilterError), 1U) << where;
    EXPECT_EQ(routing.scratch.filter_error.rfind("route \"a\": where: ", 0), 0U)
        << routing.scratch.filter_error;
    EXPECT_EQ(routing.route(R"({"n":2})"), Selection::kTaken) << "another route takes it";
    EXPECT_EQ(routing.count(0, RouteCount::kFilterError), 2U) << where;
  }
}

TEST(Conditions, NameTheFirstRouteThatFailed) {
  Routing routing({route_of("dear", "scores", "data.list.map(x, x + 1).size() / 0 == 1"),
                   route_of("cheap", "board", "data.n / 0 == 1")});
  EXPECT_EQ(routing.route(R"({"n":1,"list":[1]})"), Selection::kFailed);
  EXPECT_EQ(routing.scratch.filter_error.rfind("route \"dear\"", 0), 0U)
      << routing.scratch.filter_error;
}

TEST(Conditions, AreAskedBeforeUnless) {
  RouteOptions rest = route_of("rest", "archive");
  rest.unless = {"score"};
  Routing routing({rest, route_of("score", "scores", "data.n > 10")});
  EXPECT_EQ(routing.queues_for(R"({"n":15})"), Queues{0});
  EXPECT_EQ(routing.queues_for(R"({"n":5})"), Queues{2}) << "score did not take it";
  EXPECT_EQ(routing.queues_for("{}"), Queues{2});
  EXPECT_EQ(routing.queues_for(R"({"n":"x"})"), Queues{2}) << "neither did it when it failed";
  EXPECT_EQ(routing.count(0, RouteCount::kMatched), 3U);
}

TEST(Conditions, AreNotAskedOfARouteThatStepsBack) {
  RouteOptions rest = route_of("rest", "archive", "data.n / 0 == 1");
  rest.unless = {"score"};
  Routing routing({rest, route_of("score", "scores", "data.n > 10")});
  EXPECT_EQ(routing.queues_for(R"({"n":15})"), Queues{0});
  for (const auto what : {RouteCount::kMatched, RouteCount::kFiltered, RouteCount::kFilterError}) {
    EXPECT_EQ(routing.count(0, what), 0U);
  }
  EXPECT_EQ(routing.route(R"({"n":5})"), Selection::kFailed);
}

/// c steps back for b, b for a: whether c takes an event depends on a, twice removed.
TEST(Conditions, FollowAChainOfUnless) {
  RouteOptions b = route_of("b", "board");
  b.unless = {"a"};
  RouteOptions c = route_of("c", "archive");
  c.unless = {"b"};
  Routing routing({c, b, route_of("a", "scores", "data.take")});
  EXPECT_EQ(routing.queues_for(R"({"take":true})"), (Queues{0, 2}));
  EXPECT_EQ(routing.queues_for(R"({"take":false})"), Queues{1});
}

TEST(Conditions, AreAskedOfTheTypesRoutesOnly) {
  RouteOptions other = route_of("other", "board", "data.n / 0 == 1");
  other.type = {"nothing.like.it"};
  Routing routing({other, route_of("a", "scores", "data.n == 1")});
  EXPECT_EQ(routing.queues_for(R"({"n":1})"), Queues{0});
  EXPECT_EQ(routing.count(0, RouteCount::kFilterError), 0U);
}

/// What uses up the event's budget of steps harms nobody but itself, wherever it stands.
TEST(Conditions, AreAskedCheapOnesFirst) {
  std::string list = "[0";
  for (int i = 1; i < 200; ++i) list += "," + std::to_string(i);
  const std::string data = R"({"n":1,"list":)" + list + "]}";
  Routing routing({route_of("dear", "board",
                            "data.list.all(a, data.list.all(b, data.list.all(c, a + b + c >= 0)))"),
                   route_of("cheap", "scores", "data.n == 1")});
  EXPECT_EQ(routing.queues_for(data), Queues{0});
  EXPECT_EQ(routing.count(0, RouteCount::kFilterError), 1U);
}

TEST(Conditions, LookAtAttributesToo) {
  Routing routing({route_of("a", "scores",
                            "event.type == \"order.paid\" && event.source.startsWith(\"/shop\") && "
                            "event.id == \"1\"")});
  EXPECT_EQ(routing.queues_for("{}"), Queues{0});
}

TEST(Conditions, SelectTheSameBeforeThereIsASlot) {
  Routing routing({route_of("a", "scores", "data.n > 10"), route_of("b", "board", "data.s == \"x\"")});
  for (const char* data : {R"({"n":11,"s":"x"})", R"({"n":1,"s":"x"})", R"({"n":1,"s":"y"})", "{}"}) {
    const EventFields fields = Routing::json_fields(data);
    const TypePlan& plan = routing.table->plan_of(kNoType, fields.type);
    const Selection before = routing.table->select(plan, fields, routing.scratch);
    EXPECT_EQ(before, routing.route(fields)) << data;
  }
}

TEST(Conditions, TellTheFirstOfEachKindOnly) {
  Routing routing({route_of("a", "scores", "data.n > 10")});
  for (int i = 0; i < 3; ++i) {
    routing.route("{}");
    routing.route(R"({"n":"x"})");
  }
  ASSERT_EQ(routing.scratch.firsts.size(), 2U);
  EXPECT_NE(routing.scratch.firsts[0].find("route \"a\": where: "), std::string::npos);
  RouteScratch another = routing.table->open_scratch();
  routing.table->route(EventView(*json_slot("{}")), "", kNoPriority, another);
  EXPECT_TRUE(another.firsts.empty()) << "another thread has told it";
  EXPECT_EQ(routing.count(0, RouteCount::kFilterMissing), 3U);
}

}  // namespace
}  // namespace veltrix
