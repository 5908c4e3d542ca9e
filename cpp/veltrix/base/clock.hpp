#pragma once
// Two clocks. steady_ns() orders and measures inside one process; wall_ns() is UTC for people.
//
// steady_ns() reads the time stamp counter (about 8 ns instead of 25) where the CPU promises that
// it is invariant, calibrated once against CLOCK_MONOTONIC; elsewhere it is CLOCK_MONOTONIC. The
// state machine in dispatch/ never calls either: time is an argument there, so that a test or a
// simulation owns it.

#include <cstdint>

namespace veltrix {

std::int64_t steady_ns() noexcept;  // monotonic, arbitrary origin
std::int64_t wall_ns() noexcept;    // nanoseconds since 1970-01-01T00:00:00Z

/// True when steady_ns() reads the time stamp counter.
bool steady_is_tsc() noexcept;

inline constexpr std::int64_t kMicrosecond = 1'000;
inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace veltrix
