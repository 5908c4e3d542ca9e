// The loop's half of an engine, driven by hand: what veltrix.loops does with an event loop.

#include "veltrix/engine/loop_pool.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include "veltrix/engine/leftovers.hpp"

#include "cpp/engine/small_plan.hpp"

namespace veltrix {
namespace {

class LoopPoolTest : public testing::Test {
 protected:
  LoopPoolTest() {
    plan_.queue("calls", kLoopPool).concurrency = 3;
    plan_.options.queues[0].order = Order::kNone;
    plan_.options.queues[0].timeout = kSecond;
    monitor_ = plan_.monitor(std::vector<Dispatcher::Pool>(kFirstOwnPool, {1}));
    pool_ = std::make_unique<LoopPool>(*monitor_, 0, hooks_);
    producer_ = &monitor_->open_producer();
  }
  ~LoopPoolTest() override { release_leftovers(*monitor_); }

  bool readable() const {
    pollfd one{pool_->fd(), POLLIN, 0};
    return poll(&one, 1, 0) == 1;
  }
  const QueueCounts& counts() { return monitor_->machine().dispatcher().queues()[0]->counts; }

  SmallPlan plan_;
  std::unique_ptr<Monitor> monitor_;
  ThreadHooks hooks_;
  std::unique_ptr<LoopPool> pool_;
  Producer* producer_ = nullptr;
};

TEST_F(LoopPoolTest, IsWokenThroughItsDescriptorOnce) {
  EXPECT_EQ(pool_->begin(), nullptr);
  ASSERT_TRUE(pool_->rest());
  EXPECT_FALSE(readable());
  publish_all(*producer_, 1, "calls");
  publish_all(*producer_, 1, "calls");
  EXPECT_TRUE(readable());
  Worker* worker = pool_->begin();
  ASSERT_NE(worker, nullptr);
  EXPECT_GE(worker->batch().size(), 1U);
  pool_->end(*worker);
}

TEST_F(LoopPoolTest, DoesNotRestBesideWhatCameMeanwhile) {
  EXPECT_EQ(pool_->begin(), nullptr);
  publish_all(*producer_, 1, "calls");
  EXPECT_FALSE(pool_->rest());
}

TEST_F(LoopPoolTest, WorkersStepAsideForEachOtherUpToTheConcurrency) {
  publish_all(*producer_, 5, "calls");
  std::vector<Worker*> waiting;
  while (Worker* worker = pool_->begin()) {
    ASSERT_NE(worker->batch().next(), nullptr);
    worker->step_aside();
    waiting.push_back(worker);
  }
  EXPECT_EQ(waiting.size(), 3U);
  EXPECT_EQ(counts().running, 3U);
  Worker* first = waiting[0];
  first->returned();
  first->done(*first->batch().pick().deliveries[0]);
  first->finished();
  ASSERT_TRUE(pool_->next(*first)) << "it picks again where there is work";
  EXPECT_EQ(counts().done, 1U);
  pool_->end(*first);
  EXPECT_EQ(counts().running, 2U) << "what it had not begun went back";
  for (Worker* worker : {waiting[1], waiting[2]}) {
    worker->done(*worker->batch().pick().deliveries[0]);
    worker->finished();
    pool_->end(*worker);
  }
  EXPECT_EQ(counts().done, 3U);
  EXPECT_EQ(counts().in_flight, 2U);
}

TEST_F(LoopPoolTest, TellsOfAttemptsThatTakeTooLong) {
  publish_all(*producer_, 1, "calls");
  Worker* worker = pool_->begin();
  Delivery* delivery = worker->batch().next();
  worker->step_aside();
  const std::int64_t now = steady_ns();
  monitor_->lock();
  EXPECT_FALSE(pool_->check(now));
  EXPECT_TRUE(pool_->check(now + 2 * kSecond));
  monitor_->unlock();
  EXPECT_TRUE(readable());
  EXPECT_TRUE(worker->fenced());
  EXPECT_TRUE(pool_->take_fenced());
  EXPECT_FALSE(pool_->take_fenced());
  worker->done(*delivery);
  worker->finished();
  pool_->end(*worker);
  EXPECT_EQ(counts().late, 1U);
  EXPECT_EQ(counts().done, 0U);
}

TEST_F(LoopPoolTest, BeginsNothingMoreOnceItStops) {
  publish_all(*producer_, 1, "calls");
  pool_->request_stop();
  EXPECT_TRUE(readable());
  EXPECT_TRUE(pool_->stopping());
  EXPECT_EQ(pool_->begin(), nullptr);
  EXPECT_FALSE(pool_->ended());
  pool_->finish();
  EXPECT_TRUE(pool_->ended());
}

}  // namespace
}  // namespace veltrix
