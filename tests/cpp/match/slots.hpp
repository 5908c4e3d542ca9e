#pragma once
// Slots for the tests of this room: built the way the door builds them, released with their owner.

#include <memory>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

struct SlotRelease {
  void operator()(Slot* slot) const noexcept { release(slot); }
};
using OwnedSlot = std::unique_ptr<Slot, SlotRelease>;

/// On the heap, so that AddressSanitizer sees every byte read beyond the padding.
inline OwnedSlot make_slot(const EventFields& fields) {
  return OwnedSlot(build_slot(nullptr, fields).value());
}

inline EventFields named_event(std::string_view type = "order.paid") {
  EventFields fields;
  fields.id = "1";
  fields.source = "/shop";
  fields.type = type;
  return fields;
}

inline OwnedSlot json_slot(std::string_view data, std::string_view type = "order.paid") {
  EventFields fields = named_event(type);
  fields.data_kind = DataKind::kJson;
  fields.data = data;
  return make_slot(fields);
}

}  // namespace veltrix
