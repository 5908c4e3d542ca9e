#include "veltrix/engine/executor.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "cpp/engine/executor_rig.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kProducers = 4;
constexpr std::uint32_t kKeys = 7;
constexpr std::uint32_t kPerProducer = scaled(20'000);

/// Who published an event, and as which of its own; the payload of the order test.
struct Mark {
  std::uint32_t producer;
  std::uint32_t number;
};

/// Checks, on whatever thread events run, that those of a key come one after another and in order.
class OrderCheck {
 public:
  Outcome run(const Delivery& delivery) {
    Mark mark{};
    std::memcpy(&mark, delivery.slot->data().data(), sizeof mark);
    Key& key = keys_[mark.number % kKeys];
    if (key.busy.exchange(true, std::memory_order_acquire)) overlaps.fetch_add(1);
    // relaxed on the plain values below: `busy` orders one event of a key behind the other
    if (delivery.slot->sequence <= key.sequence) inversions.fetch_add(1);
    key.sequence = delivery.slot->sequence;
    std::uint32_t& last = key.last[mark.producer];
    if (mark.number + 1 <= last) inversions.fetch_add(1);
    last = mark.number + 1;
    key.busy.store(false, std::memory_order_release);
    handled.fetch_add(1, std::memory_order_release);
    return Outcome::done();
  }

  std::atomic<int> overlaps{0};
  std::atomic<int> inversions{0};
  std::atomic<std::uint32_t> handled{0};

 private:
  struct Key {
    std::atomic<bool> busy{false};
    std::uint64_t sequence = 0;
    std::array<std::uint32_t, kProducers> last{};
  };
  std::array<Key, kKeys> keys_;
};

void publish_marks(Producer& producer, std::uint32_t number) {
  for (std::uint32_t i = 0; i < kPerProducer; ++i) {
    const Mark mark{number, i};
    std::array<char, sizeof mark> bytes{};
    std::memcpy(bytes.data(), &mark, sizeof mark);
    const std::string key = std::to_string(i % kKeys);
    EventFields fields = event_of("a", key, {bytes.data(), bytes.size()});
    ASSERT_TRUE(producer.publish(fields));
  }
}

TEST(Executor, KeepsTheOrderOfEachKeyWithFourProducersAndTwoExecutors) {
  OrderCheck check;
  SmallPlan plan;
  plan.queue("a", [&](Delivery& d, Settler&) { return check.run(d); }).concurrency = 2;
  plan.options.queues[0].capacity_per_key = plan.options.queues[0].capacity_events;
  ExecutorRig rig(std::move(plan), {{}, {}});
  rig.start();
  {
    std::vector<std::jthread> producers;
    for (std::uint32_t p = 0; p < kProducers; ++p) {
      producers.emplace_back([&, p] { publish_marks(rig.monitor().open_producer(), p); });
    }
  }
  EXPECT_TRUE(await([&] { return check.handled.load() == kProducers * kPerProducer; }));
  EXPECT_EQ(check.overlaps.load(), 0);
  EXPECT_EQ(check.inversions.load(), 0);
}

/// The numbers of the events that ran, in order; each event says its own in its subject.
class Log {
 public:
  void add(const Delivery& delivery) {
    const std::lock_guard guard(mutex_);
    entries_.emplace_back(EventView(*delivery.slot).get(Attribute::kSubject));
  }
  std::vector<std::string> entries() const {
    const std::lock_guard guard(mutex_);
    return entries_;
  }
  std::size_t size() const { return entries().size(); }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> entries_;
};

void publish_named(Producer& producer, std::string_view type, std::string_view subject,
                   std::string_view key = "", std::uint8_t priority = kNoPriority) {
  EventFields fields = event_of(type, key);
  fields.subject = subject;
  fields.priority = priority;
  ASSERT_TRUE(producer.publish(fields));
}

/// One event runs and waits, the rest of its batch stands behind it: the handler is known to be
/// fast.
struct HeldBatch {
  HeldBatch() {
    plan.queue(
        "low", [this](Delivery& d, Settler&) { return run(d, true); }, kPythonPool);
    plan.queue(
        "high", [this](Delivery& d, Settler&) { return run(d, false); }, kPythonPool);
    plan.queue("native", [this](Delivery& d, Settler&) { return run(d, false); });
  }
  Outcome run(Delivery& delivery, bool waits) {
    log.add(delivery);
    if (waits && EventView(*delivery.slot).get(Attribute::kSubject) == "hold") barrier.wait();
    return Outcome::done();
  }
  /// The low queue's events, "hold" first and three behind it, are one batch that has begun.
  void begin(ExecutorRig& rig, Producer& producer) {
    rig.monitor().machine().dispatcher().queues()[0]->cost_ns = 100;
    for (const char* name : {"hold", "1", "2", "3"}) publish_named(producer, "low", name);
    rig.start();
    ASSERT_TRUE(barrier.arrived());
  }

  Log log;
  Barrier barrier;
  SmallPlan plan;
};

PoolTraits python() {
  PoolTraits traits;
  traits.pool = kPythonPool;
  return traits;
}

TEST(Executor, BreaksABatchOffForMoreUrgentWork) {
  HeldBatch held;
  ExecutorRig rig(std::move(held.plan), {{}, python()});
  const Barrier::Opener opener(held.barrier);
  Producer& producer = rig.monitor().open_producer();
  held.begin(rig, producer);
  publish_named(producer, "high", "urgent", "", 9);
  held.barrier.open();
  ASSERT_TRUE(await([&] { return held.log.size() == 5; }));
  EXPECT_EQ(held.log.entries(), (std::vector<std::string>{"hold", "urgent", "1", "2", "3"}));
}

/// Another pool's executor takes the urgent event from the door; the batch is to learn of it
/// anyway.
TEST(Executor, BreaksABatchOffWhenAnotherPoolDrainedTheDoor) {
  HeldBatch held;
  ExecutorRig rig(std::move(held.plan), {{}, python()});
  const Barrier::Opener opener(held.barrier);
  Producer& producer = rig.monitor().open_producer();
  held.begin(rig, producer);
  publish_named(producer, "high", "urgent", "", 9);
  publish_named(producer, "native", "visitor");
  ASSERT_TRUE(await([&] { return held.log.size() == 2; }));
  held.barrier.open();
  ASSERT_TRUE(await([&] { return held.log.size() == 6; }));
  EXPECT_EQ(held.log.entries()[2], "urgent");
}

/// The pool has one slot and two executors: the second visits, finds it taken and becomes a spare.
TEST(Executor, BreaksABatchOffWhenASpareDrainedTheDoor) {
  HeldBatch held;
  ExecutorRig rig(std::move(held.plan), {{}, python(), python()});
  rig.monitor().machine().dispatcher().picker(kPythonPool).set_slots(1);
  const Barrier::Opener opener(held.barrier);
  Producer& producer = rig.monitor().open_producer();
  held.begin(rig, producer);
  publish_named(producer, "high", "urgent", "", 9);
  ASSERT_TRUE(await([&] {
    rig.monitor().lock();
    const bool filed = rig.monitor().machine().dispatcher().queues()[1]->counts.in_flight == 1;
    rig.monitor().unlock();
    if (!filed) publish_named(producer, "native", "visitor");
    return filed;
  }));
  held.barrier.open();
  ASSERT_TRUE(await([&] {
    const auto ran = held.log.entries();
    return std::count(ran.begin(), ran.end(), "3") == 1;
  }));
  const auto ran = held.log.entries();
  EXPECT_LT(std::find(ran.begin(), ran.end(), "urgent"), std::find(ran.begin(), ran.end(), "1"));
}

TEST(Executor, RunsNothingOfAKeyBeforeItsRetry) {
  Log log;
  std::atomic<bool> broken{true};
  SmallPlan plan;
  plan.queue("a", [&](Delivery& delivery, Settler&) {
    log.add(delivery);
    const bool first = EventView(*delivery.slot).get(Attribute::kSubject) == "k1";
    return first && broken.exchange(false) ? failed() : Outcome::done();
  });
  plan.options.queues[0].retry.backoff = 0;
  ExecutorRig rig(std::move(plan), {{}});
  rig.monitor().machine().dispatcher().queues()[0]->cost_ns = 100;
  Producer& producer = rig.monitor().open_producer();
  for (const char* name : {"k1", "k2", "k3"}) publish_named(producer, "a", name, "k");
  publish_named(producer, "a", "other", "o");
  rig.start();
  ASSERT_TRUE(await([&] { return log.size() == 5; }));
  auto ran = log.entries();
  std::erase(ran, "other");
  EXPECT_EQ(ran, (std::vector<std::string>{"k1", "k1", "k2", "k3"}));
}

TEST(Executor, KnowsThatItIsInsideAHandler) {
  std::atomic<int> inside{0};
  const Monitor* monitor = nullptr;
  SmallPlan plan;
  plan.queue("a", [&](Delivery&, Settler&) {
    inside = Executor::inside_handler() && Executor::inside_handler_of(*monitor) ? 1 : -1;
    return Outcome::done();
  });
  ExecutorRig rig(std::move(plan), {{}});
  monitor = &rig.monitor();
  rig.start();
  publish_all(rig.monitor().open_producer(), 1, "a");
  ASSERT_TRUE(await([&] { return inside.load() != 0; }));
  EXPECT_EQ(inside.load(), 1);
  EXPECT_FALSE(Executor::inside_handler());
}

TEST(Executor, SettlesWhatItRanBeforeItEnds) {
  HeldBatch held;
  ExecutorRig rig(std::move(held.plan), {{}, python()});
  const Barrier::Opener opener(held.barrier);
  held.begin(rig, rig.monitor().open_producer());
  rig.executor(1).request_stop();
  EXPECT_FALSE(rig.executor(1).ended());
  held.barrier.open();
  rig.stop();
  const QueueCounts& counts = rig.monitor().machine().dispatcher().queues()[0]->counts;
  EXPECT_EQ(counts.done, 1U);
  EXPECT_EQ(counts.in_flight, 3U) << "given back, not run";
  EXPECT_EQ(counts.running, 0U);
  EXPECT_TRUE(rig.executor(1).ended());
}

}  // namespace
}  // namespace veltrix
