#pragma once
// Small events for the tests of this room.

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/json_reader.hpp"

namespace veltrix {

/// A valid event with further members behind the required ones, as in `,"subject":"x"`.
inline std::string event_json(std::string_view more = "") {
  return R"({"specversion":"1.0","id":"1","source":"/s","type":"t")" + std::string(more) + "}";
}

struct SlotRelease {
  void operator()(Slot* slot) const noexcept { release(slot); }
};
using SlotHolder = std::unique_ptr<Slot, SlotRelease>;

inline SlotHolder build_on_heap(const EventFields& fields) {
  auto slot = build_slot(nullptr, fields);
  EXPECT_TRUE(slot) << slot.error().message;
  return SlotHolder(slot ? *slot : nullptr);
}

/// The text in a block of its very own size, so that a sanitizer sees any step behind it.
inline std::unique_ptr<char[]> exact_block(std::string_view text) {
  auto block = std::make_unique<char[]>(text.size() + 1);
  text.copy(block.get(), text.size());
  return block;
}

inline EventFields required_fields() {
  EventFields fields;
  fields.id = "1";
  fields.source = "/s";
  fields.type = "t";
  return fields;
}

}  // namespace veltrix
