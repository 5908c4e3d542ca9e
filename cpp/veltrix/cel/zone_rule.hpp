#pragma once
// When summer time begins and ends, as POSIX writes it in TZ and time zone files at their end:
// CET-1CEST,M3.5.0,M10.5.0/3. Private to this room.

#include <cstdint>
#include <string_view>

namespace veltrix::cel {

class ZoneRule {
 public:
  /// False: it is no rule.
  bool read(std::string_view text) noexcept;
  /// Seconds ahead of UTC.
  std::int64_t offset_at(std::int64_t seconds) const noexcept;

 private:
  enum class Day : std::uint8_t {
    kOfWeek,    // week 1 … 5 (5: the last one) and weekday of a month
    kNotLeap,   // 1 … 365, without February 29
    kFromZero,  // 0 … 365
  };
  struct Change {
    Day day = Day::kOfWeek;
    int month = 0;
    int week = 0;
    int number = 0;               // weekday, or day of the year
    std::int64_t second = 7'200;  // of that day; may be negative or beyond its end
  };

  static bool read_change(std::string_view& text, Change& out) noexcept;
  static std::int64_t local_second(const Change& change, int year) noexcept;

  std::int64_t standard_ = 0;
  std::int64_t summer_ = 0;
  bool has_summer_ = false;
  Change begin_;
  Change end_;
};

}  // namespace veltrix::cel
