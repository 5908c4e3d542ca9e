#include "veltrix/engine/statistics.hpp"

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

TEST(Quantiles, AreZeroForAnEmptyHistogram) {
  const Quantiles empty = Quantiles::of(Histogram());
  EXPECT_EQ(empty.count, 0U);
  EXPECT_EQ(empty.p99, 0);
  EXPECT_EQ(empty.max, 0);
}

TEST(Statistics, ShowEveryQueueOfAnIdleEngine) {
  SmallPlan plan;
  plan.queue("a").priority = 7;
  plan.queue("b");
  const EngineStatistics statistics = plan.engine().value()->statistics();
  ASSERT_EQ(statistics.queues.size(), 2U);
  EXPECT_EQ(statistics.queues[0].name, "a");
  EXPECT_EQ(statistics.queues[0].priority, 7);
  EXPECT_EQ(statistics.uptime_ns, 0);
  EXPECT_EQ(statistics.epoch, 1U);
}

TEST(Statistics, CountWhatIsStillAtTheDoor) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.engine().value();  // not started: nobody drains the door
  publish_all(engine->monitor().open_producer(), 3, "a");
  const EngineStatistics statistics = engine->statistics();
  EXPECT_EQ(statistics.in_door, 3U);
  EXPECT_EQ(statistics.received, 3U);
  EXPECT_EQ(statistics.admitted, 0U);
}

/// One event of each fate: handled, repeated, unmatched, refused at the door.
TEST(Statistics, BalanceBothLedgers) {
  SmallPlan plan;
  plan.queue("ok");
  plan.queue("dead", [](Delivery&, Settler&) { return failed(OutcomeKind::kDead); });
  plan.queue("drop", [](Delivery&, Settler&) { return failed(OutcomeKind::kDrop); });
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  for (const char* type : {"ok", "ok", "dead", "drop", "nobody.wants.it"}) {
    EventFields fields = event_of(type);
    fields.id = type;
    fields.given_id = true;
    ASSERT_TRUE(producer.publish(fields));
  }
  producer.count_rejected();
  ASSERT_TRUE(engine->drain(kPatience).drained);
  const EngineStatistics s = engine->statistics();
  EXPECT_EQ(s.received, 6U);
  EXPECT_EQ(s.received, s.admitted + s.duplicate + s.rejected + s.filtered + s.unmatched);
  EXPECT_EQ(s.duplicate, 1U);
  EXPECT_EQ(s.unmatched, 1U);
  EXPECT_EQ(s.rejected, 1U);
  EXPECT_EQ(s.dead_letters, 2U);
  for (const QueueStatistics& queue : s.queues) {
    std::uint64_t dropped = 0;
    for (const auto& [reason, count] : queue.dropped) dropped += count;
    EXPECT_EQ(queue.accepted, queue.done + queue.dead + dropped + queue.in_flight) << queue.name;
  }
  EXPECT_EQ(s.queues[1].dead_by_reason.at("broken"), 1U);
  EXPECT_EQ(s.queues[2].dropped.at("broken"), 1U);
  EXPECT_GT(s.uptime_ns, 0);
}

TEST(Statistics, TellPrioritiesOfAQueueApart) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  for (const std::uint8_t priority : std::vector<std::uint8_t>{1, 9, 9}) {
    EventFields fields = event_of("a");
    fields.priority = priority;
    ASSERT_TRUE(producer.publish(fields));
  }
  ASSERT_TRUE(engine->drain(kPatience).drained);
  const QueueStatistics queue = engine->statistics().queues[0];
  ASSERT_EQ(queue.priorities.size(), 2U);
  EXPECT_EQ(queue.priorities[0].priority, 1);
  EXPECT_EQ(queue.priorities[0].done, 1U);
  EXPECT_EQ(queue.priorities[1].done, 2U);
  EXPECT_EQ(queue.wait.count, 3U);
  EXPECT_EQ(queue.handler_time.count, 3U);
}

}  // namespace
}  // namespace veltrix
