#include "veltrix/queue/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace veltrix {

std::int64_t TimerWheel::tick_of(const Delivery& delivery) noexcept {
  return (delivery.ready_ns + (std::int64_t{1} << kTickBits) - 1) >> kTickBits;
}

TimerWheel::Spot TimerWheel::spot_of(std::int64_t tick) const noexcept {
  const std::int64_t horizon = current_ + (std::int64_t{1} << (kSlotBits * kLevels)) - 1;
  tick = std::clamp(tick, current_ + 1, horizon);
  int level = 0;
  // The lowest level whose block (64 slots) around `current_` contains the tick: slots of one block
  // are then all in the future, and a slot is opened exactly when its block begins.
  while (level < kLevels - 1 &&
         (tick >> (kSlotBits * (level + 1))) != (current_ >> (kSlotBits * (level + 1)))) {
    ++level;
  }
  return {level, static_cast<std::size_t>((tick >> (kSlotBits * level)) & (kSlots - 1))};
}

void TimerWheel::link(Delivery& delivery) noexcept {
  const Spot spot = spot_of(tick_of(delivery));
  Delivery*& head = slots_[static_cast<std::size_t>(spot.level)][spot.slot];
  delivery.link = {head, nullptr};
  if (head != nullptr) head->link.prev = &delivery;
  head = &delivery;
  occupied_[static_cast<std::size_t>(spot.level)] |= std::uint64_t{1} << spot.slot;
}

void TimerWheel::unlink_first(Spot spot, Delivery& delivery) noexcept {
  const auto level = static_cast<std::size_t>(spot.level);
  slots_[level][spot.slot] = delivery.link.next;
  if (delivery.link.next == nullptr) occupied_[level] &= ~(std::uint64_t{1} << spot.slot);
}

void TimerWheel::remove(Delivery& delivery) noexcept {
  --size_;
  if (delivery.link.next != nullptr) delivery.link.next->link.prev = delivery.link.prev;
  if (delivery.link.prev != nullptr) {
    delivery.link.prev->link.next = delivery.link.next;
    return;
  }
  const Spot spot = spot_of(tick_of(delivery));
  if (slots_[static_cast<std::size_t>(spot.level)][spot.slot] == &delivery) {
    unlink_first(spot, delivery);
    return;
  }
  // It was further away than the wheel reaches when it was put in: look for it.
  for (int level = 0; level < kLevels; ++level) {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (slots_[static_cast<std::size_t>(level)][slot] == &delivery) {
        unlink_first({level, slot}, delivery);
        return;
      }
    }
  }
}

void TimerWheel::insert(Delivery& delivery) noexcept {
  ++size_;
  link(delivery);
}

void TimerWheel::open_slot(int level, std::int64_t tick, std::vector<Delivery*>& due) {
  const auto at = static_cast<std::size_t>(level);
  const auto slot = static_cast<std::size_t>((tick >> (kSlotBits * level)) & (kSlots - 1));
  Delivery* chain = slots_[at][slot];
  slots_[at][slot] = nullptr;
  occupied_[at] &= ~(std::uint64_t{1} << slot);
  while (chain != nullptr) {
    Delivery* next = chain->link.next;
    if (tick_of(*chain) > tick) {
      link(*chain);
    } else {
      chain->link = {nullptr, nullptr};
      --size_;
      due.push_back(chain);
    }
    chain = next;
  }
}

std::int64_t TimerWheel::next_tick() const noexcept {
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (int level = 0; level < kLevels; ++level) {
    const std::uint64_t bits = occupied_[static_cast<std::size_t>(level)];
    if (bits == 0) continue;
    const int shift = kSlotBits * level;
    const std::int64_t position = current_ >> shift;
    // From the slot behind the current one, which thus comes last: on the outermost level it holds
    // what is a whole turn away, further in it is empty.
    const auto behind = static_cast<int>((position + 1) & (kSlots - 1));
    const std::int64_t distance = 1 + std::countr_zero(std::rotr(bits, behind));
    const std::int64_t tick = (position + distance) << shift;
    best = std::min(best, std::max(tick, current_ + 1));
  }
  return best;
}

std::int64_t TimerWheel::next_due() const noexcept {
  if (size_ == 0) return std::numeric_limits<std::int64_t>::max();
  return next_tick() << kTickBits;
}

void TimerWheel::advance(std::int64_t now, std::vector<Delivery*>& due) {
  const std::int64_t target = now >> kTickBits;
  const auto already = static_cast<std::ptrdiff_t>(due.size());
  while (size_ != 0) {
    const std::int64_t tick = next_tick();
    if (tick > target) break;
    current_ = tick;
    for (int level = kLevels - 1; level >= 0; --level) {
      const std::int64_t block = std::int64_t{1} << (kSlotBits * level);
      if ((tick & (block - 1)) == 0) open_slot(level, tick, due);
    }
  }
  current_ = std::max(current_, target);
  std::sort(due.begin() + already, due.end(), [](const Delivery* a, const Delivery* b) {
    if (a->ready_ns != b->ready_ns) return a->ready_ns < b->ready_ns;
    if (a->slot != b->slot) return a->slot->sequence < b->slot->sequence;
    return a->queue < b->queue;
  });
}

}  // namespace veltrix
