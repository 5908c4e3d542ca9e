#include "veltrix/match/route_table.hpp"

#include <barrier>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/match/slots.hpp"

namespace veltrix {
namespace {

constexpr std::uint64_t kSeed = 11;

RouteOptions route(std::string name, std::string type, std::string to) {
  RouteOptions options;
  options.name = std::move(name);
  options.type = {std::move(type)};
  options.to = std::move(to);
  return options;
}

std::vector<QueueRouting> queues() {
  return {{"scores", 4, true, {}}, {"board", 2, true, {}}, {"archive", 0, false, {}}};
}

using Table = std::unique_ptr<RouteTable>;

Table table_of(const std::vector<RouteOptions>& routes) {
  auto table = RouteTable::compile(routes, queues(), kSeed);
  EXPECT_TRUE(table) << (table ? "" : table.error().message);
  return table ? std::move(*table) : nullptr;
}

std::vector<Target> targets(const RouteTable& table, const Slot& slot,
                            std::uint8_t source_priority = kNoPriority) {
  RouteScratch scratch;
  table.route(EventView(slot), "", source_priority, scratch);
  return scratch.targets;
}

TEST(RouteTable, GivesNoTargetWhenNoPatternTakesTheType) {
  const Table table = table_of({route("a", "order.*", "scores")});
  EXPECT_TRUE(targets(*table, *make_slot(named_event("other"))).empty());
}

TEST(RouteTable, GivesTargetsAscendingByQueue) {
  const Table table = table_of({route("c", "**", "archive"), route("a", "order.paid", "scores"),
                                route("b", "order.*", "board"), route("d", "x", "board")});
  const auto found = targets(*table, *make_slot(named_event("order.paid")));
  ASSERT_EQ(found.size(), 3U);
  for (std::uint16_t i = 0; i < 3; ++i) EXPECT_EQ(found[i].queue, i);
}

TEST(RouteTable, TakesAnEventOnceWhenSeveralPatternsOfARouteMatch) {
  RouteOptions options = route("a", "order.*", "scores");
  options.type.push_back("**");
  const Table table = table_of({options});
  EXPECT_EQ(targets(*table, *make_slot(named_event("order.paid"))).size(), 1U);
}

TEST(RouteTable, AsksRouteThenEventThenSourceThenQueueForThePriority) {
  struct {
    std::uint8_t route, event, source, expected;
  } const chain[] = {{9, 5, 3, 9},
                     {0, 5, 3, 0},
                     {kNoPriority, 5, 3, 5},
                     {kNoPriority, kNoPriority, 3, 3},
                     {kNoPriority, kNoPriority, kNoPriority, 2},
                     {kNoPriority, 0, 3, 0}};
  for (const auto& entry : chain) {
    RouteOptions options = route("a", "**", "board");
    options.priority = entry.route;
    EventFields fields = named_event();
    fields.priority = entry.event;
    const auto found = targets(*table_of({options}), *make_slot(fields), entry.source);
    EXPECT_EQ(found.at(0).priority, entry.expected);
  }
}

TEST(RouteTable, MergesTwoRoutesIntoOneQueue) {
  RouteOptions first = route("a", "**", "scores");
  RouteOptions second = route("b", "**", "scores");
  first.key = "event.subject";
  second.key = "event.source";
  second.priority = 3;
  const Table table = table_of({first, second});
  EventFields fields = named_event();
  fields.subject = "s";
  fields.priority = 1;
  auto found = targets(*table, *make_slot(fields));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].priority, 3);
  EXPECT_EQ(found[0].key, hash128("s", kSeed));
  fields.priority = 8;
  EXPECT_EQ(targets(*table, *make_slot(fields)).at(0).priority, 8);
}

TEST(RouteTable, AsksRouteThenPartitionKeyForTheKey) {
  RouteOptions options = route("a", "**", "scores");
  options.key = "data.team";
  const Table keyed = table_of({options});
  const Table plain = table_of({route("a", "**", "scores")});
  EventFields fields = named_event();
  fields.data_kind = DataKind::kJson;
  fields.data = R"({"team":"red"})";
  fields.partition_key = "p";
  EXPECT_EQ(targets(*keyed, *make_slot(fields)).at(0).key, hash128("red", kSeed));
  EXPECT_EQ(targets(*plain, *make_slot(fields)).at(0).key, hash128("p", kSeed));
  fields.data = R"({"team":null})";
  EXPECT_EQ(targets(*keyed, *make_slot(fields)).at(0).key, hash128("p", kSeed));
  fields.partition_key = "";
  EXPECT_TRUE(targets(*keyed, *make_slot(fields)).at(0).key.empty());
  EXPECT_TRUE(targets(*plain, *make_slot(fields)).at(0).key.empty());
}

TEST(RouteTable, CountsAnEventOnceWhenKeysAreMissing) {
  RouteOptions first = route("a", "**", "scores");
  RouteOptions second = route("b", "**", "board");
  first.key = "data.team";
  second.key = "data.player";
  const Table table = table_of({first, second, route("c", "**", "archive")});
  RouteScratch scratch;
  const OwnedSlot none = json_slot("{}");
  const OwnedSlot half = json_slot(R"({"team":"red"})");
  table->route(EventView(*none), "", kNoPriority, scratch);
  table->route(EventView(*half), "", kNoPriority, scratch);
  EXPECT_EQ(scratch.key_missing, 2U);
  EXPECT_FALSE(scratch.targets[0].key_missing);
  EXPECT_TRUE(scratch.targets[1].key_missing);
  EXPECT_FALSE(scratch.targets[2].key_missing);
}

TEST(RouteTable, ComputesNoKeyWhenTheQueueIsUnkeyed) {
  RouteOptions options = route("a", "**", "archive");
  options.key = "data.team";
  const Table table = table_of({options});
  EventFields fields = named_event();
  fields.partition_key = "p";
  RouteScratch scratch;
  const OwnedSlot slot = make_slot(fields);
  table->route(EventView(*slot), "", kNoPriority, scratch);
  EXPECT_TRUE(scratch.targets.at(0).key.empty());
  EXPECT_EQ(scratch.key_missing, 0U);
}

TEST(RouteTable, LeavesTheEventToTheRouteThatUnlessNames) {
  RouteOptions rest = route("rest", "**", "archive");
  rest.unless = {"score"};
  const Table table = table_of({rest, route("score", "clue.*", "scores")});
  const auto score = targets(*table, *make_slot(named_event("clue.found")));
  ASSERT_EQ(score.size(), 1U);
  EXPECT_EQ(score[0].queue, 0);
  EXPECT_EQ(targets(*table, *make_slot(named_event("other"))).at(0).queue, 2);
}

TEST(RouteTable, UsesTheInternedTypesTextWhenTheSlotCarriesNone) {
  RouteOptions options = route("a", "order.*", "scores");
  options.key = "event.type";
  const Table table = table_of({options});
  EventFields fields = named_event();
  fields.type_id = 3;
  const OwnedSlot slot = make_slot(fields);
  RouteScratch scratch;
  for (int round = 0; round < 2; ++round) {  // matched, then remembered
    table->route(EventView(*slot), "order.paid", kNoPriority, scratch);
    ASSERT_EQ(scratch.targets.size(), 1U);
    EXPECT_EQ(scratch.targets[0].key, hash128("order.paid", kSeed));
  }
}

TEST(RouteTable, ExplainsEveryRoute) {
  RouteOptions rest = route("rest", "**", "archive");
  rest.unless = {"other", "score"};
  const Table table =
      table_of({rest, route("score", "clue.*", "scores"), route("other", "x", "board")});
  const OwnedSlot slot = make_slot(named_event("clue.found"));
  const auto answers = table->explain(EventView(*slot), "");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].route, "rest");
  EXPECT_FALSE(answers[0].matched);
  EXPECT_EQ(answers[0].reason, "unless: score took it");
  EXPECT_TRUE(answers[1].matched);
  EXPECT_EQ(answers[1].reason, "type pattern clue.* takes clue.found");
  EXPECT_FALSE(answers[2].matched);
  EXPECT_EQ(answers[2].reason, "no type pattern takes clue.found");
}

TEST(RouteTable, AnswersTheSameWhenManyThreadsAskFirstTogether) {
  RouteOptions keyed = route("a", "order.*", "scores");
  keyed.key = "data.team";
  const Table table = table_of({keyed, route("b", "**", "board")});
  std::barrier start(4);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      RouteScratch scratch;
      EventFields fields = named_event();
      fields.data_kind = DataKind::kJson;
      fields.data = R"({"team":"red"})";
      start.arrive_and_wait();
      for (std::uint32_t type = 0; type < 300; ++type) {
        fields.type_id = type;
        const OwnedSlot slot = make_slot(fields);
        table->route(EventView(*slot), type % 2 ? "order.x" : "y", kNoPriority, scratch);
        EXPECT_EQ(scratch.targets.size(), type % 2 + 1);
      }
    });
  }
}

}  // namespace
}  // namespace veltrix
