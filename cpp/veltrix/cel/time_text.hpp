#pragma once
// Timestamps and durations from text and back. Private to this room.
//
// Reading is as lenient as Google's runtimes are, which is more than RFC 3339 and therefore another
// reader than veltrix/event's: digits may be missing (2020-1-2T3:4:5Z), zones may be +01 or +0100,
// white space may surround it, second 60 is the next minute. Fractions beyond nanoseconds are cut.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

/// kBadConversion: it is none; kOverflow: not in the years 0001 … 9999 UTC.
Value read_timestamp(std::string_view text) noexcept;

/// "1h30m", "-1.5s", "0", with h, m, s, ms, us, ns. kBadConversion: it is none; kOverflow: beyond
/// 10,000 years.
Value read_duration(std::string_view text) noexcept;

// Each into room for 48 bytes; returns how many it took. 0, 3, 6 or 9 digits of fraction.
std::size_t write_time(const Value& timestamp, char* out) noexcept;     // 2020-01-02T03:04:05Z
std::size_t write_duration(const Value& duration, char* out) noexcept;  // -5400.500s

}  // namespace veltrix::cel
