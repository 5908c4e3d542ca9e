#pragma once
// What records have as their time: RFC 3339, or a number since 1970.

#include "veltrix/base/error.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/event/timestamp.hpp"

namespace veltrix {

/// A text, a timestamp, or seconds; a number above 1e11 is milliseconds, for as seconds it would
/// lie beyond the year 5138, and as milliseconds what is below lies before 1973-03-03. Fractions of
/// seconds are rounded to microseconds, which is what a double can say of our days.
Result<Timestamp> record_time(const cel::Value& value);

}  // namespace veltrix
