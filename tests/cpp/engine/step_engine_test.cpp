#include "veltrix/engine/step_engine.hpp"

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"

namespace veltrix {
namespace {

std::unique_ptr<StepEngine> step_engine(SmallPlan& plan, std::uint64_t seed = 1) {
  auto made = StepEngine::create(plan.options, std::move(plan.handlers), seed);
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

TEST(StepEngine, RunsWhatIsReadyAndStops) {
  SmallPlan plan;
  plan.queue("a");
  plan.queue("b", kPythonPool);
  const auto engine = step_engine(plan);
  publish_all(engine->producer(), 3, "a");
  publish_all(engine->producer(), 2, "b");
  engine->run(-1);
  EXPECT_EQ(engine->attempts().size(), 5U);
  EXPECT_EQ(engine->now(), 0);
  EXPECT_EQ(engine->statistics().queues[0].done, 3U);
}

TEST(StepEngine, JumpsToTheNextRetry) {
  int attempts = 0;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) { return ++attempts < 3 ? failed() : Outcome::done(); });
  const auto engine = step_engine(plan);
  publish_all(engine->producer(), 1, "a");
  engine->run(-1);
  ASSERT_EQ(engine->attempts().size(), 3U);
  const AttemptRecord& first = engine->attempts().front();
  EXPECT_EQ(first.attempt, 1U);
  EXPECT_EQ(first.code, "broken");
  EXPECT_EQ(first.text, "on purpose");
  EXPECT_EQ(first.state, DeliveryState::kWaiting);
  EXPECT_EQ(engine->attempts().back().state, DeliveryState::kDone);
  EXPECT_GT(engine->now(), 0);
}

TEST(StepEngine, StandsStillAtTheGivenTime) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = step_engine(plan);
  EventFields fields = event_of("a");
  Slot* slot = engine->producer().prepare(fields, engine->monitor().now() + kSecond).value();
  ASSERT_EQ(engine->producer().reserve(*slot), -1);
  engine->producer().push(slot);
  engine->run(kSecond / 2);
  EXPECT_EQ(engine->now(), kSecond / 2);
  EXPECT_TRUE(engine->attempts().empty());
  engine->run(2 * kSecond);
  ASSERT_EQ(engine->attempts().size(), 1U);
  EXPECT_GE(engine->attempts()[0].at_ns, kSecond);
}

TEST(StepEngine, ReturnsAfterAStepThatAskedForIt) {
  StepEngine* self = nullptr;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    self->interrupt();
    return Outcome::done();
  });
  const auto engine = step_engine(plan);
  self = engine.get();
  publish_all(engine->producer(), 2, "a");
  engine->run(-1);
  EXPECT_EQ(engine->attempts().size(), 1U);
  engine->run(-1);
  EXPECT_EQ(engine->attempts().size(), 2U);
}

/// A handler's view of a run: which event, when, in which attempt.
using Trace = std::vector<std::tuple<std::string, std::uint16_t, std::uint16_t, std::int64_t>>;

/// Three queues, failing handlers, keys, priorities: whatever chance there is comes from the seed.
Trace trace_of(std::uint64_t seed) {
  SmallPlan plan;
  for (const char* name : {"a", "b", "c"}) {
    plan.queue(name, [](Delivery& delivery, Settler&) {
      return delivery.slot->sequence % 3 == delivery.attempt % 2U ? failed() : Outcome::done();
    });
    plan.options.routes.back().type = {"all"};
  }
  const auto engine = step_engine(plan, seed);
  for (int i = 0; i < 60; ++i) {
    const std::string key = "k" + std::to_string(i % 5);
    EventFields fields = event_of("all", key);
    fields.priority = static_cast<std::uint8_t>(i % 10);
    EXPECT_TRUE(engine->producer().publish(fields));
  }
  engine->run(-1);
  Trace trace;
  for (const AttemptRecord& record : engine->attempts()) {
    std::array<char, kUuidTextSize> scratch;
    trace.emplace_back(EventView(*record.slot).id(scratch), record.queue, record.attempt,
                       record.at_ns);
  }
  return trace;
}

TEST(StepEngine, RepeatsARunWithTheSameSeed) {
  const Trace first = trace_of(7);
  EXPECT_GT(first.size(), 180U) << "some attempts failed";
  EXPECT_EQ(trace_of(7), first);
}

TEST(StepEngine, RunsDifferentlyWithAnotherSeed) { EXPECT_NE(trace_of(7), trace_of(8)); }

/// Dedup must not depend on a hash that is seeded afresh in each process.
TEST(StepEngine, FindsADuplicateInEveryRun) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = step_engine(plan);
  for (int i = 0; i < 2; ++i) {
    EventFields fields = event_of("a");
    fields.id = "same";
    fields.given_id = true;
    ASSERT_TRUE(engine->producer().publish(fields));
  }
  engine->run(-1);
  EXPECT_EQ(engine->statistics().duplicate, 1U);
  EXPECT_EQ(engine->attempts().size(), 1U);
}

TEST(StepEngine, GivesBackLargeEventsThatNobodyRan) {
  const std::string large(20'000, 'x');
  SmallPlan plan;
  plan.queue("a", [](Delivery&, Settler&) { return failed(); });
  const auto engine = step_engine(plan);
  for (const char* key : {"", "k", "k"}) {
    EventFields fields = event_of("a", key, large);
    ASSERT_TRUE(engine->producer().publish(fields));
  }
  engine->run(0);
  EventFields fields = event_of("a", "", large);
  ASSERT_TRUE(engine->producer().publish(fields));  // stays at the door
}

}  // namespace
}  // namespace veltrix
