#include "veltrix/event/timestamp.hpp"

#include <cassert>

namespace veltrix {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr int kMaxYear = 9'999;

struct Date {
  int year;
  int month;
  int day;
};

constexpr bool is_leap(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int kDaysBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

/// Days since 1970-01-01, for the years 1 … 9999.
constexpr std::int64_t days_from_civil(Date date) noexcept {
  constexpr int kEpoch = 719'162;  // 1970-01-01, counted from 0001-01-01
  const int years = date.year - 1;
  const int leap_days = years / 4 - years / 100 + years / 400;
  const int leap_day = date.month > 2 && is_leap(date.year) ? 1 : 0;
  return years * 365 + leap_days + kDaysBefore[date.month - 1] + leap_day + date.day - 1 - kEpoch;
}

/// The way back (Howard Hinnant, "chrono-compatible low-level date algorithms"): years run from
/// March, so that the leap day is the last one.
constexpr Date civil_from_days(std::int64_t days) noexcept {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const int day_of_era = static_cast<int>(days - era * 146'097);
  const int year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const int month = month_from_march + (month_from_march < 10 ? 3 : -9);
  const int year = static_cast<int>(era * 400) + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day};
}

static_assert(days_from_civil({1970, 1, 1}) == 0);
static_assert(days_from_civil({2000, 3, 1}) == 11'017);

constexpr int days_in_month(int year, int month) noexcept {
  const int days = kDaysBefore[month] - kDaysBefore[month - 1];
  return month == 2 && is_leap(year) ? days + 1 : days;
}

tl::unexpected<Error> bad(std::string_view text, const char* why) {
  return fail(ErrorCode::kInvalidEvent, in_quotes(text) + " is not an RFC 3339 time: " + why +
                                            "; write it as 2013-02-04T11:00:00Z");
}

/// Two digits, or a number past 99 where one is none: range checks then refuse both at once.
unsigned two_digits(const char* at) noexcept {
  const auto tens = static_cast<unsigned>(static_cast<unsigned char>(at[0])) - '0';
  const auto ones = static_cast<unsigned>(static_cast<unsigned char>(at[1])) - '0';
  return tens > 9 || ones > 9 ? 1'000 : tens * 10 + ones;
}

constexpr std::size_t kShortest = 20;  // 2013-02-04T11:00:00Z

/// The fields stand at fixed places up to the seconds. Null, or what is wrong.
const char* read_date(const char* text, Date& date) noexcept {
  const unsigned century = two_digits(text);
  const unsigned year = two_digits(text + 2);
  const unsigned month = two_digits(text + 5);
  const unsigned day = two_digits(text + 8);
  if (century > 99 || year > 99 || text[4] != '-' || text[7] != '-') {
    return "it must begin with a date as YYYY-MM-DD";
  }
  date = {static_cast<int>(century * 100 + year), static_cast<int>(month), static_cast<int>(day)};
  if (date.year == 0) return "the year must be 0001 to 9999";
  if (month < 1 || month > 12) return "the month must be 01 to 12";
  if (day < 1 || date.day > days_in_month(date.year, date.month)) {
    return "the month has no such day";
  }
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return "a T must follow the date";
  return nullptr;
}

const char* read_clock(const char* text, int& second_of_day) noexcept {
  const unsigned hour = two_digits(text + 11);
  const unsigned minute = two_digits(text + 14);
  const unsigned second = two_digits(text + 17);
  if (text[13] != ':' || text[16] != ':') return "the time of day must be HH:MM:SS";
  if (hour > 23 || minute > 59 || second > 60) return "the time of day is out of range";
  second_of_day = static_cast<int>(hour * 3'600 + minute * 60 + second);
  return nullptr;
}

/// Where there is a point: 1 … 9 digits, scaled to nanoseconds. Moves `rest` behind them.
const char* read_fraction(std::string_view& rest, std::uint32_t& nanoseconds) noexcept {
  if (rest.front() != '.') return nullptr;
  std::uint32_t value = 0;
  std::size_t count = 0;
  while (count + 1 < rest.size() && rest[count + 1] >= '0' && rest[count + 1] <= '9') {
    if (++count > 9) break;
    value = value * 10 + static_cast<std::uint32_t>(rest[count] - '0');
  }
  if (count < 1 || count > 9) return "the fraction of a second must have 1 to 9 digits";
  rest.remove_prefix(count + 1);
  for (; count < 9; ++count) value *= 10;
  nanoseconds = value;
  return nullptr;
}

const char* read_offset(std::string_view rest, std::int16_t& minutes) noexcept {
  if (rest == "Z" || rest == "z") return nullptr;
  if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) {
    return "a zone must end it, Z or an offset as +01:00";
  }
  if (rest.size() != 6 || rest[3] != ':') return "the offset must be written as +01:00";
  const unsigned hour = two_digits(rest.data() + 1);
  const unsigned minute = two_digits(rest.data() + 4);
  if (hour > 23 || minute > 59) return "the offset is out of range";
  const int offset = static_cast<int>(hour * 60 + minute);
  minutes = static_cast<std::int16_t>(rest.front() == '-' ? -offset : offset);
  return nullptr;
}

/// Second 60 exists at 23:59:60 UTC alone, and becomes the second after it.
const char* check_leap_second(const Date& date, int second_of_day, int offset_minutes) noexcept {
  constexpr int kMinutesPerDay = 1'440;
  const int minute_of_day = (second_of_day - 60) / 60;
  const int utc = (minute_of_day - offset_minutes + 2 * kMinutesPerDay) % kMinutesPerDay;
  if (utc != kMinutesPerDay - 1) return "second 60 exists only at 23:59:60 UTC";
  const bool last_minute = date.year == kMaxYear && date.month == 12 && date.day == 31 &&
                           minute_of_day == kMinutesPerDay - 1;
  return last_minute ? "the year must be 0001 to 9999" : nullptr;
}

char* put_digits(char* out, std::uint32_t value, int count) noexcept {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + count;
}

/// 0 … 99 as two digits and what follows them.
char* put_two(char* out, unsigned value, char then) noexcept {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  out[2] = then;
  return out + 3;
}

char* put_fraction(char* out, std::uint32_t nanoseconds) noexcept {
  if (nanoseconds == 0) return out;
  *out++ = '.';
  if (nanoseconds % 1'000'000 == 0) return put_digits(out, nanoseconds / 1'000'000, 3);
  if (nanoseconds % 1'000 == 0) return put_digits(out, nanoseconds / 1'000, 6);
  return put_digits(out, nanoseconds, 9);
}

char* put_offset(char* out, int minutes) noexcept {
  if (minutes == 0) {
    *out++ = 'Z';
    return out;
  }
  *out++ = minutes < 0 ? '-' : '+';
  const int size = minutes < 0 ? -minutes : minutes;
  out = put_two(out, static_cast<unsigned>(size / 60), ':');
  return put_digits(out, static_cast<std::uint32_t>(size % 60), 2);
}

}  // namespace

Timestamp Timestamp::from_wall_ns(std::int64_t wall_ns) noexcept {
  std::int64_t seconds = wall_ns / kNanosecondsPerSecond;
  std::int64_t rest = wall_ns % kNanosecondsPerSecond;
  if (rest < 0) {  // division rounds towards zero, times before 1970 must round down
    --seconds;
    rest += kNanosecondsPerSecond;
  }
  return {seconds, static_cast<std::uint32_t>(rest), 0};
}

const char* read_timestamp(std::string_view text, Timestamp& out) noexcept {
  if (text.size() < kShortest) return "it is too short";
  Date date{};
  int second_of_day = 0;
  out.nanoseconds = 0;
  out.offset_minutes = 0;
  if (const char* why = read_date(text.data(), date)) return why;
  if (const char* why = read_clock(text.data(), second_of_day)) return why;
  std::string_view rest = text.substr(kShortest - 1);
  if (const char* why = read_fraction(rest, out.nanoseconds)) return why;
  if (const char* why = read_offset(rest, out.offset_minutes)) return why;
  if (text[17] == '6') {
    const char* why = check_leap_second(date, second_of_day, out.offset_minutes);
    if (why != nullptr) return why;
  }
  out.seconds = days_from_civil(date) * kSecondsPerDay + second_of_day -
                std::int64_t{out.offset_minutes} * 60;
  return nullptr;
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  Timestamp out;
  if (const char* why = read_timestamp(text, out)) return bad(text, why);
  return out;
}

std::size_t write_timestamp(const Timestamp& timestamp, char* out) noexcept {
  const std::int64_t local = timestamp.seconds + std::int64_t{timestamp.offset_minutes} * 60;
  std::int64_t days = local / kSecondsPerDay;
  int second_of_day = static_cast<int>(local % kSecondsPerDay);
  if (second_of_day < 0) {
    --days;
    second_of_day += kSecondsPerDay;
  }
  const Date date = civil_from_days(days);
  assert(date.year >= 0 && date.year <= kMaxYear);  // parse_timestamp and datetime know no other
  const auto year = static_cast<unsigned>(date.year);
  const auto second = static_cast<unsigned>(second_of_day);

  put_two(out, year / 100, ' ');
  char* end = put_two(out + 2, year % 100, '-');
  end = put_two(end, static_cast<unsigned>(date.month), '-');
  end = put_two(end, static_cast<unsigned>(date.day), 'T');
  end = put_two(end, second / 3'600, ':');
  end = put_two(end, second / 60 % 60, ':');
  end = put_two(end, second % 60, ' ') - 1;
  end = put_fraction(end, timestamp.nanoseconds);
  end = put_offset(end, timestamp.offset_minutes);
  return static_cast<std::size_t>(end - out);
}

void append_timestamp(const Timestamp& timestamp, std::string& out) {
  char text[kTimestampTextSize];
  out.append(text, write_timestamp(timestamp, text));
}

}  // namespace veltrix
