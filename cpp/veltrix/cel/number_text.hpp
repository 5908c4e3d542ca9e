#pragma once
// Numbers from text and back. Private to this room.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace veltrix::cel {

/// `text` without the white space of C around it.
std::string_view trimmed(std::string_view text) noexcept;

// Each takes the whole text, white space around it allowed, or answers false.
bool read_int(std::string_view text, std::int64_t& out) noexcept;    // [+-]digits
bool read_uint(std::string_view text, std::uint64_t& out) noexcept;  // [+]digits
/// Decimal or 0x, "inf", "infinity", "nan" in any case; beyond the range it is an infinity or zero.
bool read_double(std::string_view text, double& out) noexcept;

inline constexpr std::size_t kDoubleTextSize = 32;
/// The shortest text that reads back as the same number, as printf's %g lays it out: 1, 0.1, 1e+06.
/// `out` has room for kDoubleTextSize bytes; returns how many it took.
std::size_t write_double(double value, char* out) noexcept;

}  // namespace veltrix::cel
