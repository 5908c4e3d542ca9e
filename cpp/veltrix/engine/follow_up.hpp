#pragma once
// What an event that a handler or a transform emits takes over from the event it came of.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// The same parent, queue and position give the same id on every attempt and in every process, so
/// that dedup finds a follow-up that was emitted twice. A UUID of version 8 (RFC 9562) made of a
/// hash.
std::string follow_up_id(const EventView& parent, std::string_view queue, std::size_t position);

/// Correlation and trace, where `fields` have none. `scratch` lives as long as `fields`.
void inherit_trace(EventFields& fields, const EventView& from,
                   std::array<char, kUuidTextSize>& scratch);

}  // namespace veltrix
