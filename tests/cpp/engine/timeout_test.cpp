// Attempts that take longer than their queue's timeout: Executor::check_timeout().

#include <atomic>

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

/// A queue whose first attempts block until the test opens the barrier.
struct Stuck {
  explicit Stuck(std::uint8_t pool, int blocked = 1) {
    QueueOptions& queue = plan.queue(
        "a",
        [this, blocked](Delivery&, Settler&) {
          if (calls.fetch_add(1) < blocked) barrier.wait();
          return Outcome::done();
        },
        pool);
    queue.timeout = 2 * kMillisecond;
    queue.retry.backoff = 0;
    plan.options.engine.native_executors = 2;
  }

  Barrier barrier;
  std::atomic<int> calls{0};
  SmallPlan plan;
};

class Timeouts : public testing::TestWithParam<std::uint8_t> {};

TEST_P(Timeouts, LetTheEventGoOnAndCountWhatComesLate) {
  Stuck stuck(GetParam());
  const auto engine = stuck.plan.started();
  {
    const Barrier::Opener opener(stuck.barrier);
    publish_all(engine->monitor().open_producer(), 1, "a", "key");
    EXPECT_TRUE(await([&] { return engine->statistics().queues[0].done == 1; }));
    EXPECT_EQ(engine->statistics().queues[0].late, 0U);
    EXPECT_EQ(engine->statistics().queues[0].retried, 1U);
  }
  EXPECT_TRUE(await([&] { return engine->statistics().queues[0].late == 1; }));
  EXPECT_EQ(engine->statistics().queues[0].done, 1U);
  EXPECT_TRUE(engine->stop(kPatience)->drained);
}

TEST_P(Timeouts, BuryTheLastAttempt) {
  Stuck stuck(GetParam(), 1);
  stuck.plan.options.queues[0].retry.max_attempts = 1;
  const auto engine = stuck.plan.started();
  const Barrier::Opener opener(stuck.barrier);
  publish_all(engine->monitor().open_producer(), 1, "a");
  EXPECT_TRUE(await([&] { return engine->statistics().queues[0].dead == 1; }));
  EXPECT_EQ(engine->statistics().queues[0].dead_by_reason.at("timeout"), 1U);
  EXPECT_TRUE(engine->drain(kPatience).drained) << "nobody waits for the handler";
}

INSTANTIATE_TEST_SUITE_P(Pools, Timeouts, testing::Values(kNativePool, kPythonPool));

}  // namespace
}  // namespace veltrix
