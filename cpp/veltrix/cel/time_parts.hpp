#pragma once
// getFullYear() and the other parts of timestamps and durations. Private to this room.

#include <string_view>

#include "veltrix/cel/function.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

/// `part` is one of Function::kGet…; the calendar is the proleptic Gregorian one, in UTC.
Value part_of(Function part, const Value& time) noexcept;

/// In a time zone: an IANA name, or hours and minutes as "+02:00", "-09:30" and "02:00". Timestamps
/// only. Unknown: kBadTimeZone.
Value part_in_zone(Function part, const Value& time, const Value& zone) noexcept;

}  // namespace veltrix::cel
