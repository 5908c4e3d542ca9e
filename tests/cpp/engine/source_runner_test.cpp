#include "veltrix/engine/source_runner.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

/// A source that is one function.
class FunctionSource final : public Source {
 public:
  using Function = std::function<Result<void>(SourceDoor&)>;
  explicit FunctionSource(Function function) : function_(std::move(function)) {}
  const std::string& name() const noexcept override { return name_; }
  const SourceProgress& progress() const noexcept override { return progress_; }
  Result<void> open() override { return opened; }
  Result<void> run(SourceDoor& door) override { return function_(door); }
  Result<void> opened;

 private:
  const std::string name_ = "function";
  SourceProgress progress_;
  Function function_;
};

std::unique_ptr<Engine> with_source(SmallPlan& plan, FunctionSource::Function function,
                                    std::uint8_t priority = kNoPriority) {
  auto engine = plan.engine().value();
  auto added =
      engine->add_source({std::make_unique<FunctionSource>(std::move(function)), priority});
  EXPECT_TRUE(added) << added.error().message;
  return engine;
}

TEST(SourceRunner, PublishesUntilTheSourceEnds) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = with_source(plan, [](SourceDoor& door) -> Result<void> {
    for (int i = 0; i < 1'000; ++i) {
      EventFields fields = event_of("a");
      if (auto taken = door.publish(fields); !taken) return taken;
    }
    return {};
  });
  ASSERT_TRUE(engine->start());
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_TRUE(engine->sources()[0]->done());
  EXPECT_EQ(engine->sources()[0]->error(), "");
  EXPECT_GT(engine->sources()[0]->cpu_ns(), 0);
  EXPECT_EQ(engine->statistics().queues[0].done, 1'000U);
}

TEST(SourceRunner, KeepsTheErrorThatEndedIt) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine =
      with_source(plan, [](SourceDoor&) -> Result<void> { return fail(ErrorCode::kIo, "torn"); });
  ASSERT_TRUE(engine->start());
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->sources()[0]->error(), "torn");
}

TEST(SourceRunner, IsRefusedWhenItDoesNotOpen) {
  SmallPlan plan;
  plan.queue("a");
  auto engine = plan.engine().value();
  auto source = std::make_unique<FunctionSource>([](SourceDoor&) { return Result<void>(); });
  source->opened = fail(ErrorCode::kIo, "no such file");
  const auto added = engine->add_source({std::move(source), kNoPriority});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kIo);
  EXPECT_TRUE(engine->sources().empty());
}

TEST(SourceRunner, GivesItsPriorityToEventsThatHaveNone) {
  std::atomic<int> priority{-1};
  SmallPlan plan;
  plan.queue("a", [&](Delivery& delivery, Settler&) {
    priority = delivery.priority;
    return Outcome::done();
  });
  const auto engine = with_source(
      plan,
      [](SourceDoor& door) {
        EventFields fields = event_of("a");
        return door.publish(fields);
      },
      8);
  ASSERT_TRUE(engine->start());
  ASSERT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(priority.load(), 8);
}

TEST(SourceRunner, CountsMalformedRecordsAsReceivedAndRejected) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = with_source(plan, [](SourceDoor& door) {
    door.malformed();
    return Result<void>();
  });
  ASSERT_TRUE(engine->start());
  ASSERT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->statistics().received, 1U);
  EXPECT_EQ(engine->statistics().rejected, 1U);
}

/// Nothing follows, and nobody is woken for so few: they are handled all the same.
TEST(SourceRunner, LosesNoEventThatLingers) {
  std::atomic<int> handled{0};
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    ++handled;
    return Outcome::done();
  });
  const auto engine = with_source(plan, [&](SourceDoor& door) {
    const auto lane = door.open_lane();
    for (int round = 1; round <= 20; ++round) {
      for (int i = 0; i < 3; ++i) {
        EventFields fields = event_of("a");
        const auto slot = lane->prepare(fields);
        EXPECT_TRUE(slot && door.push(*slot));
      }
      door.linger();
      EXPECT_TRUE(await([&] { return handled.load() == 3 * round; }));
    }
    return Result<void>();
  });
  ASSERT_TRUE(engine->start());
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(handled.load(), 60);
}

/// The queue is full and its handler does not return: only the stop ends the source's wait.
TEST(SourceRunner, EndsItsWaitForRoomWhenTheEngineStops) {
  Barrier barrier;
  std::atomic<int> code{-1};
  SmallPlan plan;
  plan.queue("a",
             [&](Delivery&, Settler&) {
               barrier.wait();
               return Outcome::done();
             })
      .capacity_events = 2;
  const auto engine = with_source(plan, [&](SourceDoor& door) {
    while (true) {
      EventFields fields = event_of("a");
      auto taken = door.publish(fields);
      if (taken) continue;
      code = static_cast<int>(taken.error().code);
      EXPECT_TRUE(door.stopping());
      return Result<void>();
    }
  });
  const Barrier::Opener opener(barrier);
  ASSERT_TRUE(engine->start());
  ASSERT_TRUE(barrier.arrived());
  std::jthread stopper([&] { EXPECT_TRUE(engine->stop(0)); });
  EXPECT_TRUE(await([&] { return code.load() >= 0; }));
  EXPECT_EQ(code.load(), static_cast<int>(ErrorCode::kEngineStopped));
  barrier.open();
}

}  // namespace
}  // namespace veltrix
