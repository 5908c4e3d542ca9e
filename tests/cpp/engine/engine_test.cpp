#include "veltrix/engine/engine.hpp"

#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

/// More than the largest size class: a heap block of its own, which LeakSanitizer watches.
const std::string kLarge(20'000, 'x');

TEST(Engine, RunsWhatIsPublished) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 1'000, "a");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->statistics().queues[0].done, 1'000U);
}

TEST(Engine, RunsWhatWasPublishedBeforeItsStart) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.engine().value();
  publish_all(engine->monitor().open_producer(), 10, "a");
  ASSERT_TRUE(engine->start());
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->statistics().queues[0].done, 10U);
}

TEST(Engine, StartsOnceHoweverOftenItIsAsked) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  EXPECT_TRUE(engine->start());
  EXPECT_TRUE(engine->running());
}

TEST(Engine, IsRefusedWithABadPlan) {
  SmallPlan plan;
  plan.queue("a").concurrency = 0;
  EXPECT_EQ(plan.engine().error().code, ErrorCode::kInvalidOption);
}

/// Opens, or does not; counts.
class OpeningHandler final : public Handler {
 public:
  OpeningHandler(int& open, bool opens) : open_(open), opens_(opens) {}
  Result<void> open() override {
    if (!opens_) return fail(ErrorCode::kIo, "no such folder");
    ++open_;
    return {};
  }
  Result<void> close() noexcept override {
    --open_;
    return {};
  }
  void run(Batch&, Settler&) noexcept override {}

 private:
  int& open_;
  const bool opens_;
};

TEST(Engine, ClosesWhatItOpenedWhenAHandlerDoesNotOpen) {
  int open = 0;
  SmallPlan plan;
  plan.queue("a", std::make_unique<OpeningHandler>(open, true));
  plan.queue("b", std::make_unique<OpeningHandler>(open, false));
  auto engine = plan.engine().value();
  const auto started = engine->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kIo);
  engine.reset();
  EXPECT_EQ(open, 0);
}

TEST(Engine, TellsEachThreadOfThePoolThatItStartsAndStops) {
  struct Counting final : ThreadHooks {
    void thread_started() noexcept override { begun.fetch_add(1); }
    void thread_stopping() noexcept override { ended.fetch_add(1); }
    std::atomic<int> begun{0};
    std::atomic<int> ended{0};
  } hooks;
  SmallPlan plan;
  plan.queue("a", kPythonPool);
  plan.options.engine.python_executors = 3;
  auto engine = Engine::create(plan.options, std::move(plan.handlers), hooks).value();
  ASSERT_TRUE(engine->start());
  ASSERT_TRUE(engine->stop(0));
  EXPECT_EQ(hooks.begun.load(), 3);
  EXPECT_EQ(hooks.ended.load(), 3);
}

TEST(Engine, LetsGoOfWhatAHandlerKeepsBeforeItsThreadWaits) {
  static thread_local bool t_keeps = false;
  struct Keeping final : ThreadHooks {
    void about_to_wait() noexcept override {
      if (std::exchange(t_keeps, false)) let_go.fetch_add(1);
    }
    void thread_stopping() noexcept override { kept.fetch_add(t_keeps ? 1 : 0); }
    std::atomic<int> let_go{0};
    std::atomic<int> kept{0};
  } hooks;
  SmallPlan plan;
  plan.options.engine.python_executors = 1;
  plan.queue(
      "a",
      [](Delivery&, Settler&) {
        t_keeps = true;
        return Outcome::done();
      },
      kPythonPool);
  auto engine = Engine::create(plan.options, std::move(plan.handlers), hooks).value();
  ASSERT_TRUE(engine->start());
  publish_all(engine->monitor().open_producer(), 100, "a");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  ASSERT_TRUE(engine->stop(0));
  EXPECT_GE(hooks.let_go.load(), 1);
  EXPECT_EQ(hooks.kept.load(), 0);
}

TEST(Engine, DrainsRetriesToo) {
  std::atomic<int> attempts{0};
  SmallPlan plan;
  plan.queue("a", [&](Delivery&,
                      Settler&) { return attempts.fetch_add(1) < 2 ? failed() : Outcome::done(); })
      .retry.backoff = kMillisecond;
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 1, "a");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(attempts.load(), 3);
}

TEST(Engine, SaysWhatIsLeftWhenTheTimeToDrainIsOver) {
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
  publish_all(engine->monitor().open_producer(), 2, "a");
  const DrainReport report = engine->drain(kMillisecond);
  EXPECT_FALSE(report.drained);
  EXPECT_GE(report.elapsed_ns, kMillisecond);
  std::uint64_t left = 0;
  for (const auto& [queue, count] : report.left) left += count;
  EXPECT_EQ(left, 3U);
}

TEST(Engine, EndsADrainThatIsInterrupted) {
  SmallPlan plan;
  plan.queue("a", [](Delivery&, Settler&) { return failed(); });
  plan.options.queues[0].retry.backoff = plan.options.queues[0].retry.max_backoff = 3'600 * kSecond;
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 20, "a");
  EXPECT_FALSE(engine->drain(-1, [] { return true; }).drained);
}

TEST(Engine, DrainsAtOnceWhenNothingWasPublished) {
  SmallPlan plan;
  plan.queue("a");
  EXPECT_TRUE(plan.started()->drain(0).drained);
}

/// Nothing is in flight after an event that no queue takes; drain() must hear of it all the same.
TEST(Engine, DrainsWhenTheLastEventWasUnmatched) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 1, "nobody.wants.it");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->statistics().unmatched, 1U);
}

TEST(Engine, RefusesAPublishIntoAFullQueueFromItsOwnHandler) {
  std::atomic<int> code{-1};
  SmallPlan plan;
  plan.queue("a",
             [&](Delivery&, Settler& settler) {
               EventFields fields = event_of("a");
               code = static_cast<int>(settler.producer().publish(fields).error().code);
               return Outcome::done();
             })
      .capacity_events = 1;
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 1, "a");
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(code.load(), static_cast<int>(ErrorCode::kQueueFull));
}

TEST(Engine, LetsBlockedPublishersInOneByOne) {
  std::atomic<int> handled{0};
  SmallPlan plan;
  plan.queue("a",
             [&](Delivery&, Settler&) {
               handled.fetch_add(1);
               return Outcome::done();
             })
      .capacity_events = 2;
  const auto engine = plan.started();
  constexpr int kEach = scaled(20'000);
  {
    std::vector<std::jthread> publishers;
    for (int i = 0; i < 3; ++i) {
      publishers.emplace_back([&] { publish_all(engine->monitor().open_producer(), kEach, "a"); });
    }
  }
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(handled.load(), 3 * kEach);
  EXPECT_EQ(engine->monitor().queue(0).budget.used_events(), 0U);
}

TEST(Engine, SendsAnEventThroughNineQueues) {
  std::atomic<int> handled{0};
  SmallPlan plan;
  for (int i = 0; i < 9; ++i) {
    plan.queue(
        "q" + std::to_string(i),
        [&](Delivery&, Settler&) {
          handled.fetch_add(1);
          return Outcome::done();
        },
        i % 2 == 0 ? kNativePool : kPythonPool);
    plan.options.routes.back().type = {"all"};
  }
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  constexpr int kEvents = scaled(5'000);
  for (int i = 0; i < kEvents; ++i) {
    const std::string key = "k" + std::to_string(i % 3);
    const std::string_view bytes = i % 50 == 0 ? std::string_view(kLarge) : "";
    EventFields fields = event_of("all", key, bytes);
    ASSERT_TRUE(producer.publish(fields));
  }
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(handled.load(), 9 * kEvents);
}

/// Every place where an event can be when its engine goes.
TEST(Engine, GivesBackLargeEventsThatNobodyRan) {
  SmallPlan plan;
  plan.queue("retried", [](Delivery&, Settler&) { return failed(); });
  plan.options.queues[0].retry.backoff = plan.options.queues[0].retry.max_backoff = 3'600 * kSecond;
  plan.queue("dead", [](Delivery&, Settler&) { return failed(OutcomeKind::kDead); });
  plan.queue("late");
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  for (const char* key : {"", "k", "k", "l"}) {
    for (const char* type : {"retried", "dead", "nobody.wants.it"}) {
      EventFields fields = event_of(type, key, kLarge);
      ASSERT_TRUE(producer.publish(fields));
    }
    EventFields fields = event_of("late", key, kLarge);
    Slot* slot = producer.prepare(fields, steady_ns() + 3'600 * kSecond).value();
    ASSERT_EQ(producer.reserve(*slot), -1);
    producer.push(slot);
  }
  const auto report = engine->stop(kMillisecond);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->drained);
  EventFields fields = event_of("late", "", kLarge);
  producer.push(producer.prepare(fields).value());  // at the door for ever
}

}  // namespace
}  // namespace veltrix
