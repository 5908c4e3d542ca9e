#include "veltrix/dispatch/machine.hpp"

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

/// Settles a pick of one event as done, with these follow-ups.
void settle_with(Rig& rig, const Pick& pick, std::vector<Slot*> follow_ups) {
  Outcome outcome = Outcome::done();
  outcome.follow_ups = std::make_unique<std::vector<Slot*>>(std::move(follow_ups));
  Delivery& delivery = *pick.deliveries[0];
  rig.settle_one(delivery, delivery.attempt, std::move(outcome));
  rig.machine->dispatcher().finish(pick, 1, 1);
}

TEST(Machine, CountsWhatNoRouteTakesAsADeadLetter) {
  Rig rig({queue_named("a")});
  Slot& slot = rig.publish({});
  EXPECT_EQ(rig.counts().unmatched, 1U);
  EXPECT_EQ(rig.counts().received, 1U);
  EXPECT_EQ(slot.state.load(), SlotState::kUnmatched);
  ASSERT_EQ(rig.letters().size(), 1U);
  EXPECT_EQ(rig.letters().front().queue, kNoQueue);
  EXPECT_EQ(rig.letters().front().code, "unmatched");
  EXPECT_EQ(rig.references(slot), 2U);  // the rig's and the dead letter's
  expect_balance(rig, true);
}

TEST(Machine, AnswersADuplicateWithTheFirstSequence) {
  Rig rig({queue_named("a"), queue_named("b")});
  Slot& first = rig.publish({{0}, {1}}, 77);
  Slot& other = rig.publish({{0}}, 78);
  Slot& again = rig.publish({{0}, {1}}, 77);
  EXPECT_EQ(first.sequence, 1U);
  EXPECT_EQ(other.sequence, 2U);
  EXPECT_EQ(again.sequence, 1U);
  EXPECT_EQ(again.state.load(), SlotState::kDuplicate);
  EXPECT_EQ(rig.references(again), 1U);
  EXPECT_EQ(rig.counts().duplicate, 1U);
  EXPECT_EQ(rig.queue(0).budget.used_events(), 2U);
  EXPECT_EQ(rig.publish({{0}}).sequence, 3U);  // a duplicate takes no number
  expect_balance(rig, false);
}

TEST(Machine, ComparesOnlyIdsThatTheProducerGave) {
  Rig rig({queue_named("a")});
  rig.publish({{0}});
  rig.publish({{0}});
  EXPECT_EQ(rig.counts().duplicate, 0U);
  MachineOptions off;
  off.dedup.window = 0;
  Rig without({queue_named("a")}, off);
  without.publish({{0}}, 5);
  without.publish({{0}}, 5);
  EXPECT_EQ(without.counts().admitted, 2U);
}

TEST(Machine, DispatchesOnlyWhatIsCommitted) {
  auto owned = std::make_unique<HeldStage>();
  HeldStage& stage = *owned;
  Rig rig({queue_named("a")}, {}, std::move(owned));
  Slot& slot = rig.publish({{0}});
  EXPECT_EQ(rig.counts().pending, 1U);
  EXPECT_FALSE(rig.machine->quiet());
  EXPECT_EQ(slot.state.load(), SlotState::kPublished);
  EXPECT_TRUE(rig.pick().empty());
  stage.open = true;
  rig.advance_to(rig.now);
  EXPECT_EQ(rig.counts().pending, 0U);
  EXPECT_EQ(slot.state.load(), SlotState::kAccepted);
  rig.settle(rig.pick());
  EXPECT_TRUE(rig.machine->quiet());
  expect_balance(rig, true);
}

TEST(Machine, LetsARefusedEventComeAgain) {
  auto owned = std::make_unique<HeldStage>();
  HeldStage& stage = *owned;
  Rig rig({queue_named("a")}, {}, std::move(owned));
  Slot& slot = rig.publish({{0}}, 5);
  stage.open = stage.refuse = true;
  rig.advance_to(rig.now);
  EXPECT_EQ(slot.state.load(), SlotState::kRejected);
  EXPECT_EQ(rig.counts().rejected, 1U);
  EXPECT_EQ(rig.references(slot), 1U);
  expect_balance(rig, true);
  stage.refuse = false;
  EXPECT_EQ(rig.publish({{0}}, 5).sequence, 2U);
  rig.advance_to(rig.now);
  EXPECT_EQ(rig.counts().admitted, 1U);
}

TEST(Machine, KeepsALaterEventOfTheIdWhenAnEarlierOneIsRefused) {
  auto owned = std::make_unique<HeldStage>();
  HeldStage& stage = *owned;
  MachineOptions options;
  options.dedup.window = kSecond;
  Rig rig({queue_named("a")}, options, std::move(owned));
  rig.publish({{0}}, 5);
  std::vector<Slot*> first;
  first.swap(stage.waiting);
  rig.now += kSecond;  // the window is over
  rig.publish({{0}}, 5);
  stage.waiting.swap(first);
  stage.open = stage.refuse = true;
  rig.advance_to(rig.now);
  EXPECT_EQ(rig.publish({{0}}, 5).state.load(), SlotState::kDuplicate);
  stage.waiting.swap(first);
  stage.refuse = false;
  rig.advance_to(rig.now);
}

TEST(Machine, AdmitsFollowUpsWithTheirParentsOutcome) {
  Rig rig({queue_named("a"), queue_named("b")});
  rig.publish({{0}});
  Slot& child = rig.event({{1}});
  settle_with(rig, rig.pick(1), {&child});
  EXPECT_EQ(rig.counts().follow_ups, 1U);
  EXPECT_EQ(rig.counts().received, 2U);
  EXPECT_EQ(child.sequence, 2U);
  rig.settle(rig.pick());
  expect_balance(rig, true);
}

TEST(Machine, TurnsFollowUpsOfALateOutcomeAway) {
  Rig rig({queue_named("a")});
  rig.publish({{0}});
  const Pick pick = rig.pick(1);
  rig.settle(pick);
  Slot& child = rig.event({{0}});
  Outcome late = Outcome::done();
  late.follow_ups = std::make_unique<std::vector<Slot*>>(std::vector<Slot*>{&child});
  EXPECT_FALSE(rig.settle_one(*pick.deliveries[0], 1, std::move(late)));
  EXPECT_EQ(rig.counts().received, 1U);
  EXPECT_EQ(child.state.load(), SlotState::kRejected);
  EXPECT_EQ(rig.references(child), 1U);
  expect_balance(rig, true);
}

TEST(Machine, EndsAChainOfFollowUpsAfterItsLastHop) {
  for (const std::size_t hops : {kMaxHops, kMaxHops + 1}) {
    Rig rig({queue_named("a")});
    rig.publish({{0}});
    Slot& child = rig.event({{0}}, 0, static_cast<std::uint8_t>(hops));
    settle_with(rig, rig.pick(1), {&child});
    const bool beyond = hops > kMaxHops;
    EXPECT_EQ(rig.counts().rejected, beyond ? 1U : 0U);
    EXPECT_EQ(rig.letters().size(), beyond ? 1U : 0U);
    expect_balance(rig, beyond);
    if (!beyond) continue;
    EXPECT_EQ(rig.letters().front().code, "too_many_hops");
  }
}

/// `a` emits two events into `b`, which holds one.
std::unique_ptr<Rig> overfull(QueueOptions target) {
  target.capacity_events = 1;
  auto rig = std::make_unique<Rig>(std::vector<QueueOptions>{queue_named("a"), target});
  rig->publish_many(2, {0, 0, 9});
  settle_with(*rig, rig->pick(1), {&rig->event({{1}}), &rig->event({{1}})});
  return rig;
}

TEST(Machine, HoldsAQueueThatEmitsIntoAFullOne) {
  const auto rig = overfull(queue_named("b"));
  const Pick held_back = rig->pick(1);
  EXPECT_EQ(held_back.choice.queue->id, 1);  // priority 4, although 9 is ready
  EXPECT_TRUE(rig->pick(1).empty());
  rig->settle(held_back);
  EXPECT_EQ(rig->pick(1).choice.queue->id, 0);  // `b` is within its capacity again
}

TEST(Machine, HoldsNothingForAQueueThatRejects) {
  QueueOptions target = queue_named("b");
  target.overflow = Overflow::kReject;
  EXPECT_EQ(overfull(target)->pick(1).choice.queue->id, 0);
}

TEST(Machine, HoldsNothingInACircle) {
  const auto rig = overfull(queue_named("b"));
  // `b` answers into `a`: were both held, nothing would ever run again.
  const Pick answer = rig->pick(1);
  ASSERT_EQ(answer.choice.queue->id, 1);
  Slot& more = rig->event({{1}});
  Slot& back = rig->event({{0, 0, 9}});
  settle_with(*rig, answer, {&more, &back});
  EXPECT_TRUE(rig->queue(1).over_capacity());
  EXPECT_EQ(rig->pick(1).choice.queue->id, 0);
}

TEST(Machine, ReturnsTheRoomOfAFullKeyAtOnce) {
  QueueOptions options = queue_named("a");
  options.capacity_events = 4;
  options.capacity_per_key = 1;
  Rig rig({options});
  rig.publish({{0, 1}});
  rig.settle(rig.pick(1), OutcomeKind::kRetry);  // the key is parked, nothing runs
  for (int i = 0; i < 10; ++i) rig.publish({{0, 1}});
  EXPECT_EQ(rig.queue(0).budget.used_events(), 1U);
  EXPECT_EQ(rig.queue(0).counts.dead, 10U);
}

}  // namespace
}  // namespace veltrix
