#include "veltrix/dispatch/machine.hpp"

#include <array>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

namespace {
// How far ahead of admission memory is touched: an event's two lines, then its dedup bucket, then
// its strand's bucket. Distances from measurement; a miss costs 100 ns and more.
constexpr std::size_t kSlotAhead = 24;
constexpr std::size_t kDedupAhead = 12;
constexpr std::size_t kStrandAhead = 6;
}  // namespace

Machine::Machine(const MachineOptions& options, std::vector<Dispatcher::QueuePlan> queues,
                 std::vector<Dispatcher::Pool> pools, std::unique_ptr<CommitStage> commit)
    : dead_letters_(options.dead_letter_events),
      dispatcher_(options.dispatch, std::move(queues), std::move(pools), dead_letters_),
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
    if (i + kStrandAhead < count) dispatcher_.prefetch(*slots[i + kStrandAhead]);
    if (admit(*slots[i], now)) accepted_.push_back(slots[i]);
  }
  counts_.pending += accepted_.size();
  commit_->append(accepted_, now, *this);
}

bool Machine::admit(Slot& slot, std::int64_t now) {
  // relaxed: written by the producer before it pushed the slot through the door
  if (slot.state.load(std::memory_order_relaxed) == SlotState::kUnmatched) {
    ++counts_.unmatched;
    dead_letters_.add({&slot, kNoQueue, 0, now, "unmatched", "no route takes this type"});
    released_.push_back(&slot);
    return false;
  }
  const Delivery& delivery = first_delivery(slot);
  if ((slot.flags & kGivenId) != 0 && dedup_.enabled()) {
    const std::uint64_t first = dedup_.find_or_insert(delivery.id_hash, next_sequence_, now);
    if (first != 0) {
      ++counts_.duplicate;
      slot.sequence = first;
      turn_away(slot, SlotState::kDuplicate);
      return false;
    }
  }
  slot.sequence = next_sequence_++;
  return true;
}

void Machine::turn_away(Slot& slot, SlotState state) {
  if (slot.state.load(std::memory_order_relaxed) != SlotState::kUnmatched) {
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
  for (Slot* slot : slots) {
    slot->state.store(SlotState::kAccepted, std::memory_order_release);
    dispatcher_.file(*slot, now, released_);
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
  for (Settled& one : settled) {
    const std::uint16_t from = one.delivery->queue;
    const auto follow_ups = std::move(one.outcome.follow_ups);
    const bool counted =
        dispatcher_.settle(*one.delivery, one.attempt, one.outcome, now, released_);
    if (follow_ups == nullptr) continue;
    if (counted) {
      receive_follow_ups(from, *follow_ups, now);
    } else {
      for (Slot* slot : *follow_ups) turn_away(*slot, SlotState::kRejected);
    }
  }
  dispatcher_.return_room();
}

void Machine::give_back(std::span<Delivery* const> deliveries, std::int64_t now) {
  for (std::size_t i = deliveries.size(); i > 0; --i) {
    dispatcher_.give_back(*deliveries[i - 1], now, released_);
  }
  dispatcher_.return_room();
}

bool Machine::fence(Pick& pick, Delivery& delivery, std::uint16_t attempt, std::int64_t now) {
  const bool fenced = dispatcher_.fence(pick, delivery, attempt, now, released_);
  dispatcher_.return_room();
  return fenced;
}

std::vector<std::uint16_t> Machine::cancel(std::string_view id, std::string_view source,
                                           std::int64_t now) {
  std::vector<Delivery*> waiting;
  dispatcher_.collect_waiting(waiting);
  std::vector<std::uint16_t> queues;
  for (Delivery* delivery : waiting) {
    const EventView event(*delivery->slot);
    std::array<char, kUuidTextSize> scratch;
    if (event.id(scratch) != id) continue;
    if (!source.empty() && event.get(Attribute::kSource) != source) continue;
    queues.push_back(delivery->queue);
    dispatcher_.drop(*delivery, "cancelled", now, released_);
  }
  dispatcher_.return_room();
  return queues;
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
    if (slot->state.load(std::memory_order_relaxed) != SlotState::kUnmatched) {
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
