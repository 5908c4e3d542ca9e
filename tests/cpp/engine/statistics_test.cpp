#include "veltrix/engine/statistics.hpp"

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

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

TEST(Statistics, MergeTheTimesOfAllPriorities) {
  SmallPlan plan;
  plan.queue("a");
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  for (const std::uint8_t priority : std::vector<std::uint8_t>{0, 4, 4, 9}) {
    EventFields fields = event_of("a");
    fields.priority = priority;
    ASSERT_TRUE(producer.publish(fields));
  }
  ASSERT_TRUE(engine->drain(kPatience).drained);
  const QueueStatistics queue = engine->statistics().queues[0];
  HistogramBuckets waits{};
  std::int64_t sum = 0;
  for (const PriorityStatistics& one : queue.priorities) {
    for (std::size_t i = 0; i < waits.size(); ++i) waits[i] += one.wait.buckets[i];
    sum += one.wait.sum;
  }
  ASSERT_EQ(queue.priorities.size(), 3U);
  EXPECT_EQ(queue.wait.count, 4U);
  EXPECT_EQ(queue.wait.buckets, waits);
  EXPECT_EQ(queue.wait.sum, sum);
}

/// Nothing runs here: the machine is driven by hand, in virtual time.
TEST(Statistics, TellHowLongTheOldestReadyWorkHasBeenReady) {
  SmallPlan plan;
  plan.queue("a").capacity_events = 17;
  const auto monitor = plan.monitor();
  Producer& producer = monitor->open_producer(1);
  const auto oldest = [&] { return statistics_of(*monitor).queues[0].oldest_ready_ns; };
  const auto publish_at = [&](std::int64_t now, std::uint8_t priority) {
    monitor->set_virtual(now);
    EventFields fields = event_of("a");
    fields.priority = priority;
    ASSERT_TRUE(producer.publish(fields));
    monitor->drain_door(now);
  };
  monitor->set_virtual(kSecond);
  EXPECT_EQ(oldest(), 0);
  publish_at(2 * kSecond, 1);
  publish_at(3 * kSecond, 9);
  monitor->set_virtual(5 * kSecond);
  EXPECT_EQ(oldest(), 3 * kSecond) << "the less urgent one is older";
  Pick pick;
  for (const std::int64_t expected : {3 * kSecond, std::int64_t{0}}) {
    monitor->machine().dispatcher().pick(kNativePool, 1, 5 * kSecond, pick);
    EXPECT_EQ(pick.deliveries.size(), 1U);
    monitor->machine().dispatcher().finish(pick, 0, 0);
    EXPECT_EQ(oldest(), expected);
  }
  const QueueStatistics queue = statistics_of(*monitor).queues[0];
  EXPECT_EQ(queue.running, 2U);
  EXPECT_EQ(queue.capacity_events, 17U);
  EXPECT_GT(queue.in_flight_bytes, 0U);
}

TEST(Statistics, CountTheCpuTimeOfThreadsThatHaveEndedToo) {
  SmallPlan plan;
  plan.queue("native");
  plan.queue("python", kPythonPool);
  const auto engine = plan.started();
  Producer& producer = engine->monitor().open_producer();
  publish_all(producer, 100, "native");
  publish_all(producer, 100, "python");
  ASSERT_TRUE(engine->drain(kPatience).drained);
  const EngineStatistics running = engine->statistics();
  EXPECT_GT(running.native_cpu_ns, 0);
  EXPECT_GT(running.python_cpu_ns, 0);
  ASSERT_TRUE(engine->stop(0));
  const EngineStatistics stopped = engine->statistics();
  EXPECT_GE(stopped.native_cpu_ns, running.native_cpu_ns);
  EXPECT_GE(stopped.python_cpu_ns, running.python_cpu_ns);
  EXPECT_EQ(engine->statistics().native_cpu_ns, stopped.native_cpu_ns);
}

}  // namespace
}  // namespace veltrix
