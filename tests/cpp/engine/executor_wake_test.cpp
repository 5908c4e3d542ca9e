// No wake-up is lost, with nobody to repair one: housekeeping is off. One event at a time is on its
// way, so an executor that sleeps on it sleeps for ever, and the publisher's patience ends the test.
// Ten million rounds of publish, wake, run, (spin,) park.

#include <array>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/engine/executor_rig.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr int kSpinRounds = scaled(8'900'000);
constexpr int kWindowRounds = scaled(500'000);
constexpr int kParkRounds = scaled(200'000);
constexpr int kProducers = 3;
constexpr int kProducerRounds = scaled(50'000);  // of each
constexpr int kExecutorRounds = scaled(150'000);
constexpr int kFollowUpRounds = scaled(100'000);
static_assert(kSpinRounds + kWindowRounds + kParkRounds + kProducers * kProducerRounds +
                  kExecutorRounds + kFollowUpRounds >=
              scaled(10'000'000));

using Counter = std::atomic<std::uint64_t>;

/// A queue whose handler counts.
void add_counter(SmallPlan& plan, const std::string& name, Counter& handled) {
  plan.queue(name, [&handled](Delivery&, Settler&) {
    handled.fetch_add(1, std::memory_order_release);
    return Outcome::done();
  });
}

/// Publishes one event after the other, each when the handler has run the one before.
class Line {
 public:
  Line(Monitor& monitor, std::string type, Counter& handled)
      : monitor_(monitor),
        producer_(monitor.open_producer()),
        type_(std::move(type)),
        handled_(handled),
        expected_(handled.load()) {}

  /// `before` runs in front of each event.
  template <class Before>
  void rounds(int count, const Before& before) {
    for (int round = 0; round < count; ++round) {
      before();
      ASSERT_TRUE(one()) << "round " << round << ": no executor woke up";
    }
  }

  /// Waits for a time between none and a few times what an executor needs to fall asleep.
  void pause_at_random() {
    random_ = random_ * 6'364'136'223'846'793'005ULL + 1;
    for (std::uint64_t i = random_ >> 57; i > 0; --i) pause_core();
  }
  void wait_for_sleeper() {
    ASSERT_TRUE(await([this] { return monitor_.any_idle(kNativePool); }));
    pause_at_random();  // its bit is set, but it may not sleep yet
  }

 private:
  bool one() {
    fields_.clear();
    fields_.type = type_;
    if (!producer_.publish(fields_)) return false;
    ++expected_;
    return await([this] { return handled_.load(std::memory_order_acquire) >= expected_; });
  }

  Monitor& monitor_;
  Producer& producer_;
  const std::string type_;
  Counter& handled_;
  std::uint64_t expected_;
  std::uint64_t random_ = 1;
  EventFields fields_;
};

PoolTraits sleepy() {
  PoolTraits traits;
  traits.spin_ns = 0;  // to sleep after every visit that brings nothing
  return traits;
}

constexpr auto kAtOnce = [] {};

TEST(ExecutorWake, LosesNoEventWhileItSpins) {
  Counter handled{0};
  SmallPlan plan;
  plan.options.engine.housekeeping = false;
  add_counter(plan, "a", handled);
  const auto engine = plan.started();
  Line(engine->monitor(), "a", handled).rounds(kSpinRounds, kAtOnce);
}

TEST(ExecutorWake, LosesNoEventOnItsWayToSleep) {
  Counter handled{0};
  SmallPlan plan;
  add_counter(plan, "a", handled);
  ExecutorRig rig(std::move(plan), {sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kWindowRounds, [&] { line.pause_at_random(); });
}

TEST(ExecutorWake, LosesNoEventAsleep) {
  Counter handled{0};
  SmallPlan plan;
  add_counter(plan, "a", handled);
  ExecutorRig rig(std::move(plan), {sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kParkRounds, [&] { line.wait_for_sleeper(); });
}

TEST(ExecutorWake, LosesNoEventOfSeveralProducers) {
  std::array<Counter, kProducers> handled{};
  SmallPlan plan;
  for (std::size_t i = 0; i < kProducers; ++i) add_counter(plan, std::to_string(i), handled[i]);
  ExecutorRig rig(std::move(plan), {sleepy()});
  rig.start();
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < kProducers; ++i) {
    threads.emplace_back([&, i] {
      Line line(rig.monitor(), std::to_string(i), handled[i]);
      line.rounds(kProducerRounds, [&] { line.pause_at_random(); });
    });
  }
}

TEST(ExecutorWake, LosesNoEventOfTwoExecutors) {
  Counter handled{0};
  SmallPlan plan;
  add_counter(plan, "a", handled);
  plan.options.queues[0].concurrency = 2;
  ExecutorRig rig(std::move(plan), {sleepy(), sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kExecutorRounds, [&] { line.pause_at_random(); });
}

/// An executor of the other pool files the follow-up: a visitor wakes, not a producer.
TEST(ExecutorWake, LosesNoFollowUpIntoTheOtherPool) {
  Counter handled{0};
  SmallPlan plan;
  add_counter(plan, "b", handled);
  plan.queue(
      "a",
      [](Delivery&, Settler& settler) {
        EventFields fields = event_of("b");
        Slot* slot = settler.producer().prepare(fields).value();
        settler.producer().force(*slot);
        Outcome outcome = Outcome::done();
        outcome.follow_ups = std::make_unique<std::vector<Slot*>>(1, slot);
        return outcome;
      },
      kPythonPool);
  PoolTraits other = sleepy();
  other.pool = kPythonPool;
  ExecutorRig rig(std::move(plan), {sleepy(), other});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kFollowUpRounds, [&] { line.pause_at_random(); });
}

}  // namespace
}  // namespace veltrix
