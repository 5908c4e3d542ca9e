// Conditions at the door: what they keep away costs no slot, and the ledger knows of it.

#include <gtest/gtest.h>

#include "veltrix/engine/leftovers.hpp"

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

EventFields json_event(std::string_view data, std::string_view type = "a") {
  EventFields fields = event_of(type);
  fields.data_kind = DataKind::kJson;
  fields.data = data;
  return fields;
}

class Filtering : public testing::Test {
 protected:
  ~Filtering() override {
    if (monitor != nullptr) release_leftovers(*monitor);
  }
  Producer& open(const std::string& where) {
    plan.queue("a");
    plan.options.routes.back().where = where;
    monitor = plan.monitor();
    return monitor->open_producer(1);
  }

  SmallPlan plan;
  std::unique_ptr<Monitor> monitor;
};

TEST_F(Filtering, TakesNoSlotForAnEventThatIsFiltered) {
  Producer& producer = open("data.n > 10");
  for (int i = 0; i < 100; ++i) {
    EventFields fields = json_event(i % 2 == 0 ? R"({"n":1})" : "{}");
    const auto slot = producer.prepare(fields);
    ASSERT_TRUE(slot);
    EXPECT_EQ(*slot, nullptr);
    EXPECT_TRUE(producer.last_filtered());
    const bool told = i == 1;  // the first one without the member, by its id
    EXPECT_EQ(fields.has_time, told) << "nobody else has looked at the clock";
  }
  EXPECT_EQ(monitor->slab.allocated_bytes(), 0U);
  EXPECT_EQ(producer.counts().filtered.load(), 100U);
  EXPECT_EQ(producer.counts().unmatched.load(), 0U);
}

TEST_F(Filtering, FillsInWhatAConditionAsksFor) {
  Producer& producer = open(
      "event.id != \"\" && event.time.startsWith(\"2\") && "
      "event.source == \"test\"");
  EventFields fields = json_event("{}");
  Slot* slot = producer.prepare(fields).value();
  ASSERT_NE(slot, nullptr);
  release(slot);
}

TEST_F(Filtering, KeepsTheIdThatAConditionHasLookedAt) {
  Producer& producer = open("event.id.matches(\"[0-7]$\")");
  int taken = 0;
  for (int i = 0; i < 200; ++i) {
    EventFields fields = json_event("{}");
    Slot* slot = producer.prepare(fields).value();
    if (slot == nullptr) continue;
    std::array<char, kUuidTextSize> scratch;
    EXPECT_LT(EventView(*slot).id(scratch).back(), '8');
    release(slot);
    ++taken;
  }
  EXPECT_GT(taken, 0);
}

TEST_F(Filtering, RefusesTooLargeAnEventThatWouldBeFiltered) {
  Producer& producer = open("event.subject == \"x\"");
  const std::string large(kMaxEventBytes + 1, 'x');
  EventFields fields = event_of("a", "", large);
  const auto result = producer.publish(fields);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kEventTooLarge);
  EXPECT_EQ(producer.counts().filtered.load(), 0U);
}

TEST_F(Filtering, LeavesUnmatchedTypesToThePlan) {
  Producer& producer = open("data.n > 10");
  EventFields fields = json_event("{}", "nobody.wants.it");
  Slot* slot = producer.prepare(fields).value();
  ASSERT_NE(slot, nullptr);
  EXPECT_EQ(slot->state.load(), SlotState::kUnmatched);
  release(slot);
}

TEST_F(Filtering, ComputesThePriorityOfADelivery) {
  plan.queue("a");
  plan.options.routes.back().priority_expression = "data.n > 10 ? 9 : 1";
  monitor = plan.monitor();
  Producer& producer = monitor->open_producer(1);
  EventFields fields = json_event(R"({"n":11})");
  Slot* slot = producer.prepare(fields).value();
  EXPECT_EQ(first_delivery(*slot).priority, 9);
  release(slot);
}

TEST_F(Filtering, BuriesAnEventWhoseConditionFailedUnlessAnotherRouteTakesIt) {
  Producer& producer = open("data.n / data.m > 1");
  const std::string data = R"({"n":1,"m":0,"why":")" + std::string(100, 'x') + "\"}";
  EventFields fields = json_event(data);
  ASSERT_TRUE(producer.publish(fields));
  monitor->drain_door(1);
  const auto& letters = monitor->machine().dead_letters().all();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].code, "filter_error");
  EXPECT_EQ(letters[0].queue, kNoQueue);
  EXPECT_NE(letters[0].text.find("route \"a\": where: data.n / data.m"), std::string::npos)
      << letters[0].text;
  EXPECT_EQ(EventView(*letters[0].slot).slot().data(), data);
  EXPECT_EQ(letters[0].slot->state.load(), SlotState::kFiltered);
  EXPECT_EQ(statistics_of(*monitor).filtered, 1U);
}

TEST_F(Filtering, TellsTheFirstTroubleOfEachKindWithTheEventsId) {
  Producer& producer = open("data.n > 10");
  monitor->machine().notices().listen();
  for (const char* id : {"first", "second"}) {
    EventFields fields = json_event("{}");
    fields.id = id;
    fields.given_id = true;
    ASSERT_TRUE(producer.publish(fields));
  }
  std::vector<Notice> told;
  monitor->machine().notices().take(told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, NoticeKind::kWarning);
  EXPECT_NE(told[0].text.find("route \"a\": where: "), std::string::npos) << told[0].text;
  EXPECT_NE(told[0].text.find("event 'first'"), std::string::npos) << told[0].text;
}

/// Every fate of the engine's ledger at once, over two producers and a full round.
TEST(FilterLedger, BalancesWithConditions) {
  SmallPlan plan;
  plan.queue("a");
  plan.options.routes.back().where = "data.n > 10";
  plan.queue("b");
  plan.options.routes.back().type = {"a"};
  plan.options.routes.back().where = "100 / data.m > 5";
  const auto engine = plan.started();
  Producer& one = engine->monitor().open_producer();
  Producer& two = engine->monitor().open_producer();
  const char* const datas[] = {R"({"n":11,"m":1})", R"({"n":1,"m":100})", R"({"n":1,"m":0})",
                               R"({"n":11,"m":0})", "{}"};
  for (Producer* producer : {&one, &two}) {
    for (const char* data : datas) {
      EventFields fields = json_event(data);
      ASSERT_TRUE(producer->publish(fields));
    }
    EventFields other = json_event("{}", "other");
    ASSERT_TRUE(producer->publish(other));
  }
  ASSERT_TRUE(engine->drain(kPatience).drained);
  const EngineStatistics s = engine->statistics();
  EXPECT_EQ(s.received, 12U);
  EXPECT_EQ(s.received, s.admitted + s.duplicate + s.rejected + s.filtered + s.unmatched);
  EXPECT_EQ(s.admitted, 4U);
  EXPECT_EQ(s.filtered, 6U) << "false, failed and missing";
  EXPECT_EQ(s.unmatched, 2U);
  EXPECT_EQ(s.dead_letters, 4U);
  ASSERT_EQ(s.routes.size(), 2U);
  EXPECT_EQ(s.routes[0].name, "a");
  EXPECT_EQ(s.routes[0].matched, 4U);
  EXPECT_EQ(s.routes[0].filtered, 4U);
  EXPECT_EQ(s.routes[0].filter_missing, 2U);
  EXPECT_EQ(s.routes[1].matched, 2U);
  EXPECT_EQ(s.routes[1].filter_error, 4U);
  EXPECT_EQ(s.queues[0].accepted, 4U);
  EXPECT_EQ(s.queues[1].accepted, 2U);
}

}  // namespace
}  // namespace veltrix
