#pragma once
// What a person does to a running engine, or to a step engine: takes the monitor for a moment, and
// wakes whoever that concerns.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "veltrix/engine/monitor.hpp"

namespace veltrix {

/// Queues in which something of that id (and source, unless empty) waited and is dropped now.
std::vector<std::uint16_t> cancel(Monitor& monitor, std::string_view id, std::string_view source);

/// What is known of the events with that id.
std::vector<Timeline> timeline(Monitor& monitor, std::string_view id);

/// Machine::redrive(): dead letters accepted anew, `spacing` ns apart. Gives how many.
std::size_t redrive(Monitor& monitor, std::span<const Machine::Redrive> redrives,
                    std::int64_t spacing);

/// A dead letter's event again, for redrive(): `fields` with one delivery, addressed as the letter
/// says.
Result<Slot*> readdress(EventFields& fields, const DeadLetter& letter, std::uint8_t priority);

}  // namespace veltrix
