// No wake-up is lost, with nobody to repair one: housekeeping is off. One event at a time is on its
// way, so an executor that sleeps on it sleeps for ever, and the publisher's patience ends the
// test. Ten million rounds of publish, wake, run, spin or park. Each of the following was broken
// once to see this test fail: the producer's fence, the look at the door and at the version before
// parking, the visitor's wake-up.

#include <array>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/engine/executor_rig.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr int kSpinRounds = scaled(9'450'000);  // 1 to 2 us each
constexpr int kWindowRounds = scaled(200'000);  // up to 20 us each, as the ones below
constexpr int kParkRounds = scaled(60'000);
constexpr int kProducers = 3;
constexpr int kProducerRounds = scaled(30'000);  // of each
constexpr int kExecutorRounds = scaled(60'000);
constexpr int kRallyRounds = scaled(80'000);
constexpr int kFollowUpRounds = scaled(60'000);
static_assert(kSpinRounds + kWindowRounds + kParkRounds + kProducers * kProducerRounds +
                  kExecutorRounds + kRallyRounds + kFollowUpRounds >=
              scaled(10'000'000));
// Two threads that shall spin need two cores for themselves. Where they do not get them, the rounds
// that sleep are as many as ever and the ones that spin fewer.
constexpr std::int64_t kLongest = 90 * kSecond;

/// Counts what a queue's handler has run. The publisher sleeps, too, where there are fewer cores
/// than threads: waiting by yield() would cost it the rest of its time slice.
class Counter {
 public:
  void add_to(SmallPlan& plan, const std::string& name) {
    plan.queue(name, [this](Delivery&, Settler&) {
      handled_.fetch_add(1, std::memory_order_release);
      publisher_.unpark();
      return Outcome::done();
    });
  }
  bool await_more_than(std::uint64_t count) {
    constexpr int kSpins = 500;
    const auto more = [&] { return handled_.load(std::memory_order_acquire) > count; };
    for (int i = 0; i < kSpins; ++i) {
      if (more()) return true;
      pause_core();
    }
    const std::int64_t until = steady_ns() + kPatience;
    while (!more() && steady_ns() < until) publisher_.park(kSecond);
    return more();
  }

 private:
  std::atomic<std::uint64_t> handled_{0};
  Parker publisher_;
};

/// Publishes one event after the other, each when the handler has run the one before.
class Line {
 public:
  Line(Monitor& monitor, std::string type, Counter& handled)
      : monitor_(monitor),
        producer_(monitor.open_producer()),
        type_(std::move(type)),
        handled_(handled) {}

  /// `before` runs in front of each event.
  template <class Before>
  void rounds(int count, const Before& before) {
    const std::int64_t until = steady_ns() + kLongest;
    for (int round = 0; round < count && steady_ns() < until; ++round) {
      before();
      ASSERT_TRUE(one()) << "round " << round << ": no executor woke up";
    }
  }

  /// Waits for a time between none and what an executor needs to fall asleep (1 us).
  void pause_at_random() {
    random_ = random_ * 6'364'136'223'846'793'005ULL + 1;
    for (std::uint64_t i = random_ >> 59; i > 0; --i) pause_core();
  }
  void wait_for_sleeper() {
    ASSERT_TRUE(await([this] { return monitor_.any_idle(kNativePool); }));
    pause_at_random();  // its bit is set, but it may not sleep yet
  }

 private:
  bool one() {
    fields_.clear();
    fields_.type = type_;
    return producer_.publish(fields_) && handled_.await_more_than(published_++);
  }

  Monitor& monitor_;
  Producer& producer_;
  const std::string type_;
  Counter& handled_;
  std::uint64_t published_ = 0;
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
  Counter handled;
  SmallPlan plan;
  plan.options.engine.housekeeping = false;
  handled.add_to(plan, "a");
  const auto engine = plan.started();
  Line(engine->monitor(), "a", handled).rounds(kSpinRounds, kAtOnce);
}

TEST(ExecutorWake, LosesNoEventOnItsWayToSleep) {
  Counter handled;
  SmallPlan plan;
  handled.add_to(plan, "a");
  ExecutorRig rig(std::move(plan), {sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kWindowRounds, [&] { line.pause_at_random(); });
}

TEST(ExecutorWake, LosesNoEventAsleep) {
  Counter handled;
  SmallPlan plan;
  handled.add_to(plan, "a");
  ExecutorRig rig(std::move(plan), {sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kParkRounds, [&] { line.wait_for_sleeper(); });
}

TEST(ExecutorWake, LosesNoEventOfSeveralProducers) {
  std::array<Counter, kProducers> handled;
  SmallPlan plan;
  for (std::size_t i = 0; i < kProducers; ++i) handled[i].add_to(plan, std::to_string(i));
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
  Counter handled;
  SmallPlan plan;
  handled.add_to(plan, "a");
  plan.options.queues[0].concurrency = 2;
  ExecutorRig rig(std::move(plan), {sleepy(), sleepy()});
  rig.start();
  Line line(rig.monitor(), "a", handled);
  line.rounds(kExecutorRounds, [&] { line.pause_at_random(); });
}

/// Two executors that send each other one event; a round is one way.
class Rally {
 public:
  Rally(PoolTraits traits, std::uint64_t rounds) : rounds_(rounds) {
    SmallPlan plan;
    add_side(plan, "ping", "pong", kNativePool);
    add_side(plan, "pong", "ping", kPythonPool);
    std::vector<PoolTraits> both{traits, traits};
    both[1].pool = kPythonPool;
    rig_ = std::make_unique<ExecutorRig>(std::move(plan), both);
  }
  void run() {
    rig_->start();
    EventFields first = event_of("ping");
    ASSERT_TRUE(rig_->monitor().open_producer().publish(first));
    std::uint64_t seen = 0;
    while (seen < rounds_) {
      end_.park(kPatience);
      const std::uint64_t now = played_.load(std::memory_order_acquire);
      ASSERT_GT(now, seen) << "round " << seen << ": no executor woke up";
      seen = now;
    }
  }

 private:
  void add_side(SmallPlan& plan, const char* name, const char* other, std::uint8_t pool) {
    plan.queue(
        name,
        [this, other](Delivery&, Settler& settler) {
          // relaxed: the two sides never run at the same time, the engine orders them
          const std::uint64_t round = played_.load(std::memory_order_relaxed) + 1;
          played_.store(round, std::memory_order_release);
          if (round == rounds_) {
            end_.unpark();
          } else {
            EventFields back = event_of(other);
            (void)settler.producer().publish(back);
          }
          return Outcome::done();
        },
        pool);
  }

  const std::uint64_t rounds_;
  std::atomic<std::uint64_t> played_{0};
  Parker end_;
  std::unique_ptr<ExecutorRig> rig_;
};

TEST(ExecutorWake, LosesNoEventBetweenPools) { Rally(sleepy(), kRallyRounds).run(); }

/// An executor of the other pool files the follow-up: a visitor wakes, not a producer.
TEST(ExecutorWake, LosesNoFollowUpIntoTheOtherPool) {
  Counter handled;
  SmallPlan plan;
  handled.add_to(plan, "b");
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
