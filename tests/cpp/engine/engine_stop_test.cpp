// The end of an engine: from any thread, any number of times, in the middle of anything.

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

TEST(EngineStop, EndsTheThreadsAndRefusesWhatComesLater) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  const auto report = engine->stop(kPatience);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->drained);
  EXPECT_TRUE(engine->stopped());
  EXPECT_FALSE(engine->running());
  EventFields fields = event_of("a");
  EXPECT_EQ(engine->monitor().open_producer().publish(fields).error().code,
            ErrorCode::kEngineStopped);
  EXPECT_EQ(engine->start().error().code, ErrorCode::kEngineStopped);
}

TEST(EngineStop, MayBeAskedForTwice) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  EXPECT_TRUE(engine->stop(0));
  EXPECT_TRUE(engine->stop(0)->drained);
}

TEST(EngineStop, WorksOnAnEngineThatNeverStarted) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.engine().value();
  EXPECT_TRUE(engine->stop(0));
  EXPECT_TRUE(engine->stopped());
}

TEST(EngineStop, MayComeFromManyThreadsAtOnce) {
  SmallPlan plan;
  plan.queue("a");
  plan.options.engine.native_executors = 2;
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 100, "a");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { EXPECT_TRUE(engine->stop(kPatience)->drained); });
    }
  }
  EXPECT_TRUE(engine->stopped());
  EXPECT_EQ(engine->statistics().queues[0].done, 100U);
}

TEST(EngineStop, IsADeadlockInsideOneOfItsHandlers) {
  std::atomic<int> code{-1};
  Engine* self = nullptr;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    code = static_cast<int>(self->stop(0).error().code);
    return Outcome::done();
  });
  const auto engine = plan.engine().value();
  self = engine.get();
  ASSERT_TRUE(engine->start());
  publish_all(engine->monitor().open_producer(), 1, "a");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(code.load(), static_cast<int>(ErrorCode::kDeadlock));
  EXPECT_TRUE(engine->running());
}

TEST(EngineStop, MayComeFromAHandlerOfAnotherEngine) {
  SmallPlan plan;
  plan.queue("a");
  const auto stopped = plan.started();
  SmallPlan other;
  other.queue("b", [&](Delivery&, Settler&) {
    EXPECT_TRUE(stopped->stop(kPatience));
    return Outcome::done();
  });
  const auto engine = other.started();
  publish_all(engine->monitor().open_producer(), 1, "b");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_TRUE(stopped->stopped());
}

TEST(EngineStop, LeavesOutWhatNoTimeIsGivenFor) {
  Barrier barrier;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    barrier.wait();
    return Outcome::done();
  });
  const auto engine = plan.started();
  const Barrier::Opener opener(barrier);
  publish_all(engine->monitor().open_producer(), 1, "a");
  ASSERT_TRUE(barrier.arrived());
  publish_all(engine->monitor().open_producer(), 5, "a");
  // The handler at work returns while stop() waits for it.
  std::jthread other([&] {
    (void)await([&] { return engine->monitor().closed.load(); });
    barrier.open();
  });
  const auto report = engine->stop(0);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->drained);
  EXPECT_TRUE(engine->stopped());
  const EngineStatistics statistics = engine->statistics();
  EXPECT_EQ(statistics.queues[0].done, 1U);
  EXPECT_EQ(statistics.queues[0].in_flight + statistics.in_door, 5U);
}

TEST(EngineStop, GivesUpOnAHandlerThatDoesNotReturnAndMayBeRepeated) {
  Barrier barrier;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    barrier.wait();
    return Outcome::done();
  });
  const auto engine = plan.started();
  const Barrier::Opener opener(barrier);
  publish_all(engine->monitor().open_producer(), 1, "a");
  ASSERT_TRUE(barrier.arrived());
  EXPECT_TRUE(engine->stop(0, {}, kMillisecond));
  EXPECT_FALSE(engine->stopped());
  barrier.open();
  EXPECT_TRUE(engine->stop(0));
  EXPECT_TRUE(engine->stopped());
}

TEST(EngineStop, EndsTheWaitOfABlockedPublisher) {
  Barrier barrier;
  std::atomic<int> code{-1};
  SmallPlan plan;
  plan.queue("a",
             [&](Delivery&, Settler&) {
               barrier.wait();
               return Outcome::done();
             })
      .capacity_events = 1;
  const auto engine = plan.started();
  const Barrier::Opener opener(barrier);
  Producer& producer = engine->monitor().open_producer();
  publish_all(producer, 1, "a");
  ASSERT_TRUE(barrier.arrived());
  std::jthread publisher([&] {
    EventFields fields = event_of("a");
    code = static_cast<int>(producer.publish(fields).error().code);
  });
  (void)engine->stop(0, {}, kMillisecond);
  EXPECT_TRUE(await([&] { return code.load() >= 0; }));
  EXPECT_EQ(code.load(), static_cast<int>(ErrorCode::kEngineStopped));
}

/// Publishers run into the stop. Each event is refused, or done, or left and reported as left.
TEST(EngineStop, LosesCountOfNoEventThatRacesWithIt) {
  constexpr int kRounds = scaled(300);
  for (int round = 0; round < std::max(kRounds, 10); ++round) {
    SmallPlan plan;
    plan.queue("a");
    plan.queue("b", kPythonPool);
    const auto engine = plan.started();
    std::atomic<std::uint64_t> taken{0};
    std::vector<std::jthread> publishers;
    for (const char* type : {"a", "b"}) {
      publishers.emplace_back([&, type] {
        Producer& producer = engine->monitor().open_producer();
        EventFields fields = event_of(type);
        while (producer.publish(fields)) {
          taken.fetch_add(1);
          fields = event_of(type);
        }
      });
    }
    ASSERT_TRUE(await([&] { return taken.load() > 20; }));
    ASSERT_TRUE(engine->stop(round % 2 == 0 ? 0 : kPatience));
    publishers.clear();
    const EngineStatistics statistics = engine->statistics();
    std::uint64_t accounted = statistics.in_door;
    for (const QueueStatistics& queue : statistics.queues) {
      accounted += queue.done + queue.in_flight;
    }
    ASSERT_EQ(accounted, taken.load());
  }
}

TEST(EngineStop, IsSafeRightAfterTheStart) {
  for (int round = 0; round < std::max(scaled(300), 10); ++round) {
    SmallPlan plan;
    plan.queue("a");
    plan.queue("b", kPythonPool);
    auto engine = plan.started();
    if (round % 3 == 0) {
      ASSERT_TRUE(engine->stop(0));
    }
  }  // the others are destroyed while they run
}

}  // namespace
}  // namespace veltrix
