#pragma once
// An instant as CloudEvents carries it (RFC 3339): seconds and nanoseconds UTC, and the offset in
// which the producer wrote it, which round trips.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"

namespace veltrix {

struct Timestamp {
  std::int64_t seconds = 0;         // since 1970-01-01T00:00:00Z, may be negative
  std::uint32_t nanoseconds = 0;    // 0 … 999,999,999
  std::int16_t offset_minutes = 0;  // -1439 … 1439; 0 is written as Z
  friend bool operator==(const Timestamp&, const Timestamp&) = default;

  static Timestamp from_wall_ns(std::int64_t wall_ns) noexcept;
};

/// Years 0001 … 9999; at most 9 digits of fraction; "T", "t" or " " between; leap second 60 becomes
/// the next second. Anything else: kInvalidEvent with the reason.
Result<Timestamp> parse_timestamp(std::string_view text);
/// The same for who reads millions of them: null, or the reason alone; then `out` says nothing.
const char* read_timestamp(std::string_view text, Timestamp& out) noexcept;

/// Appends 2013-02-04T11:00:00Z, with 3, 6 or 9 digits of fraction where there is one. The year in
/// the timestamp's own offset must be 0001 … 9999, as parse_timestamp() makes sure.
void append_timestamp(const Timestamp& timestamp, std::string& out);

inline constexpr std::size_t kTimestampTextSize = 35;  // 2013-02-04T11:00:00.123456789+01:00
/// The same into `out`, which has room for kTimestampTextSize bytes; returns how many it took.
std::size_t write_timestamp(const Timestamp& timestamp, char* out) noexcept;

}  // namespace veltrix
