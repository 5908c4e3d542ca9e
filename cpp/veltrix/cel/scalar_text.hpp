#pragma once
// The text of numbers, bools and times, as string() gives it. Private to this room.

#include <cstddef>

#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

inline constexpr std::size_t kScalarTextSize = 48;

/// `out` has room for kScalarTextSize bytes; returns how many it took, 0 for other kinds.
std::size_t write_scalar(const Value& value, char* out) noexcept;

}  // namespace veltrix::cel
