#include "veltrix/engine/producer.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/engine/leftovers.hpp"

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

constexpr std::uint32_t kNine = 9;

/// A monitor without executors: what is published stays where it is until the test takes it.
class Producing : public testing::Test {
 protected:
  ~Producing() override {
    if (monitor != nullptr) release_leftovers(*monitor);
  }
  Producer& open() {
    monitor = plan.monitor();
    return monitor->open_producer(1);
  }
  Result<Slot*> prepare(Producer& producer, std::string_view type, std::string_view key = "") {
    EventFields fields = event_of(type, key);
    return producer.prepare(fields);
  }
  std::uint64_t used(std::uint16_t queue) { return monitor->queue(queue).budget.used_events(); }

  SmallPlan plan;
  std::unique_ptr<Monitor> monitor;
};

TEST_F(Producing, FillsInWhatTheEventLeavesOpen) {
  plan.queue("a");
  Slot* slot = prepare(open(), "a").value();
  const EventView event(*slot);
  EXPECT_TRUE(event.has_uuid());
  EXPECT_EQ(event.get(Attribute::kSource), "test");
  EXPECT_NE(slot->flags & kHasTime, 0);
  EXPECT_EQ(monitor->types.text(slot->type), "a");
  EXPECT_NE(slot->published_ns, 0);
  release(slot);
}

TEST_F(Producing, KeepsWhatTheEventSays) {
  plan.queue("a");
  Producer& producer = open();
  EventFields fields = event_of("a");
  fields.id = "17";
  fields.given_id = true;
  fields.source = "/mine";
  Slot* slot = producer.prepare(fields).value();
  EXPECT_EQ(EventView(*slot).get(Attribute::kId), "17");
  EXPECT_EQ(EventView(*slot).get(Attribute::kSource), "/mine");
  EXPECT_FALSE(first_delivery(*slot).id_hash.empty());
  release(slot);
}

TEST_F(Producing, HashesNoIdThatWasMadeHere) {
  plan.queue("a");
  Slot* slot = prepare(open(), "a").value();
  EXPECT_TRUE(first_delivery(*slot).id_hash.empty());
  release(slot);
}

TEST_F(Producing, MakesADeliveryForEachQueue) {
  for (std::uint32_t i = 0; i < kNine; ++i) {
    plan.queue("q" + std::to_string(i));
    plan.options.routes.back().type = {"all"};
  }
  Slot* slot = prepare(open(), "all", "k").value();
  std::uint16_t queue = 0;
  for (const Delivery* d = &first_delivery(*slot); d != nullptr; d = d->sibling) {
    EXPECT_EQ(d->queue, queue++);
    EXPECT_EQ(d->slot, slot);
    EXPECT_FALSE(d->key.empty());
  }
  EXPECT_EQ(queue, kNine);
  release(slot);
}

TEST_F(Producing, GivesCompanionSlotsBackWithTheEvent) {
  for (std::uint32_t i = 0; i < kNine; ++i) {
    plan.queue("q" + std::to_string(i));
    plan.options.routes.back().type = {"all"};
  }
  Producer& producer = open();
  std::size_t after_first = 0;
  for (int round = 0; round < 2'000; ++round) {
    producer.abandon(prepare(producer, "all").value());
    if (round == 0) after_first = monitor->slab.allocated_bytes();
  }
  EXPECT_EQ(monitor->slab.allocated_bytes(), after_first);
}

TEST_F(Producing, KeepsAKeyPerQueueAndOneForTotalOrder) {
  plan.queue("keyed");
  plan.options.routes.back().type = {"all"};
  plan.queue("total").order = Order::kTotal;
  plan.options.routes.back().type = {"all"};
  plan.queue("none").order = Order::kNone;
  plan.options.routes.back().type = {"all"};
  Producer& producer = open();
  Slot* one = prepare(producer, "all", "k1").value();
  Slot* two = prepare(producer, "all", "k2").value();
  const Delivery* a = &first_delivery(*one);
  const Delivery* b = &first_delivery(*two);
  EXPECT_FALSE(a->key == b->key);
  EXPECT_TRUE(a->sibling->key == b->sibling->key);
  EXPECT_FALSE(a->sibling->key.empty());
  EXPECT_TRUE(a->sibling->sibling->key.empty());
  release(one);
  release(two);
}

TEST_F(Producing, TakesRoomInAllQueuesOrInNone) {
  plan.queue("wide").capacity_events = 1'000;  // too few for a lease
  plan.options.routes.back().type = {"all"};
  plan.queue("narrow").capacity_events = 1;
  plan.options.routes.back().type = {"all"};
  Producer& producer = open();
  Slot* first = prepare(producer, "all").value();
  Slot* second = prepare(producer, "all").value();
  EXPECT_EQ(producer.reserve(*first), -1);
  EXPECT_EQ(producer.reserve(*second), 1) << "the queue without room";
  EXPECT_EQ(used(0), 1U);
  EXPECT_EQ(used(1), 1U);
  producer.discard(first);
  EXPECT_EQ(used(0) + used(1), 0U);
  producer.abandon(second);
}

TEST_F(Producing, TakesRoomAheadWhereThereIsPlenty) {
  plan.queue("wide");
  QueueOptions& mixed = plan.queue("mixed");
  mixed.reserve_priority = 7;
  mixed.reserve_share = 0.2;
  plan.queue("dropping").overflow = Overflow::kDropNewest;
  Producer& producer = open();
  for (const char* type : {"wide", "wide", "mixed", "dropping"}) {
    Slot* slot = prepare(producer, type).value();
    EXPECT_EQ(producer.reserve(*slot), -1);
    producer.push(slot);
  }
  EXPECT_EQ(used(0), Lease::kEvents);
  EXPECT_EQ(used(1), 1U) << "what others may use is not taken ahead";
  EXPECT_EQ(used(2), 1U);
}

TEST_F(Producing, TakesRoomOverCapacityForFollowUps) {
  plan.queue("a").capacity_events = 1;
  Producer& producer = open();
  for (int i = 0; i < 3; ++i) {
    Slot* slot = prepare(producer, "a").value();
    producer.force(*slot);
    EXPECT_TRUE(first_delivery(*slot).follow_up);
    producer.push(slot);
  }
  EXPECT_EQ(used(0), 3U);
}

TEST_F(Producing, PushesSeveralAtOnceInOrder) {
  plan.queue("a").priority = 3;
  Producer& producer = open();
  std::vector<Slot*> slots;
  for (int i = 0; i < 5; ++i) slots.push_back(prepare(producer, "a").value());
  for (Slot* slot : slots) EXPECT_EQ(producer.reserve(*slot), -1);
  producer.push(slots);
  EXPECT_EQ(producer.counts().published.load(), 5U);
  EXPECT_EQ(monitor->urgent[kNativePool].load(), 4U) << "priority + 1";
  std::vector<Slot*> taken(9);
  EXPECT_EQ(monitor->door.drain(taken.data(), taken.size()), 5U);
  taken.resize(5);
  EXPECT_EQ(taken, slots);
  for (Slot* slot : slots) producer.discard(slot);
}

TEST_F(Producing, CountsBytesToo) {
  plan.queue("a").capacity_bytes = 300;
  plan.options.queues.back().overflow = Overflow::kReject;
  Producer& producer = open();
  publish_all(producer, 1, "a");
  EventFields fields = event_of("a");
  const auto refused = producer.publish(fields);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kQueueFull);
}

TEST_F(Producing, RefusesAtOnceWhenAFullQueueRejects) {
  plan.queue("a").capacity_events = 2;
  plan.options.queues.back().overflow = Overflow::kReject;
  Producer& producer = open();
  publish_all(producer, 2, "a");
  EventFields fields = event_of("a");
  const auto refused = producer.publish(fields);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kQueueFull);
  EXPECT_NE(refused.error().message.find("'a'"), std::string::npos);
  EXPECT_EQ(producer.counts().rejected.load(), 1U);
  EXPECT_EQ(producer.counts().published.load(), 2U);
}

TEST_F(Producing, WaitsForRoomWhenAFullQueueBlocks) {
  plan.queue("a").capacity_events = 1;
  Producer& producer = open();
  publish_all(producer, 1, "a");
  std::atomic<bool> in{false};
  std::jthread blocked([&] {
    EventFields fields = event_of("a");
    in = monitor->open_producer().publish(fields).has_value();
  });
  std::jthread consumer([&] {
    monitor->lock();
    Pick pick;
    Machine& machine = monitor->machine();
    (void)monitor->drain_door(1);
    machine.dispatcher().pick(kNativePool, 1, 1, pick);
    Machine::Settled settled{pick.deliveries[0], 1, Outcome::done()};
    machine.settle({&settled, 1}, 1);
    machine.dispatcher().finish(pick, 1, 1);
    monitor->unlock();
    monitor->room.notify();
  });
  EXPECT_TRUE(await([&] { return in.load(); }));
}

TEST_F(Producing, EndsItsWaitWhenTheEngineStops) {
  plan.queue("a").capacity_events = 1;
  Producer& producer = open();
  publish_all(producer, 1, "a");
  ErrorCode code{};
  std::jthread blocked([&] {
    EventFields fields = event_of("a");
    code = monitor->open_producer().publish(fields).error().code;
  });
  monitor->closed = true;
  monitor->room.notify();
  blocked.join();
  EXPECT_EQ(code, ErrorCode::kEngineStopped);
}

TEST_F(Producing, RefusesEverythingOnceTheEngineStopped) {
  plan.queue("a");
  Producer& producer = open();
  monitor->closed = true;
  EventFields fields = event_of("a");
  EXPECT_EQ(producer.publish(fields).error().code, ErrorCode::kEngineStopped);
  EXPECT_EQ(used(0), 0U);
}

TEST_F(Producing, DoesNotWaitWhereNobodyElseCouldMakeRoom) {
  plan.queue("a").capacity_events = 1;
  Producer& producer = open();
  monitor->set_virtual(kSecond);
  publish_all(producer, 1, "a");
  EventFields fields = event_of("a");
  EXPECT_EQ(producer.publish(fields).error().code, ErrorCode::kQueueFull);
}

TEST_F(Producing, RaisesTheUrgentWordOfTheTargetsPoolOnly) {
  plan.queue("native");
  plan.queue("other", kPythonPool);
  Producer& producer = open();
  EventFields fields = event_of("other");
  fields.priority = 9;
  ASSERT_TRUE(producer.publish(fields));
  EXPECT_EQ(monitor->urgent[kPythonPool].load(), 10U);
  EXPECT_EQ(monitor->urgent[kNativePool].load(), 0U);
}

struct UnmatchedCase {
  Unmatched policy;
  bool published, dropped, refused;
};

class ProducingUnmatched : public Producing, public testing::WithParamInterface<UnmatchedCase> {};

TEST_P(ProducingUnmatched, DoesWhatThePlanSays) {
  const UnmatchedCase& expected = GetParam();
  plan.queue("a").capacity_events = 1'000;  // too few for a lease
  plan.options.engine.unmatched = expected.policy;
  plan.options.engine.unmatched_queue = "a";
  Producer& producer = open();
  EventFields fields = event_of("nobody.wants.it");
  const auto result = producer.publish(fields);
  EXPECT_EQ(!result, expected.refused);
  if (!result) {
    EXPECT_EQ(result.error().code, ErrorCode::kUnmatched);
  }
  EXPECT_EQ(producer.counts().published.load(), expected.published ? 1U : 0U);
  EXPECT_EQ(producer.counts().unmatched.load(), expected.dropped ? 1U : 0U);
  EXPECT_EQ(producer.counts().rejected.load(), expected.refused ? 1U : 0U);
  EXPECT_EQ(used(0), expected.policy == Unmatched::kQueue ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Policies, ProducingUnmatched,
                         testing::Values(UnmatchedCase{Unmatched::kDead, true, false, false},
                                         UnmatchedCase{Unmatched::kDrop, false, true, false},
                                         UnmatchedCase{Unmatched::kReject, false, false, true},
                                         UnmatchedCase{Unmatched::kQueue, true, false, false}));

/// Nobody wants it, and it is still an error: the ledger says rejected, not unmatched.
TEST_F(Producing, RefusesTooLargeAnEventAlsoWhereUnmatchedOnesAreDropped) {
  plan.queue("a");
  plan.options.engine.unmatched = Unmatched::kDrop;
  Producer& producer = open();
  const std::string large(kMaxEventBytes + 1, 'x');
  EventFields fields = event_of("nobody.wants.it", "", large);
  const auto result = producer.publish(fields);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kEventTooLarge);
  EXPECT_EQ(producer.counts().rejected.load(), 1U);
  EXPECT_EQ(producer.counts().unmatched.load(), 0U);
}

}  // namespace
}  // namespace veltrix
