#include "veltrix/engine/operations.hpp"

#include <utility>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

namespace {

template <class Change>
auto change(Monitor& monitor, const Change& what) {
  Released released;
  monitor.lock();
  monitor.drain_door(monitor.now());  // what was published before is seen
  auto result = what(monitor.machine(), monitor.now());
  released.swap(monitor.machine().released());
  monitor.version.fetch_add(1, std::memory_order_seq_cst);  // before the look at the sleepers
  for (std::uint8_t pool = 0; pool < monitor.pools(); ++pool) {
    if (monitor.machine().dispatcher().next_queue(pool, monitor.now()) != nullptr) {
      monitor.wake(pool);
    }
  }
  const bool quiet = monitor.machine().quiet();
  monitor.unlock();
  monitor.room.notify();
  monitor.receipts.notify();
  if (quiet) monitor.quiet.notify();
  for (Slot* slot : released) release(slot);
  return result;
}

}  // namespace

std::vector<std::uint16_t> cancel(Monitor& monitor, std::string_view id, std::string_view source) {
  return change(
      monitor, [&](Machine& machine, std::int64_t now) { return machine.cancel(id, source, now); });
}

std::vector<Timeline> timeline(Monitor& monitor, std::string_view id) {
  return change(monitor,
                [&](Machine& machine, std::int64_t now) { return machine.timeline(id, now); });
}

std::size_t redrive(Monitor& monitor, std::span<const Machine::Redrive> redrives,
                    std::int64_t spacing) {
  return change(monitor, [&](Machine& machine, std::int64_t now) {
    return machine.redrive(redrives, spacing, now);
  });
}

Result<Slot*> readdress(EventFields& fields, const DeadLetter& letter, std::uint8_t priority) {
  fields.given_id = false;  // it was accepted once, and is no duplicate of itself
  fields.tail_words = 0;    // what is redriven is not deduped and does not expire by its own time
  auto built = build_slot(nullptr, fields);
  if (!built) return built;
  Slot& slot = **built;
  Delivery& delivery = *new (slot.first_delivery) Delivery();
  delivery.slot = &slot;
  delivery.queue = letter.queue;
  delivery.priority = priority;
  delivery.key = letter.key;
  return built;
}

}  // namespace veltrix
