#pragma once
// Sums and differences of timestamps and durations. Private to this room.
//
// Google's runtimes bound them in two ways, and we follow. A timestamp lies in the years 0001 to
// 9999. A duration that is computed has to fit into 64 bits of nanoseconds (292 years): a larger
// one can be written (`duration("100000h")` reaches to 10,000 years) and added to a timestamp, but
// in sums and differences with other durations, and when it is taken off a timestamp, it counts as
// the largest that fits.

#include <cstdint>

#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

/// Nanoseconds of 10,000 years and what is computed with them do not fit into 64 bits.
__extension__ using Int128 = __int128;

inline constexpr std::int64_t kMinTimestampSeconds = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t kMaxTimestampSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z
inline constexpr std::int64_t kMaxDurationSeconds = 315'576'000'000;   // and 999,999,999 ns
inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

Value duration_of_ns(std::int64_t nanoseconds) noexcept;
/// Saturated.
std::int64_t duration_ns(const Value& duration) noexcept;

Value add_durations(const Value& a, const Value& b) noexcept;
Value subtract_durations(const Value& a, const Value& b) noexcept;
Value add_to_timestamp(const Value& timestamp, const Value& duration) noexcept;
Value take_from_timestamp(const Value& timestamp, const Value& duration) noexcept;
Value subtract_timestamps(const Value& a, const Value& b) noexcept;

}  // namespace veltrix::cel
