// Dead letters accepted anew; duplicates, conflicts and what becomes of them.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

/// The letter's event again, as readdress() makes it.
Slot* copy_of(Rig& rig, const DeadLetter& letter, std::uint8_t priority = kDefaultPriority) {
  Slot& slot = rig.event({{letter.queue, 0, priority}});
  Delivery& delivery = first_delivery(slot);
  delivery.key = letter.key;
  rig.queue(letter.queue).budget.give_back(1, slot.charged_bytes());
  return &slot;
}

std::size_t redrive_all(Rig& rig, std::int64_t spacing = 0) {
  std::vector<Machine::Redrive> redrives;
  for (const DeadLetter& letter : rig.letters()) {
    redrives.push_back({letter.number, copy_of(rig, letter)});
  }
  return rig.machine->redrive(redrives, spacing, rig.now);
}

TEST(Redrive, TakesThePlaceThatTheSequenceSays) {
  QueueOptions options = queue_named("a");
  options.retry.max_attempts = 1;
  Rig rig({options});
  rig.publish({{0, 1}});
  rig.settle(rig.pick(), OutcomeKind::kRetry);
  rig.publish({{0, 1}});
  rig.publish({{0, 2}});
  EXPECT_EQ(redrive_all(rig), 1U);
  EXPECT_TRUE(rig.letters().empty());
  const Pick first = rig.pick(1);
  EXPECT_EQ(sequences(first), (Sequences{1}));
  EXPECT_EQ(first.deliveries[0]->attempt, 1);
  rig.settle(first);
  for (Pick pick = rig.pick(); !pick.empty(); pick = rig.pick()) rig.settle(pick);
  EXPECT_EQ(rig.queue(0).counts.accepted, 4U);
  EXPECT_EQ(rig.queue(0).counts.done, 3U);
  EXPECT_EQ(rig.counts().redriven, 1U);
  expect_balance(rig, true);
}

TEST(Redrive, SpacesWhatRunsAgain) {
  Rig rig({queue_named("a")});
  rig.publish_many(3, {});
  for (int i = 0; i < 3; ++i) rig.settle(rig.pick(1), OutcomeKind::kDead);
  EXPECT_EQ(redrive_all(rig, kSecond), 3U);
  EXPECT_EQ(rig.queue(0).counts.delayed, 2U);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{1}));
  rig.advance_to(rig.now + kSecond + kMillisecond);
  EXPECT_EQ(sequences(rig.pick()).size(), 0U) << "concurrency 1";
}

TEST(Redrive, LeavesLettersWithoutRoomAndLettersThatAreGone) {
  QueueOptions options = queue_named("a");
  options.capacity_events = 1;
  Rig rig({options});
  rig.publish({{0}});
  rig.settle(rig.pick(), OutcomeKind::kDead);
  const DeadLetter letter = rig.letters()[0];
  rig.publish({{0}});
  EXPECT_EQ(redrive_all(rig), 0U);
  EXPECT_EQ(rig.letters().size(), 1U);
  rig.settle(rig.pick());
  EXPECT_EQ(redrive_all(rig), 1U);
  const Machine::Redrive again{letter.number, copy_of(rig, letter)};
  EXPECT_EQ(rig.machine->redrive({&again, 1}, 0, rig.now), 0U);
  rig.settle(rig.pick());
  expect_balance(rig, true);
}

TEST(Redrive, DisplacesARetryThatHoldsItsKeyAndStopsItsTimerOnce) {
  Rig rig({queue_named("a")});
  rig.publish({{0, 1}});
  rig.settle(rig.pick(), OutcomeKind::kDead);
  rig.publish({{0, 1}}, 7);
  rig.settle(rig.pick(), OutcomeKind::kRetry);
  EXPECT_EQ(rig.queue(0).counts.delayed, 1U);
  EXPECT_EQ(redrive_all(rig), 1U);
  EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  const Pick first = rig.pick(1);
  EXPECT_EQ(sequences(first), (Sequences{1}));
  EXPECT_EQ(rig.machine->cancel("id7", "", rig.now).size(), 1U);
  EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  rig.settle(first);
  expect_balance(rig, true);
}

TEST(Redrive, MakesRoomForTheNextWithWhatANewerOneReplaces) {
  QueueOptions options = queue_named("a");
  options.latest_every = 0;
  options.capacity_events = 2;
  Rig rig({options});
  for (int i = 0; i < 2; ++i) {
    rig.publish({{0, 1}});
    rig.settle(rig.pick(), OutcomeKind::kDead);
  }
  rig.publish({{0, 1}});
  EXPECT_EQ(redrive_all(rig), 2U);
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["superseded"], 2U);
  const Pick pick = rig.pick();
  EXPECT_EQ(sequences(pick), (Sequences{3}));
  rig.settle(pick);
  expect_balance(rig, true);
}

TEST(Duplicates, AreToldTheFateOfTheFirst) {
  Rig rig({queue_named("a"), queue_named("b")});
  Slot& first = rig.publish({{0}, {1}}, 7);
  Slot& again = rig.publish({{0}, {1}}, 7);
  EXPECT_EQ(again.state.load(), SlotState::kDuplicate);
  Fates& fates = rig.machine->dispatcher().fates();
  EXPECT_EQ(fates.find(again.sequence, 0), DeliveryState::kNew);
  rig.settle(rig.pick(), OutcomeKind::kDead);
  rig.settle(rig.pick());
  EXPECT_EQ(fates.find(first.sequence, 0), DeliveryState::kDead);
  EXPECT_EQ(fates.find(first.sequence, 1), DeliveryState::kDone);
}

TEST(Duplicates, WithAnotherPayloadAreConflicts) {
  Rig rig({queue_named("a")});
  rig.publish({{0}}, 7);
  Slot* other = &rig.event({{0}}, 7);
  other->sequence = 0x1234;  // where the door leaves the hash of type and payload
  rig.machine->receive({&other, 1}, rig.now);
  EXPECT_EQ(other->state.load(), SlotState::kConflict);
  EXPECT_EQ(rig.counts().conflict, 1U);
  ASSERT_EQ(rig.letters().size(), 1U);
  EXPECT_EQ(rig.letters()[0].code, "conflict");
  rig.settle(rig.pick());
  expect_balance(rig, true);
}

TEST(Duplicates, OfAQueueAreDroppedThereOnly) {
  QueueOptions options = queue_named("a");
  options.dedup_window = kSecond;
  options.dedup_by = {"data.x"};
  Rig rig({options, queue_named("b")});
  for (const std::int64_t hash : {5, 5, 6, 0, 0}) {
    rig.dedup_hash = hash;
    rig.publish({{0}, {1}});
  }
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["duplicate"], 1U);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 4U);
  EXPECT_EQ(rig.queue(1).counts.in_flight, 5U);
  rig.now += kSecond;
  rig.dedup_hash = 5;
  rig.publish({{0}});
  EXPECT_EQ(rig.queue(0).counts.dropped, 1U);
}

}  // namespace
}  // namespace veltrix
