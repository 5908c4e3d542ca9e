#include "veltrix/cel/time_parts.hpp"

#include <algorithm>
#include <cstdint>

#include <date/date.h>

#include "veltrix/cel/time_arithmetic.hpp"
#include "veltrix/cel/time_text.hpp"
#include "veltrix/cel/time_zones.hpp"

namespace veltrix::cel {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::size_t kMaxZoneBytes = 64;

std::int64_t days_of(std::int64_t seconds) noexcept {
  return (seconds >= 0 ? seconds : seconds - (kSecondsPerDay - 1)) / kSecondsPerDay;
}

std::int64_t date_part(Function part, std::int64_t days) noexcept {
  const date::sys_days day{date::days(static_cast<int>(days))};
  const date::year_month_day date(day);
  switch (part) {
    case Function::kGetFullYear:
      return static_cast<int>(date.year());
    case Function::kGetMonth:
      return static_cast<unsigned>(date.month()) - 1;
    case Function::kGetDate:
      return static_cast<unsigned>(date.day());
    case Function::kGetDayOfMonth:
      return static_cast<unsigned>(date.day()) - 1;
    case Function::kGetDayOfWeek:
      return date::weekday(day).c_encoding();
    default:  // kGetDayOfYear
      return (day - date::sys_days(date.year() / date::January / 1)).count();
  }
}

/// `seconds` on the clock of the zone.
Value part_of_local(Function part, std::int64_t seconds, std::uint32_t nanoseconds) noexcept {
  const std::int64_t days = days_of(seconds);
  const std::int64_t second_of_day = seconds - days * kSecondsPerDay;
  switch (part) {
    case Function::kGetHours:
      return Value::of(second_of_day / 3'600);
    case Function::kGetMinutes:
      return Value::of(second_of_day / 60 % 60);
    case Function::kGetSeconds:
      return Value::of(second_of_day % 60);
    case Function::kGetMilliseconds:
      return Value::of(std::int64_t{nanoseconds / 1'000'000});
    default:
      return Value::of(date_part(part, days));
  }
}

/// Whole units, towards zero; milliseconds are those of the last second.
Value part_of_duration(Function part, const Value& duration) noexcept {
  std::int64_t seconds = duration.integer;
  std::int64_t nanoseconds = duration.size;
  if (seconds < 0 && nanoseconds > 0) {  // both with the sign of the whole
    ++seconds;
    nanoseconds -= kNanosecondsPerSecond;
  }
  switch (part) {
    case Function::kGetHours:
      return Value::of(seconds / 3'600);
    case Function::kGetMinutes:
      return Value::of(seconds / 60);
    case Function::kGetSeconds:
      return Value::of(seconds);
    case Function::kGetMilliseconds:
      return Value::of(nanoseconds / 1'000'000);
    default:
      return Value::error(Reason::kNoOverload);
  }
}

/// "-09:30" as the duration -09h30m: so read, as Google's runtimes do, any number of hours will do.
Value fixed_offset(std::string_view zone) noexcept {
  char text[kMaxZoneBytes + 1];
  if (zone.size() > kMaxZoneBytes || zone.find(':') == std::string_view::npos) {
    return Value::error(Reason::kBadTimeZone);
  }
  std::replace_copy(zone.begin(), zone.end(), text, ':', 'h');
  text[zone.size()] = 'm';
  const Value offset = read_duration({text, zone.size() + 1});
  return offset.is_error() ? Value::error(Reason::kBadTimeZone) : offset;
}

}  // namespace

Value part_of(Function part, const Value& time) noexcept {
  if (time.kind == Kind::kTimestamp) return part_of_local(part, time.integer, time.size);
  if (time.kind == Kind::kDuration) return part_of_duration(part, time);
  return Value::error(Reason::kNoOverload);
}

Value part_in_zone(Function part, const Value& time, const Value& zone) noexcept {
  if (time.kind != Kind::kTimestamp || zone.kind != Kind::kString) {
    return Value::error(Reason::kNoOverload);
  }
  if (zone.size == 0) return part_of(part, time);
  std::int64_t offset = 0;
  if (utc_offset(zone.view(), time.integer, offset)) {
    return part_of_local(part, time.integer + offset, time.size);
  }
  const Value fixed = fixed_offset(zone.view());
  if (fixed.is_error()) return fixed;
  // An offset with a fraction of a second moves the nanoseconds too. The sum may leave the range of
  // timestamps, as local times may; a calendar is there for 32,767 years.
  const std::int64_t nanoseconds = std::int64_t{time.size} + fixed.size;
  return part_of_local(part, time.integer + fixed.integer + nanoseconds / kNanosecondsPerSecond,
                       static_cast<std::uint32_t>(nanoseconds % kNanosecondsPerSecond));
}

}  // namespace veltrix::cel
