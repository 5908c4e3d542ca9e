// Sources with several threads: what their lanes prepare and one of them hands over.

#include <array>

#include <gtest/gtest.h>

#include "veltrix/engine/source_runner.hpp"

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr int kEach = 1'000;  // more than go through the door together, and no multiple of it

/// Each thread prepares its share beside the others; then all are handed over in order.
class LaneSource final : public Source {
 public:
  explicit LaneSource(std::string type) : type_(std::move(type)) {}
  const std::string& name() const noexcept override { return name_; }
  const SourceProgress& progress() const noexcept override { return progress_; }
  Result<void> open() override { return {}; }
  Result<void> run(SourceDoor& door) override {
    std::array<std::vector<Slot*>, 3> prepared;
    {
      std::vector<std::jthread> threads;
      for (auto& own : prepared) threads.emplace_back([&] { prepare(door, own); });
    }
    for (const auto& own : prepared) {
      for (Slot* slot : own) {
        if (!door.push(slot)) ++refused;
      }
    }
    door.flush();
    return {};
  }

  std::atomic<int> nothing{0};
  std::atomic<int> errors{0};
  std::atomic<int> refused{0};

 private:
  void prepare(SourceDoor& door, std::vector<Slot*>& own) {
    const auto lane = door.open_lane();
    for (int i = 0; i < kEach; ++i) {
      EventFields fields = event_of(type_);
      const auto slot = lane->prepare(fields);
      if (!slot) ++errors;
      if (slot && *slot == nullptr) ++nothing;
      if (slot && *slot != nullptr) own.push_back(*slot);
    }
  }

  const std::string name_ = "lanes";
  const std::string type_;
  SourceProgress progress_;
};

struct Ended {
  std::unique_ptr<Engine> engine;
  LaneSource* source;
};

Ended run(SmallPlan& plan, const std::string& type) {
  Ended made{plan.engine().value(), nullptr};
  auto source = std::make_unique<LaneSource>(type);
  made.source = source.get();
  EXPECT_TRUE(made.engine->add_source({std::move(source), kNoPriority}));
  EXPECT_TRUE(made.engine->start());
  EXPECT_TRUE(made.engine->drain(kPatience).drained);
  return made;
}

TEST(SourceLanes, HandOverEverythingThroughTheSmallestQueue) {
  SmallPlan plan;
  plan.queue("a").capacity_events = 3;  // it is full most of the time
  const Ended done = run(plan, "a");
  const auto all = static_cast<std::uint64_t>(3 * kEach);
  EXPECT_EQ(done.source->refused, 0);
  EXPECT_EQ(done.engine->statistics().received, all);
  EXPECT_EQ(done.engine->statistics().queues[0].done, all);
  EXPECT_GT(done.engine->sources()[0]->cpu_ns(), 0);
}

TEST(SourceLanes, CountWhatNobodyTakes) {
  SmallPlan plan;
  plan.queue("a");
  plan.options.engine.unmatched = Unmatched::kDrop;
  const Ended done = run(plan, "other");
  EXPECT_EQ(done.source->nothing, 3 * kEach);
  EXPECT_EQ(done.engine->statistics().unmatched, static_cast<std::uint64_t>(3 * kEach));
}

TEST(SourceLanes, LeaveToTheSourceWhatIsRefused) {
  SmallPlan plan;
  plan.queue("a");
  plan.options.engine.unmatched = Unmatched::kReject;
  const Ended done = run(plan, "other");
  EXPECT_EQ(done.source->errors, 3 * kEach);
  EXPECT_EQ(done.engine->statistics().received, 0U);  // the source counts them: malformed()
}

TEST(SourceLanes, AreToldWhatAFullQueueRefuses) {
  Barrier barrier;
  SmallPlan plan;
  QueueOptions& queue = plan.queue("a", [&](Delivery&, Settler&) {
    barrier.wait();
    return Outcome::done();
  });
  queue.capacity_events = 5;
  queue.overflow = Overflow::kReject;
  auto engine = plan.engine().value();
  auto source = std::make_unique<LaneSource>("a");
  LaneSource& lanes = *source;
  ASSERT_TRUE(engine->add_source({std::move(source), kNoPriority}));
  const Barrier::Opener opener(barrier);
  ASSERT_TRUE(engine->start());
  EXPECT_TRUE(await([&] { return engine->sources_done(); }));
  EXPECT_EQ(lanes.refused, 3 * kEach - 5);
  EXPECT_EQ(engine->statistics().rejected, static_cast<std::uint64_t>(3 * kEach - 5));
  barrier.open();
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(engine->statistics().queues[0].done, 5U);
}

}  // namespace
}  // namespace veltrix
