// Batches that are run in calls, and repeated in parts: the second face of engine/batch.hpp.

#include <array>
#include <atomic>

#include <gtest/gtest.h>

#include "veltrix/engine/batch.hpp"
#include "veltrix/queue/strand.hpp"

#include "cpp/engine/executor_rig.hpp"
#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kSize = 8;

QueueOptions batched() {
  QueueOptions options;
  options.batch_max_events = kSize;
  return options;
}

struct Called {
  Called() : queue(batched(), 0, 0) {
    for (Delivery& delivery : deliveries) {
      delivery.order = {nullptr, nullptr};
      delivery.state = DeliveryState::kRunning;
      batch.pick().deliveries.push_back(&delivery);
    }
    batch.pick().choice.queue = &queue;
    batch.pick().choice.priority = 4;
    batch.begin(steady_ns(), true);
  }
  std::vector<Delivery*> rest() {
    std::vector<Delivery*> out;
    batch.end(out);
    return out;
  }
  void end_rows(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) batch.end_row(i);
  }
  std::vector<std::size_t> open_rows(std::size_t from, std::size_t to) const {
    std::vector<std::size_t> out;
    batch.collect(from, to, out);
    return out;
  }

  std::atomic<std::uint32_t> urgent{0};
  std::atomic<bool> stop{false};
  QueueState queue;
  std::array<Delivery, kSize> deliveries;
  Batch batch{urgent, &stop};
};

TEST(BatchCalls, GiveBackNothingThatIsOver) {
  Called run;
  ASSERT_TRUE(run.batch.begin_call(kSize));
  run.end_rows(0, kSize);
  EXPECT_TRUE(run.rest().empty());
}

TEST(BatchCalls, GiveBackWhatNoCallSettled) {
  Called run;
  ASSERT_TRUE(run.batch.begin_call(kSize));
  run.end_rows(2, 4);
  EXPECT_EQ(run.rest().size(), kSize - 2);
}

TEST(BatchCalls, AreNotCutShortByUrgentWork) {
  Called run;
  run.urgent = 9 + 1;
  EXPECT_TRUE(run.batch.begin_call(kSize));
  EXPECT_TRUE(run.batch.begin_call(kSize / 2));
}

TEST(BatchCalls, EndAfterTheFirstWhenTheExecutorShallStop) {
  Called run;
  run.stop = true;
  EXPECT_TRUE(run.batch.begin_call(kSize)) << "what was picked is run";
  EXPECT_FALSE(run.batch.begin_call(kSize / 2));
  EXPECT_EQ(run.rest().size(), kSize);
}

TEST(BatchCalls, EndWhenTheLastOneWasGivenUp) {
  Called run;
  ASSERT_TRUE(run.batch.begin_call(kSize));
  ASSERT_TRUE(run.batch.begin_call(kSize / 2));
  EXPECT_TRUE(run.batch.in_calls());
  EXPECT_EQ(run.batch.seal(), kSize / 2) << "what stands behind is housekeeping's";
  EXPECT_EQ(run.open_rows(0, kSize / 2).size(), kSize / 2);
  EXPECT_FALSE(run.batch.begin_call(kSize / 4));
  EXPECT_TRUE(run.rest().empty()) << "nothing goes back twice";
}

TEST(BatchCalls, TellOneCallFromTheNextThatEndsThere) {
  Called run;
  ASSERT_TRUE(run.batch.begin_call(kSize));
  const std::uint64_t first = run.batch.progress();
  ASSERT_TRUE(run.batch.begin_call(kSize));
  EXPECT_NE(run.batch.progress(), first);
  EXPECT_EQ(run.batch.handed_out(), kSize);
}

TEST(BatchCalls, LeaveOutWhatStandsBehindAFailureOfItsKey) {
  Called run;
  Strand first;
  Strand second;
  for (std::size_t i = 0; i < kSize; ++i) {
    run.deliveries[i].order = {i % 2 == 0 ? &first : &second, nullptr};
  }
  ASSERT_TRUE(run.batch.begin_call(kSize));
  run.batch.end_row(0);
  run.batch.halt(run.deliveries[0]);
  EXPECT_FALSE(run.batch.takes(0));
  EXPECT_TRUE(run.batch.takes(1));
  EXPECT_FALSE(run.batch.takes(2));
  run.end_rows(1, 2);
  const auto rest = run.rest();
  EXPECT_EQ(rest.size(), kSize - 2);
  EXPECT_EQ(rest.front(), &run.deliveries[2]);
}

TEST(BatchCalls, HandOutASinksBatchWholeThoughMoreUrgentWorkWaits) {
  Called run;
  run.urgent = 9 + 1;
  std::size_t taken = 0;
  while (run.batch.next() != nullptr) ++taken;
  EXPECT_EQ(taken, kSize);
  EXPECT_TRUE(run.rest().empty());
}

/// Takes its batches in calls. The first one fails and its first half blocks; afterwards all is
/// well.
class Splitting final : public Handler {
 public:
  explicit Splitting(Barrier& barrier) : barrier_(barrier) {}
  void run(Batch& batch, Settler& settler) noexcept override {
    const bool first = calls.fetch_add(1) == 0;
    ASSERT_TRUE(batch.begin_call(batch.size()));
    std::size_t end = batch.size();
    if (first) {
      end = batch.size() / 2;
      ASSERT_TRUE(batch.begin_call(end));
      barrier_.wait();
    }
    for (std::size_t i = 0; i < end; ++i) {
      batch.end_row(i);
      settler.done(batch.row(i));
    }
    went_on = first && batch.begin_call(batch.size());
  }

  std::atomic<int> calls{0};
  std::atomic<bool> went_on{false};

 private:
  Barrier& barrier_;
};

TEST(BatchCalls, ThatTimeOutFailTheirRowsAndLetTheOthersGo) {
  Barrier barrier;
  SmallPlan plan;
  auto handler = std::make_unique<Splitting>(barrier);
  const Splitting& splitting = *handler;
  QueueOptions& queue = plan.queue("a", std::move(handler));
  queue.timeout = 20 * kMillisecond;
  queue.retry.backoff = 0;
  queue.batch_max_events = kSize;
  queue.batch_linger = 10 * kSecond;
  queue.order = Order::kNone;
  plan.options.engine.native_executors = 2;
  const auto engine = plan.started();
  const auto seen = [&] { return engine->statistics().queues[0]; };
  {
    const Barrier::Opener opener(barrier);
    publish_all(engine->monitor().open_producer(), kSize, "a");
    // The other executor has all of them in one call: so all have come back.
    EXPECT_TRUE(await([&] { return seen().done == kSize; }));
    EXPECT_EQ(splitting.calls.load(), 2);
    EXPECT_EQ(seen().retried, kSize / 2);
  }
  EXPECT_TRUE(await([&] { return seen().late == kSize / 2; }));
  EXPECT_FALSE(splitting.went_on.load());
  EXPECT_TRUE(engine->stop(kPatience)->drained);
}

/// Two calls that stand still until the test lets them go.
class Twice final : public Handler {
 public:
  void run(Batch& batch, Settler& settler) noexcept override {
    for (Barrier* barrier : {&first, &second}) {
      EXPECT_TRUE(batch.begin_call(batch.size()));
      barrier->wait();
    }
    batch.end_row(0);
    settler.done(batch.row(0));
  }
  Barrier first;
  Barrier second;
};

TEST(BatchCalls, HaveEachTheirOwnTimeoutAlsoAfterAStall) {
  auto handler = std::make_unique<Twice>();
  Twice& twice = *handler;
  SmallPlan plan;
  QueueOptions& queue = plan.queue("a", std::move(handler));
  queue.timeout = 100 * kMillisecond;
  queue.batch_max_events = kSize;
  PoolTraits traits;
  traits.sealable = true;
  ExecutorRig rig(std::move(plan), {traits});
  const Barrier::Opener opener(twice.second);
  Executor& executor = rig.executor(0);
  const auto look = [&](std::int64_t ms) {
    const std::lock_guard guard(rig.monitor().mutex());
    return executor.check(kSecond + ms * kMillisecond);
  };
  rig.start();
  publish_all(rig.monitor().open_producer(), 1, "a");
  {
    const Barrier::Opener first(twice.first);
    ASSERT_TRUE(twice.first.arrived());
    EXPECT_FALSE(look(0));
    EXPECT_TRUE(look(90)) << "a stall";
    EXPECT_FALSE(look(90));
  }
  ASSERT_TRUE(twice.second.arrived());
  EXPECT_FALSE(look(110)) << "the second call has just begun";
  EXPECT_FALSE(look(209));
  EXPECT_TRUE(look(210));
}

}  // namespace
}  // namespace veltrix
