// What people ask of a Machine: timelines, redrive, cancel. They look at all that waits.

#include <algorithm>
#include <array>

#include "veltrix/dispatch/machine.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

std::vector<Timeline> Machine::timeline(std::string_view id, std::int64_t now) const {
  std::vector<Timeline> out;
  dispatcher_.timelines().find(id_tag(id), out);
  std::vector<Delivery*> waiting;
  dispatcher_.collect_waiting(waiting);
  std::array<char, kUuidTextSize> scratch;
  for (const Delivery* delivery : waiting) {
    const Slot& slot = *delivery->slot;
    if (EventView(slot).id(scratch) != id) continue;
    auto found = std::find_if(out.begin(), out.end(), [&](const Timeline& timeline) {
      return timeline.sequence == slot.sequence;
    });
    if (found == out.end()) {
      out.push_back({slot.sequence, slot.type, false, {}});
      found = out.end() - 1;
      if (slot.published_ns <= now) {  // else it is delayed, and this is when it is due
        found->stations.push_back({slot.published_ns, StationKind::kPublished, 0, 0, {}});
      }
    }
    found->stations.push_back({now, StationKind::kWaiting, delivery->queue, delivery->attempt, {}});
  }
  return out;
}

std::size_t Machine::redrive(std::span<const Redrive> redrives, std::int64_t spacing,
                             std::int64_t now) {
  std::size_t count = 0;
  for (const Redrive& one : redrives) {
    Delivery& delivery = first_delivery(*one.slot);
    Budget& budget = dispatcher_.queues()[delivery.queue]->budget;
    const std::uint64_t bytes = one.slot->charged_bytes();
    const bool room = budget.take(bytes);
    const std::uint64_t sequence = room ? dead_letters_.take(one.letter) : 0;
    if (sequence == 0) {
      if (room) budget.give_back(1, bytes);
      released_.push_back(one.slot);
      continue;
    }
    one.slot->sequence = sequence;
    one.slot->published_ns = now;
    delivery.returns = true;
    delivery.ready_ns = spacing == 0 ? 0 : now + static_cast<std::int64_t>(count) * spacing;
    one.slot->state.store(SlotState::kAccepted, std::memory_order_release);
    dispatcher_.file(*one.slot, now, released_);
    dispatcher_.return_room();  // what was dropped at once makes room for the next
    ++count;
  }
  counts_.redriven += count;
  return count;
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
    dispatcher_.cancel(*delivery, now, released_);
  }
  dispatcher_.return_room();
  return queues;
}

}  // namespace veltrix
