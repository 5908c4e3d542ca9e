#include "veltrix/cel/zone_rule.hpp"

#include <cstddef>

#include <date/date.h>

namespace veltrix::cel {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
// A week and a day: the longest that files may say (RFC 8536, 3.3.1).
constexpr int kMaxHours = 167;

bool take(std::string_view& text, char expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// At least three letters, or anything in < >.
bool skip_name(std::string_view& text) noexcept {
  std::size_t size = 0;
  if (text.starts_with('<')) {
    size = text.find('>');
    if (size == std::string_view::npos) return false;
    text.remove_prefix(size + 1);
    return true;
  }
  while (size < text.size() && ((text[size] | 0x20) >= 'a' && (text[size] | 0x20) <= 'z')) ++size;
  text.remove_prefix(size);
  return size >= 3;
}

bool read_number(std::string_view& text, int max, int& out) noexcept {
  std::size_t size = 0;
  out = 0;
  for (; size < text.size() && size < 3 && text[size] >= '0' && text[size] <= '9'; ++size) {
    out = out * 10 + (text[size] - '0');
  }
  text.remove_prefix(size);
  return size > 0 && out <= max;
}

/// [+-]hh[:mm[:ss]]
bool read_clock(std::string_view& text, std::int64_t& out) noexcept {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (!read_number(text, kMaxHours, hours)) return false;
  if (take(text, ':')) {
    if (!read_number(text, 59, minutes)) return false;
    if (take(text, ':') && !read_number(text, 59, seconds)) return false;
  }
  out = hours * 3'600 + minutes * 60 + seconds;
  if (negative) out = -out;
  return true;
}

}  // namespace

bool ZoneRule::read_change(std::string_view& text, Change& out) noexcept {
  if (take(text, 'M')) {
    out.day = Day::kOfWeek;
    if (!read_number(text, 12, out.month) || !take(text, '.')) return false;
    if (!read_number(text, 5, out.week) || !take(text, '.')) return false;
    if (!read_number(text, 6, out.number) || out.month == 0 || out.week == 0) return false;
  } else {
    out.day = take(text, 'J') ? Day::kNotLeap : Day::kFromZero;
    if (!read_number(text, 365, out.number)) return false;
    if (out.day == Day::kNotLeap && out.number == 0) return false;
  }
  return !take(text, '/') || read_clock(text, out.second);
}

bool ZoneRule::read(std::string_view text) noexcept {
  // POSIX counts offsets westwards.
  if (!skip_name(text) || !read_clock(text, standard_)) return false;
  standard_ = -standard_;
  has_summer_ = !text.empty();
  if (!has_summer_) return true;
  if (!skip_name(text)) return false;
  summer_ = standard_ + 3'600;
  if (!text.starts_with(',')) {
    if (!read_clock(text, summer_)) return false;
    summer_ = -summer_;
  }
  return take(text, ',') && read_change(text, begin_) && take(text, ',') &&
         read_change(text, end_) && text.empty();
}

std::int64_t ZoneRule::local_second(const Change& change, int year) noexcept {
  const date::year calendar_year(year);
  date::sys_days day = calendar_year / date::January / 1;
  if (change.day == Day::kOfWeek) {
    const date::month month(static_cast<unsigned>(change.month));
    const date::weekday weekday(static_cast<unsigned>(change.number));
    if (change.week == 5) {
      day = calendar_year / month / weekday[date::last];
    } else {
      day = calendar_year / month / weekday[static_cast<unsigned>(change.week)];
    }
  } else if (change.day == Day::kFromZero) {
    day += date::days(change.number);
  } else {
    const bool after_leap_day = calendar_year.is_leap() && change.number >= 60;
    day += date::days(change.number - 1 + (after_leap_day ? 1 : 0));
  }
  return std::int64_t{day.time_since_epoch().count()} * kSecondsPerDay + change.second;
}

std::int64_t ZoneRule::offset_at(std::int64_t seconds) const noexcept {
  if (!has_summer_) return standard_;
  const std::int64_t local = seconds + standard_;
  const std::int64_t days = (local >= 0 ? local : local - (kSecondsPerDay - 1)) / kSecondsPerDay;
  const date::year_month_day today(date::sys_days(date::days(static_cast<int>(days))));
  const int year = static_cast<int>(today.year());
  const std::int64_t begin = local_second(begin_, year) - standard_;
  const std::int64_t end = local_second(end_, year) - summer_;
  // South of the equator summer contains the new year.
  const bool summer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return summer ? summer_ : standard_;
}

}  // namespace veltrix::cel
