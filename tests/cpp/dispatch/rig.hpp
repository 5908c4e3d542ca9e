#pragma once
// A Machine with a clock in hand: builds events, takes their room, picks, settles and drops what is
// released. Slots are heap blocks, so that a sanitizer sees every access to what is gone.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/dispatch/machine.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

inline QueueOptions queue_named(const std::string& name) {
  QueueOptions options;
  options.name = name;
  options.retry.backoff = kMillisecond;
  return options;
}

/// Remembers what was appended; decides when the test says so.
class HeldStage final : public CommitStage {
 public:
  void append(std::span<Slot* const> slots, std::int64_t, CommitSink&) override {
    waiting.insert(waiting.end(), slots.begin(), slots.end());
  }
  void poll(std::int64_t now, CommitSink& sink) override {
    std::vector<Slot*> decided;
    decided.swap(waiting);
    if (decided.empty() || !open) {
      waiting = decided;
    } else if (refuse) {
      sink.refused(decided, now);
    } else {
      sink.committed(decided, now);
    }
  }
  std::size_t pending() const noexcept override { return waiting.size(); }

  std::vector<Slot*> waiting;
  bool open = false;
  bool refuse = false;
};

class Rig {
 public:
  struct To {
    std::uint16_t queue = 0;
    std::uint64_t key = 0;  // 0: unordered
    std::uint8_t priority = kDefaultPriority;
    std::int64_t due = 0;
  };

  explicit Rig(std::vector<QueueOptions> queues, const MachineOptions& options = {},
               std::unique_ptr<CommitStage> stage = std::make_unique<NullCommitStage>(),
               std::uint32_t slots = 4) {
    std::vector<Dispatcher::QueuePlan> plans;
    for (QueueOptions& queue : queues) plans.push_back({std::move(queue), 0});
    machine = std::make_unique<Machine>(options, std::move(plans),
                                        std::vector<Dispatcher::Pool>{{slots}}, std::move(stage));
  }
  ~Rig() {
    drop_released();
    machine.reset();
    // Whatever a test left in flight still holds the deliveries' reference.
    for (Slot* slot : kept_) release(slot, slot->refs.load());
  }

  /// An event as the door hands it over; the rig keeps a reference until its own end.
  Slot& event(const std::vector<To>& targets, std::uint64_t id = 0, std::uint8_t hops = 0) {
    EventFields fields;
    const std::string text = "id" + std::to_string(id);
    fields.id = text;
    fields.source = "/rig";
    fields.type = "rigged";
    fields.given_id = id != 0;
    fields.hops = hops;
    fields.has_time = event_time >= 0;
    fields.time.seconds = event_time;
    fields.tail_words = (expiry == 0 ? 0 : 1) + (dedup_hash < 0 ? 0 : 2);
    Slot& slot = *build_slot(nullptr, fields).value();
    slot.published_ns = now;
    if (expiry != 0) {
      slot.flags |= kExpires;
      slot.tail()[0] = static_cast<std::uint64_t>(expiry);
    }
    for (std::uint32_t word = expiry == 0 ? 0 : 1; word < fields.tail_words; ++word) {
      slot.tail()[word] = static_cast<std::uint64_t>(dedup_hash);
    }
    auto* delivery = new (slot.first_delivery) Delivery();
    delivery->slot = &slot;
    if (id != 0) delivery->id_hash = {id, id};
    if (targets.empty()) slot.state.store(SlotState::kUnmatched);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (i != 0) delivery = &add_delivery(slot, *delivery);
      address(*delivery, targets[i], slot.charged_bytes());
    }
    slot.refs.fetch_add(1);
    kept_.push_back(&slot);
    return slot;
  }
  Slot& publish(const std::vector<To>& targets, std::uint64_t id = 0) {
    Slot* slot = &event(targets, id);
    machine->receive({&slot, 1}, now);
    return *slot;
  }
  void publish_many(std::uint64_t count, const To& target) {
    for (std::uint64_t i = 0; i < count; ++i) publish({target});
  }

  Pick pick(std::size_t most = 64) {
    Pick pick;
    machine->dispatcher().pick(0, most, now, pick);
    return pick;
  }
  /// Settles all of a pick with the same kind; it took `ns`.
  void settle(const Pick& pick, OutcomeKind kind = OutcomeKind::kDone, std::int64_t ns = 1'000) {
    std::vector<Machine::Settled> settled;
    for (Delivery* delivery : pick.deliveries) {
      settled.push_back({delivery, delivery->attempt, outcome(kind)});
    }
    machine->settle(settled, now);
    machine->dispatcher().finish(pick, static_cast<double>(ns), settled.size());
  }
  bool settle_one(Delivery& delivery, std::uint16_t attempt, Outcome result) {
    const std::uint64_t late = queue(delivery.queue).counts.late;
    Machine::Settled settled{&delivery, attempt, std::move(result)};
    machine->settle({&settled, 1}, now);
    return queue(delivery.queue).counts.late == late;
  }
  static Outcome outcome(OutcomeKind kind) {
    return kind == OutcomeKind::kDone ? Outcome::done() : Outcome::failed(kind, "code", "text");
  }
  void advance_to(std::int64_t time) {
    now = time;
    machine->advance(now);
  }
  /// References left of an event: the rig's own, and those of dead letters.
  std::uint32_t references(const Slot& slot) {
    drop_released();
    return slot.refs.load();
  }
  void drop_released() {
    for (Slot* slot : machine->released()) release(slot);
    machine->released().clear();
  }

  QueueState& queue(std::size_t index) { return *machine->dispatcher().queues()[index]; }
  const MachineCounts& counts() const { return machine->counts(); }
  const std::deque<DeadLetter>& letters() const { return machine->dead_letters().all(); }

  std::unique_ptr<Machine> machine;
  std::int64_t now = kSecond;
  std::int64_t event_time = -1;  // of the next events, in seconds; -1: none
  std::int64_t expiry = 0;       // of the next events; 0: none of their own
  std::int64_t dedup_hash = -1;  // for a queue's own window; 0: none, -1: no such queue

 private:
  static Delivery& add_delivery(Slot& slot, Delivery& previous) {
    Slot* block = new_heap_slot(kSlotClassBytes[0]);
    block->next = slot.next;
    slot.next = block;
    auto* delivery = new (block->first_delivery) Delivery();
    delivery->slot = &slot;
    previous.sibling = delivery;
    return *delivery;
  }
  void address(Delivery& delivery, const To& target, std::uint64_t bytes) {
    delivery.queue = target.queue;
    delivery.priority = target.priority;
    delivery.ready_ns = target.due;
    if (target.key != 0) delivery.key = {target.key, target.key};
    if (!queue(target.queue).reserve(delivery, bytes)) queue(target.queue).budget.force(bytes);
  }

  std::vector<Slot*> kept_;
};

inline std::vector<std::uint64_t> sequences(const Pick& pick) {
  std::vector<std::uint64_t> all;
  for (const Delivery* delivery : pick.deliveries) all.push_back(delivery->slot->sequence);
  return all;
}
using Sequences = std::vector<std::uint64_t>;

/// Every count of every queue adds up, and at rest all room is back.
inline void expect_balance(Rig& rig, bool at_rest) {
  const MachineCounts& counts = rig.counts();
  EXPECT_EQ(counts.received, counts.admitted + counts.duplicate + counts.rejected +
                                 counts.unmatched + counts.pending);
  for (const auto& queue : rig.machine->dispatcher().queues()) {
    const QueueCounts& one = queue->counts;
    EXPECT_EQ(one.accepted, one.done + one.dead + one.dropped + one.in_flight);
    if (!at_rest) continue;
    EXPECT_EQ(one.in_flight, 0U) << queue->options.name;
    EXPECT_EQ(queue->budget.used_events(), 0U) << queue->options.name;
    EXPECT_EQ(queue->budget.used_bytes(), 0U) << queue->options.name;
  }
}

}  // namespace veltrix
