#include "veltrix/engine/batch.hpp"

#include <array>
#include <atomic>
#include <barrier>
#include <thread>

#include <gtest/gtest.h>

#include "veltrix/queue/strand.hpp"

#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kSize = 8;

/// A batch of `kSize` deliveries of priority 4; begun.
struct Running {
  explicit Running(bool sealable = false, double cost_ns = 100) : queue({}, 0, 0) {
    queue.cost_ns = cost_ns;
    for (Delivery& delivery : deliveries) {
      delivery.order = {nullptr, nullptr};
      batch.pick().deliveries.push_back(&delivery);
    }
    batch.pick().choice.queue = &queue;
    batch.pick().choice.priority = 4;
    batch.begin(steady_ns(), sealable);
  }
  std::size_t take_all() {
    std::size_t taken = 0;
    while (batch.next() != nullptr) ++taken;
    return taken;
  }

  std::atomic<std::uint32_t> urgent{0};
  std::atomic<bool> stop{false};
  QueueState queue;
  std::array<Delivery, kSize> deliveries;
  Batch batch{urgent, &stop};
};

TEST(Batch, HandsOutEveryDeliveryInOrder) {
  Running run;
  for (Delivery& delivery : run.deliveries) EXPECT_EQ(run.batch.next(), &delivery);
  EXPECT_EQ(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.seal(), kSize);
}

TEST(Batch, EndsWhenMoreUrgentWorkWaits) {
  Running run;
  (void)run.batch.next();
  run.urgent = 4 + 1 + 1;
  EXPECT_EQ(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.seal(), 1U);
}

TEST(Batch, RunsAtLeastOneHoweverUrgentOtherWorkIs) {
  Running run;
  run.urgent = 9 + 1;
  EXPECT_NE(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.next(), nullptr);
}

TEST(Batch, GoesOnWhenEquallyUrgentWorkWaits) {
  Running run;
  run.urgent = 4 + 1;
  EXPECT_EQ(run.take_all(), kSize);
}

TEST(Batch, EndsWhenItsExecutorShallStop) {
  Running run;
  (void)run.batch.next();
  run.stop = true;
  EXPECT_EQ(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.seal(), 1U);
}

TEST(Batch, GivesNothingMoreOnceItIsSealed) {
  Running run(true);
  (void)run.batch.next();
  (void)run.batch.next();
  EXPECT_EQ(run.batch.seal(), 2U);
  EXPECT_EQ(run.batch.next(), nullptr);
  EXPECT_EQ(run.batch.seal(), kSize) << "what was taken away is not taken twice";
}

TEST(Batch, BeginsAfreshAfterASeal) {
  Running run(true);
  (void)run.batch.seal();
  run.batch.begin(steady_ns(), true);
  EXPECT_EQ(run.take_all(), kSize);
}

TEST(Batch, SkipsTheRestOfAKeyThatFailed) {
  Running run;
  Strand first;
  Strand second;
  for (std::size_t i = 0; i < kSize; ++i) {
    run.deliveries[i].order = {i % 2 == 0 ? &first : &second, nullptr};
  }
  Delivery* failed = run.batch.next();
  run.batch.halt(*failed);
  EXPECT_EQ(run.take_all(), kSize / 2);
  ASSERT_EQ(run.batch.skipped().size(), kSize / 2 - 1);
  EXPECT_EQ(run.batch.skipped().front(), &run.deliveries[2]);
  EXPECT_EQ(run.batch.seal(), kSize);
}

TEST(Batch, HaltsNothingWhenTheFailedDeliveryHasNoKey) {
  Running run;
  run.batch.halt(*run.batch.next());
  EXPECT_EQ(run.take_all(), kSize - 1);
}

TEST(Batch, StampsEachEventOfASlowHandler) {
  Running run(false, 5'000);
  (void)run.take_all();
  run.batch.stop_clock();
  EXPECT_TRUE(run.batch.timed());
  EXPECT_EQ(run.batch.times().size(), kSize);
}

TEST(Batch, StampsNothingOfAFastHandler) {
  Running run;
  (void)run.take_all();
  EXPECT_FALSE(run.batch.timed());
  EXPECT_TRUE(run.batch.times().empty());
}

TEST(Batch, IsEitherRunOrTakenAwayWhileBothTry) {
  constexpr int kRounds = scaled(20'000);
  Running run(true);
  std::barrier together(2);
  std::size_t from = 0;
  std::jthread housekeeping([&] {
    for (int round = 0; round < kRounds; ++round) {
      together.arrive_and_wait();
      from = run.batch.seal();
      together.arrive_and_wait();
    }
  });
  int wrong = 0;
  for (int round = 0; round < kRounds; ++round) {
    run.batch.begin(0, true);
    together.arrive_and_wait();
    const std::size_t ran = run.take_all();
    together.arrive_and_wait();
    if (ran != from) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace veltrix
