// Priorities and keys that are computed, and how two routes into one queue become one delivery.

#include <gtest/gtest.h>

#include "cpp/match/routes.hpp"

namespace veltrix {
namespace {

RouteOptions computed(std::string priority, std::string key = "") {
  RouteOptions options = route_of("a", "scores");
  options.priority_expression = std::move(priority);
  options.key = std::move(key);
  return options;
}

struct PriorityCase {
  const char* data;
  std::uint8_t event, source, expected;
  bool missing;
};

TEST(RouteValues, AskTheComputedPriorityThenTheChain) {
  Routing routing({computed("data.level")});
  const PriorityCase cases[] = {
      {R"({"level":9})", 1, 2, 9, false},
      {R"({"level":0})", 1, 2, 0, false},
      {R"({"level":10})", 1, 2, 1, true},
      {R"({"level":-1})", kNoPriority, 2, 2, true},
      {R"({"level":3.0})", kNoPriority, kNoPriority, 4, true},
      {R"({"level":"9"})", 1, 2, 1, true},
      {R"({"level":null})", 1, 2, 1, true},
      {"{}", kNoPriority, 2, 2, true},
  };
  std::uint64_t missing = 0;
  for (const PriorityCase& entry : cases) {
    EventFields fields = Routing::json_fields(entry.data);
    fields.priority = entry.event;
    ASSERT_EQ(routing.route(fields, entry.source), Selection::kTaken);
    EXPECT_EQ(routing.scratch.targets.at(0).priority, entry.expected) << entry.data;
    missing += entry.missing ? 1 : 0;
    EXPECT_EQ(routing.count(0, RouteCount::kPriorityMissing), missing) << entry.data;
  }
  EXPECT_EQ(routing.count(0, RouteCount::kMatched), std::size(cases));
}

TEST(RouteValues, MergeWithTheHigherPriorityAndTheFirstTakersKey) {
  RouteOptions first = route_of("first", "scores", "data.n > 10");
  first.key = "data.a";
  RouteOptions second = route_of("second", "scores");
  second.key = "data.b";
  second.priority_expression = "data.n > 20 ? 9 : 1";
  Routing routing({first, second});
  const struct {
    const char* data;
    const char* key;
    int priority;
  } cases[] = {{R"({"n":5,"a":"a","b":"b"})", "b", 1},
               {R"({"n":15,"a":"a","b":"b"})", "a", 4},
               {R"({"n":25,"a":"a","b":"b"})", "a", 9}};
  for (const auto& entry : cases) {
    routing.route(entry.data);
    ASSERT_EQ(routing.scratch.targets.size(), 1U) << entry.data;
    EXPECT_EQ(routing.scratch.targets[0].key, hash128(entry.key, kRouteSeed)) << entry.data;
    EXPECT_EQ(routing.scratch.targets[0].priority, entry.priority) << entry.data;
  }
}

struct KeyCase {
  const char* key;
  const char* data;
  const char* expected;  // null: missing
};

/// Where a plan has conditions and where it has none alike.
TEST(RouteValues, ComputeKeys) {
  const KeyCase cases[] = {
      {"data.a + \"-\" + data.b", R"({"a":"x","b":"y"})", "x-y"},
      {"data[\"team-id\"]", R"({"team-id":"red"})", "red"},
      {"data.list[0]", R"({"list":[7]})", "7"},
      {"string(data.n)", R"({"n":12})", "12"},
      {"data.n + 1", R"({"n":12})", "13"},
      {"[data.a, data.b]", R"({"a":"x","b":1})", R"(["x",1])"},
      {"data.flag ? \"a\" : \"b\"", R"({"flag":true})", "a"},
      {"data.a + data.b", R"({"a":"x"})", nullptr},
      {"data.a + data.b", R"({"a":"x","b":1})", nullptr},
      {"data[\"a\"]", R"({"a":null})", nullptr},
      {"event.type + \"!\"", "{}", "order.paid!"},
  };
  for (const char* where : {"", "true"}) {
    for (const KeyCase& entry : cases) {
      RouteOptions options = route_of("a", "scores", where);
      options.key = entry.key;
      Routing routing({options});
      EventFields fields = Routing::json_fields(entry.data);
      fields.partition_key = "p";
      routing.route(fields);
      const char* text = entry.expected != nullptr ? entry.expected : "p";
      EXPECT_EQ(routing.scratch.targets.at(0).key, hash128(text, kRouteSeed)) << entry.key;
      const std::uint64_t missing = entry.expected == nullptr ? 1 : 0;
      EXPECT_EQ(routing.count(0, RouteCount::kKeyMissing), missing) << entry.key;
      EXPECT_EQ(routing.scratch.key_missing, missing) << entry.key;
    }
  }
}

TEST(RouteValues, KeepThePlainPathsText) {
  for (const char* where : {"", "true"}) {
    RouteOptions options = route_of("a", "scores", where);
    options.key = "data.n";
    Routing routing({options});
    routing.route(R"({"n":1.50})");
    EXPECT_EQ(routing.scratch.targets.at(0).key, hash128("1.50", kRouteSeed));
  }
}

TEST(RouteValues, CountAKeyAtItsRoute) {
  RouteOptions first = route_of("first", "scores");
  first.key = "data.a";
  RouteOptions second = route_of("second", "board");
  second.key = "data.b";
  Routing routing({first, second});
  routing.route(R"({"a":1})");
  EXPECT_EQ(routing.count(0, RouteCount::kKeyMissing), 0U);
  EXPECT_EQ(routing.count(1, RouteCount::kKeyMissing), 1U);
  EXPECT_EQ(routing.count(0, RouteCount::kMatched), 1U);
  EXPECT_EQ(routing.count(1, RouteCount::kMatched), 1U);
}

TEST(RouteValues, TellRepetitionsByPathsAndExpressions) {
  std::vector<QueueRouting> queues = three_queues();
  queues[0].dedup_by = {"event.source", "data.a + data.b"};
  for (const char* where : {"", "true"}) {
    Routing routing({route_of("a", "scores", where)}, queues);
    const auto hash_of = [&](std::string_view data) {
      const OwnedSlot slot = json_slot(data);
      routing.table->route(EventView(*slot), "", kNoPriority, routing.scratch);
      return routing.table->repetition(0, EventView(*slot), "", routing.scratch);
    };
    const Hash128 one = hash_of(R"({"a":"x","b":"y"})");
    EXPECT_FALSE(one.empty());
    EXPECT_EQ(one, hash_of(R"({"b":"xy","a":""})"));
    EXPECT_FALSE(one == hash_of(R"({"a":"x","b":"z"})"));
    EXPECT_TRUE(hash_of(R"({"a":"x"})").empty());
  }
}

}  // namespace
}  // namespace veltrix
