#include "veltrix/engine/housekeeping.hpp"

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kSlowQueue = 0;

std::string subject_of(const Delivery& delivery) {
  return std::string(EventView(*delivery.slot).get(Attribute::kSubject));
}

void publish_named(Producer& producer, std::string_view type, std::string_view subject,
                   std::string_view key = "") {
  EventFields fields = event_of(type, key);
  fields.subject = subject;
  ASSERT_TRUE(producer.publish(fields));
}

/// A queue of the sealable pool whose event "hold" waits at a barrier, and another queue beside it.
struct Blocking {
  explicit Blocking(std::uint32_t concurrency = 1) {
    QueueOptions& slow = plan.queue(
        "slow",
        [this](Delivery& delivery, Settler&) {
          if (subject_of(delivery) == "hold") barrier.wait();
          handled.fetch_add(1);
          return Outcome::done();
        },
        kPythonPool);
    slow.concurrency = concurrency;
    plan.queue(
        "other",
        [this](Delivery&, Settler&) {
          other.fetch_add(1);
          return Outcome::done();
        },
        kPythonPool);
  }
  /// "hold" is at work with three events behind it in its batch.
  std::unique_ptr<Engine> begin() {
    auto engine = plan.engine().value();
    engine->monitor().machine().dispatcher().queues()[kSlowQueue]->cost_ns = 100;
    Producer& producer = engine->monitor().open_producer();
    for (const char* name : {"hold", "1", "2", "3"}) publish_named(producer, "slow", name);
    EXPECT_TRUE(engine->start());
    EXPECT_TRUE(barrier.arrived());
    return engine;
  }

  Barrier barrier;
  std::atomic<int> handled{0};
  std::atomic<int> other{0};
  SmallPlan plan;
};

TEST(Housekeeping, LetsASpareServeOtherQueuesWhenAHandlerDoesNotReturn) {
  Blocking blocking;
  const auto engine = blocking.begin();
  const Barrier::Opener opener(blocking.barrier);
  publish_all(engine->monitor().open_producer(), 5, "other");
  EXPECT_TRUE(await([&] { return blocking.other.load() == 5; }));
  EXPECT_EQ(blocking.handled.load(), 0);
}

TEST(Housekeeping, GivesTheRestOfABlockedBatchToASpare) {
  Blocking blocking(2);
  const auto engine = blocking.begin();
  const Barrier::Opener opener(blocking.barrier);
  EXPECT_TRUE(await([&] { return blocking.handled.load() == 3; })) << "1, 2 and 3 run elsewhere";
  blocking.barrier.open();
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(blocking.handled.load(), 4);
  EXPECT_EQ(engine->statistics().queues[kSlowQueue].done, 4U);
  EXPECT_EQ(engine->statistics().queues[kSlowQueue].late, 0U);
}

TEST(Housekeeping, HoldsAKeyBackWhileItsEventBlocks) {
  std::vector<std::string> order;  // one at a time: a key's events are ordered by the engine
  Barrier barrier;
  SmallPlan plan;
  plan.queue(
          "a",
          [&](Delivery& delivery, Settler&) {
            if (subject_of(delivery) == "hold") barrier.wait();
            order.push_back(subject_of(delivery));
            return Outcome::done();
          },
          kPythonPool)
      .concurrency = 4;
  std::atomic<int> passed{0};
  plan.queue(
      "b",
      [&](Delivery&, Settler&) {
        passed.fetch_add(1);
        return Outcome::done();
      },
      kPythonPool);
  const auto engine = plan.engine().value();
  const Barrier::Opener opener(barrier);
  engine->monitor().machine().dispatcher().queues()[0]->cost_ns = 100;
  Producer& producer = engine->monitor().open_producer();
  for (const char* name : {"hold", "1", "2"}) publish_named(producer, "a", name, "k");
  ASSERT_TRUE(engine->start());
  ASSERT_TRUE(barrier.arrived());
  publish_all(producer, 1, "b");
  ASSERT_TRUE(await([&] { return passed.load() == 1; }));  // by a spare: the batch was sealed
  barrier.open();
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_EQ(order, (std::vector<std::string>{"hold", "1", "2"}));
}

TEST(Housekeeping, ReplacesEveryExecutorButTheLast) {
  Blocking blocking(3);
  blocking.plan.options.engine.python_executors = 4;
  const auto engine = blocking.begin();
  const Barrier::Opener opener(blocking.barrier);
  Producer& producer = engine->monitor().open_producer();
  for (int held = 2; held <= 3; ++held) {
    publish_named(producer, "slow", "hold");
    ASSERT_TRUE(blocking.barrier.arrived(held));
  }
  publish_all(producer, 1, "other");
  EXPECT_TRUE(await([&] { return blocking.other.load() == 1; }));
}

TEST(Housekeeping, GoesBackToOneExecutorAfterAHandlerReturned) {
  Blocking blocking;
  const auto engine = blocking.begin();
  const Barrier::Opener opener(blocking.barrier);
  publish_all(engine->monitor().open_producer(), 1, "other");
  ASSERT_TRUE(await([&] { return blocking.other.load() == 1; }));
  blocking.barrier.open();
  ASSERT_TRUE(engine->drain(kPatience).drained);
  Monitor& monitor = engine->monitor();
  monitor.lock();
  const Picker& picker = monitor.machine().dispatcher().picker(kPythonPool);
  EXPECT_EQ(picker.slots(), 1U);
  EXPECT_EQ(picker.busy(), 0U);
  monitor.unlock();
}

TEST(Housekeeping, FiresTimersWhileEveryExecutorSleeps) {
  std::atomic<int> attempts{0};
  SmallPlan plan;
  plan.queue("a", [&](Delivery&,
                      Settler&) { return attempts.fetch_add(1) == 0 ? failed() : Outcome::done(); })
      .retry.backoff = 5 * kMillisecond;
  const auto engine = plan.started();
  publish_all(engine->monitor().open_producer(), 1, "a");
  EXPECT_TRUE(await([&] { return attempts.load() == 2; }));
}

TEST(Housekeeping, EndsAtOnceWhenStopped) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  EXPECT_TRUE(engine->stop(0));
  EXPECT_TRUE(engine->stopped());
}

}  // namespace
}  // namespace veltrix
