#include "veltrix/dispatch/machine.hpp"

#include <string>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

namespace {
// How far ahead of admission memory is touched: an event's two lines, then its dedup bucket, then
// its strand's bucket. Distances from measurement; a miss costs 100 ns and more.
constexpr std::size_t kSlotAhead = 24;
constexpr std::size_t kDedupAhead = 12;
constexpr std::size_t kStrandAhead = 6;

DispatchOptions with_fates(const MachineOptions& options) {
  DispatchOptions out = options.dispatch;
  out.fates = options.dedup.window > 0 ? options.dedup.events : 0;
  return out;
}

StationKind station_of(const Delivery& delivery) noexcept {
  switch (delivery.state.load(std::memory_order_relaxed)) {
    case DeliveryState::kDone:
      return StationKind::kDone;
    case DeliveryState::kDead:
      return StationKind::kDead;
    case DeliveryState::kDropped:
      return StationKind::kDropped;
    default:
      return StationKind::kRetry;
  }
}
}  // namespace

Machine::Machine(const MachineOptions& options, std::vector<Dispatcher::QueuePlan> queues,
                 std::vector<Dispatcher::Pool> pools, std::unique_ptr<CommitStage> commit)
    : dead_letters_(options.dead_letter_events, &notices_),
      dispatcher_(with_fates(options), std::move(queues), std::move(pools), dead_letters_),
      dedup_(options.dedup),
      commit_(std::move(commit)) {}

void Machine::receive(std::span<Slot* const> slots, std::int64_t now) {
  counts_.received += slots.size();
  admit_all(slots, now);
  // What a full key turned into dead letters at once must not keep its room until the next
  // settle().
  dispatcher_.return_room();
}

void Machine::admit_all(std::span<Slot* const> slots, std::int64_t now) {
  accepted_.clear();
  const std::size_t count = slots.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kSlotAhead < count) {
      __builtin_prefetch(slots[i + kSlotAhead]);
      __builtin_prefetch(slots[i + kSlotAhead]->first_delivery);
    }
    if (i + kDedupAhead < count) {
      const Delivery& ahead = first_delivery(*slots[i + kDedupAhead]);
      if (!ahead.id_hash.empty()) dedup_.prefetch(ahead.id_hash);
    }
    if (admit(*slots[i], now)) accepted_.push_back(slots[i]);
  }
  counts_.pending += accepted_.size();
  commit_->append(accepted_, now, *this);
}

bool Machine::admit(Slot& slot, std::int64_t now) {
  // relaxed: written by the producer before it pushed the slot through the door
  const SlotState state = slot.state.load(std::memory_order_relaxed);
  if (is_untaken(state)) {
    bury_untaken(slot, state, now);
    return false;
  }
  const bool given = (slot.flags & kGivenId) != 0;
  if (given && dedup_.enabled() && repeats(slot, now)) return false;
  slot.sequence = next_sequence_++;
  if (given) dispatcher_.fates().open(slot.sequence);
  return true;
}

void Machine::bury_untaken(Slot& slot, SlotState state, std::int64_t now) {
  if (state == SlotState::kUnmatched) {
    ++counts_.unmatched;
    dead_letters_.add({&slot, kNoQueue, 0, now, "unmatched", "no route takes this type"});
  } else {
    ++counts_.filtered;
    dead_letters_.add({&slot, kNoQueue, 0, now, "filter_error", std::string(slot.tail_text())});
  }
  released_.push_back(&slot);
}

/// The id was accepted before: a duplicate, or another event under the same id.
bool Machine::repeats(Slot& slot, std::int64_t now) {
  const Delivery& delivery = first_delivery(slot);
  const auto payload = static_cast<std::uint32_t>(slot.sequence);
  const auto first = dedup_.find_or_insert(delivery.id_hash, {next_sequence_, payload}, now);
  if (first.sequence == 0) return false;
  slot.sequence = first.sequence;
  // A handler that runs again may well say something else; its first word counts.
  if (first.payload == payload || delivery.follow_up) {
    ++counts_.duplicate;
    turn_away(slot, SlotState::kDuplicate);
    return true;
  }
  ++counts_.rejected;
  ++counts_.conflict;
  dead_letters_.add(
      {&slot, kNoQueue, 0, now, "conflict",
       "its id was accepted with another payload, as sequence " + std::to_string(first.sequence)});
  turn_away(slot, SlotState::kConflict);
  return true;
}

void Machine::turn_away(Slot& slot, SlotState state) {
  if (!is_untaken(slot.state.load(std::memory_order_relaxed))) {
    for (const Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
      if (d->turned_away) continue;
      dispatcher_.queues()[d->queue]->budget.give_back(1, slot.charged_bytes());
    }
  }
  // release: whoever reads the state also reads the sequence
  slot.state.store(state, std::memory_order_release);
  released_.push_back(&slot);
}

void Machine::committed(std::span<Slot* const> slots, std::int64_t now) {
  counts_.pending -= slots.size();
  counts_.admitted += slots.size();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i + kStrandAhead < slots.size()) dispatcher_.prefetch(*slots[i + kStrandAhead]);
    Slot& slot = *slots[i];
    slot.state.store(SlotState::kAccepted, std::memory_order_release);
    if (Timelines::sampled(slot)) dispatcher_.timelines().admitted(slot, now);
    dispatcher_.file(slot, now, released_);
  }
}

void Machine::refused(std::span<Slot* const> slots, std::int64_t) {
  counts_.pending -= slots.size();
  counts_.rejected += slots.size();
  for (Slot* slot : slots) {
    const Delivery& delivery = first_delivery(*slot);
    if ((slot->flags & kGivenId) != 0 && dedup_.enabled()) {
      dedup_.forget(delivery.id_hash, slot->sequence);
    }
    turn_away(*slot, SlotState::kRejected);
  }
}

void Machine::settle(std::span<Settled> settled, std::int64_t now) {
  dispatcher_.timelines().new_visit();
  for (std::size_t i = 0; i < settled.size(); ++i) {
    if (i + kStrandAhead < settled.size()) {
      dispatcher_.prefetch_end(*settled[i + kStrandAhead].delivery);
    }
    Settled& one = settled[i];
    const std::uint16_t from = one.delivery->queue;
    const auto follow_ups = std::move(one.outcome.follow_ups);
    const bool counted = settle_one(one, now);
    if (follow_ups == nullptr) continue;
    if (counted) {
      receive_follow_ups(from, *follow_ups, now);
    } else {
      for (Slot* slot : *follow_ups) turn_away(*slot, SlotState::kRejected);
    }
  }
  dispatcher_.return_room();
}

bool Machine::settle_one(Settled& settled, std::int64_t now) {
  Delivery& delivery = *settled.delivery;
  Timelines& timelines = dispatcher_.timelines();
  const bool failed = settled.outcome.kind != OutcomeKind::kDone;
  if (!failed && !Timelines::traced(delivery)) {
    const bool wanted = timelines.wants_recent() && settled.begun_ns != 0;
    const AttemptStamps stamps{delivery.queue, settled.attempt, delivery.ready_ns,
                               settled.begun_ns};
    if (!dispatcher_.settle(delivery, settled.attempt, settled.outcome, now, released_)) {
      return false;
    }
    if (wanted) timelines.recent(*delivery.slot, stamps, now);
    return true;
  }
  const AttemptStamps stamps{delivery.queue, settled.attempt, delivery.ready_ns, settled.begun_ns};
  const std::string code = settled.outcome.failure ? settled.outcome.failure->code : "";
  const std::uint64_t dropped = dispatcher_.queues()[delivery.queue]->counts.dropped;
  if (!dispatcher_.settle(delivery, settled.attempt, settled.outcome, now, released_)) return false;
  const bool by_policy = dispatcher_.queues()[delivery.queue]->counts.dropped != dropped &&
                         settled.outcome.kind == OutcomeKind::kRetry;
  if (!by_policy) timelines.ended(*delivery.slot, stamps, station_of(delivery), code, now);
  return true;
}

void Machine::give_back(std::span<Delivery* const> deliveries, std::int64_t now) {
  for (std::size_t i = deliveries.size(); i > 0; --i) {
    dispatcher_.give_back(*deliveries[i - 1], now, released_);
  }
  dispatcher_.return_room();
}

bool Machine::fence(Pick& pick, Delivery& delivery, std::uint16_t attempt, std::int64_t now) {
  const AttemptStamps stamps{delivery.queue, attempt, delivery.ready_ns, 0};
  const bool fenced = dispatcher_.fence(pick, delivery, attempt, now, released_);
  if (fenced) {
    dispatcher_.timelines().ended(*delivery.slot, stamps, station_of(delivery), "timeout", now);
  }
  dispatcher_.return_room();
  return fenced;
}

void Machine::receive_follow_ups(std::uint16_t from, const std::vector<Slot*>& slots,
                                 std::int64_t now) {
  counts_.received += slots.size();
  counts_.follow_ups += slots.size();
  std::vector<Slot*> taken;
  for (Slot* slot : slots) {
    if (EventView(*slot).hops() > kMaxHops) {
      ++counts_.rejected;
      dead_letters_.add({slot, kNoQueue, 0, now, "too_many_hops",
                         "a follow-up of a follow-up, 16 generations deep: a loop of handlers?"});
      turn_away(*slot, SlotState::kRejected);
      continue;
    }
    if (!is_untaken(slot->state.load(std::memory_order_relaxed))) {
      for (const Delivery* d = &first_delivery(*slot); d != nullptr; d = d->sibling) {
        dispatcher_.note_emission(from, d->queue);
      }
    }
    taken.push_back(slot);
  }
  admit_all(taken, now);
}

void Machine::advance(std::int64_t now) {
  commit_->poll(now, *this);
  dispatcher_.advance(now, released_);
  dispatcher_.return_room();
}

}  // namespace veltrix
