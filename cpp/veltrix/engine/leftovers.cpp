#include "veltrix/engine/leftovers.hpp"

namespace veltrix {

namespace {

constexpr std::size_t kBatch = 4'096;
constexpr std::int64_t kEndOfTime = INT64_MAX / 2;  // everything delayed is due by then

void release_all(Released& released) {
  for (Slot* slot : released) release(slot);
  released.clear();
}

/// One batch as if its handler had let go of every event. False: nothing is left for that pool.
bool drop_batch(Machine& machine, std::uint8_t pool, std::int64_t now) {
  Pick pick;
  machine.dispatcher().pick(pool, kBatch, now, pick);
  if (pick.empty()) return false;
  std::vector<Machine::Settled> settled;
  for (Delivery* delivery : pick.deliveries) {
    settled.push_back(
        {delivery, delivery->attempt, Outcome::failed(OutcomeKind::kDrop, "leftover", {})});
  }
  machine.settle(settled, now);
  machine.dispatcher().finish(pick, 0, 0);
  return true;
}

}  // namespace

void release_leftovers(Monitor& monitor) {
  Machine& machine = monitor.machine();
  std::int64_t now = kEndOfTime;
  while (monitor.drain_door(now)) {
  }
  bool any = true;
  while (any) {
    any = false;
    machine.advance(now += kMaxLinger);  // what became ready only now may wait for company
    for (std::uint8_t pool = 0; pool < monitor.pools(); ++pool) {
      any |= drop_batch(machine, pool, now);
    }
    release_all(machine.released());
  }
}

}  // namespace veltrix
