#pragma once
// Deliveries for the tests of the rooms queue and dispatch: each the first one of a heap slot, so
// that a sanitizer sees every access to what is gone.

#include <memory>
#include <vector>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class Deliveries {
 public:
  Delivery& add(std::uint64_t sequence, std::int64_t ready_ns = 0,
                std::uint8_t priority = kDefaultPriority) {
    slots_.emplace_back(new_heap_slot(kSlotClassBytes[0]));
    Slot& slot = *slots_.back();
    slot.sequence = sequence;
    auto* delivery = new (slot.first_delivery) Delivery();
    delivery->slot = &slot;
    delivery->ready_ns = ready_ns;
    delivery->priority = priority;
    return *delivery;
  }

 private:
  struct Release {
    void operator()(Slot* slot) const noexcept { release(slot); }
  };
  std::vector<std::unique_ptr<Slot, Release>> slots_;
};

}  // namespace veltrix
