#pragma once
// datetime and timedelta as seconds and nanoseconds, and back. Python counts in microseconds: what
// is finer is cut off on the way back.

#include "bindings/python.hpp"

#include <cstdint>

namespace veltrix {

enum class TimeKind : std::uint8_t { kNone, kTimestamp, kDuration };

TimeKind time_kind_of(PyObject* object);
/// Null, or what is wrong with it, without a Python error.
const char* read_time(PyObject* object, TimeKind kind, std::int64_t& seconds,
                      std::uint32_t& nanoseconds);
/// New references: an aware datetime in UTC, a timedelta.
PyObject* timestamp_object(std::int64_t seconds, std::uint32_t nanoseconds);
PyObject* duration_object(std::int64_t seconds, std::uint32_t nanoseconds);

}  // namespace veltrix
