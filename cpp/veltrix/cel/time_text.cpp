#include "veltrix/cel/time_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <date/date.h>

#include "veltrix/cel/number_text.hpp"
#include "veltrix/cel/time_arithmetic.hpp"
#include "veltrix/event/timestamp.hpp"

namespace veltrix::cel {
namespace {

Value bad() noexcept { return Value::error(Reason::kBadConversion); }
Value overflow() noexcept { return Value::error(Reason::kOverflow); }

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes a text apart from the front. After a piece that was not there nothing succeeds any more.
class Pieces {
 public:
  explicit Pieces(std::string_view text) noexcept : rest_(text) {}

  bool ok() const noexcept { return ok_; }
  bool done() const noexcept { return ok_ && rest_.empty(); }
  char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  void take(char expected) noexcept {
    ok_ = ok_ && peek() == expected;
    if (ok_) rest_.remove_prefix(1);
  }
  bool take_if(char expected) noexcept {
    if (!ok_ || peek() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// 1 … `digits_max` digits, in the range.
  std::int64_t number(std::size_t digits_max, std::int64_t min, std::int64_t max) noexcept {
    std::int64_t value = 0;
    std::size_t count = 0;
    while (count < digits_max && is_digit(peek())) {
      value = std::min<std::int64_t>(value * 10 + (peek() - '0'), 1'000'000);
      rest_.remove_prefix(1);
      ++count;
    }
    ok_ = ok_ && count > 0 && value >= min && value <= max;
    return value;
  }
  /// Exactly two digits, not above `max`, or nothing is taken.
  bool two_digits(std::int64_t max, std::int64_t& out) noexcept {
    if (!ok_ || rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return false;
    out = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    if (out > max) return false;
    rest_.remove_prefix(2);
    return true;
  }
  std::uint32_t fraction() noexcept {
    std::uint32_t value = 0;
    std::uint32_t unit = 100'000'000;
    ok_ = ok_ && is_digit(peek());
    for (; is_digit(peek()); rest_.remove_prefix(1), unit /= 10) {
      value += unit * static_cast<std::uint32_t>(peek() - '0');
    }
    return value;
  }
  /// Z, +hh, +hhmm, +hhmmss, colons in between or not. Seconds.
  std::int64_t zone() noexcept {
    if (take_if('Z') || take_if('z')) return 0;
    const bool negative = peek() == '-';
    if (!negative && peek() != '+') ok_ = false;
    if (!ok_) return 0;
    rest_.remove_prefix(1);
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    std::int64_t seconds = 0;
    ok_ = two_digits(23, hours);
    // A colon without two digits behind it stays, and what stays is a fault of the whole.
    const std::string_view before = rest_;
    take_if(':');
    if (two_digits(59, minutes)) {
      take_if(':');
      two_digits(59, seconds);
    } else {
      rest_ = before;
    }
    const std::int64_t offset = hours * 3'600 + minutes * 60 + seconds;
    return negative ? -offset : offset;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::size_t kAnyDigits = 1'000;
constexpr std::int64_t kYearEnd = 10'001;  // year 10000 in the zone can still be 9999 in UTC

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
// Two letters first: "ms" is no minute.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"ms", 1'000'000},
                           {"s", kNanosecondsPerSecond},
                           {"m", 60 * kNanosecondsPerSecond},
                           {"h", 3'600 * kNanosecondsPerSecond}};

struct Number {
  std::int64_t whole = 0;
  std::int64_t fraction = 0;  // of `scale`
  std::int64_t scale = 1;
};

/// Digits, with a point among them or not. Fraction digits beyond the 18th do not count.
bool take_number(std::string_view& text, Number& out) noexcept {
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (__builtin_mul_overflow(out.whole, std::int64_t{10}, &out.whole)) return false;
    if (__builtin_add_overflow(out.whole, std::int64_t{text[i] - '0'}, &out.whole)) return false;
  }
  std::size_t digits = i;
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i, ++digits) {
      if (out.scale > INT64_MAX / 10) continue;
      out.fraction = out.fraction * 10 + (text[i] - '0');
      out.scale *= 10;
    }
  }
  text.remove_prefix(i);
  return digits > 0;
}

const Unit* take_unit(std::string_view& text) noexcept {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

// Quarters of a nanosecond, the resolution of Google's runtimes: 0.5ns0.5ns is 1ns. Its bound is
// where theirs becomes an infinity.
constexpr Int128 kTicksPerNs = 4;
constexpr Int128 kInfinity = static_cast<Int128>(INT64_MAX) * kNanosecondsPerSecond * kTicksPerNs;

/// Adds the number of units. False: it becomes infinite.
bool add_units(const Number& number, const Unit& unit, Int128& ticks) noexcept {
  const Int128 per_unit = unit.ns * kTicksPerNs;
  const Int128 of_fraction = number.fraction * per_unit;
  if (of_fraction > kInfinity) return false;
  ticks += number.whole * per_unit + of_fraction / number.scale;
  return ticks <= kInfinity;
}

}  // namespace

Value read_timestamp(std::string_view text) noexcept {
  Pieces pieces(trimmed(text));
  const std::int64_t year = pieces.number(kAnyDigits, 0, kYearEnd);
  pieces.take('-');
  const std::int64_t month = pieces.number(2, 1, 12);
  pieces.take('-');
  const std::int64_t day = pieces.number(2, 1, 31);
  if (!pieces.take_if('t')) pieces.take('T');
  const std::int64_t hour = pieces.number(2, 0, 23);
  pieces.take(':');
  const std::int64_t minute = pieces.number(2, 0, 59);
  pieces.take(':');
  const std::int64_t second = pieces.number(2, 0, 60);
  std::uint32_t nanoseconds = pieces.take_if('.') ? pieces.fraction() : 0;
  const std::int64_t offset = pieces.zone();
  if (!pieces.done()) return bad();

  const date::year_month_day date{date::year(static_cast<int>(year)),
                                  date::month(static_cast<unsigned>(month)),
                                  date::day(static_cast<unsigned>(day))};
  if (!date.ok()) return bad();
  const std::int64_t days = date::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + hour * 3'600 + minute * 60 + second - offset;
  if (second == 60) nanoseconds = 0;  // the instant after 23:59:59, whatever part of it is meant
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return overflow();
  return Value::timestamp(seconds, nanoseconds);
}

Value read_duration(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return bad();
  if (text == "0") return Value::duration(0, 0);
  if (text == "inf") return overflow();
  Int128 ticks = 0;
  while (!text.empty()) {
    Number number;
    if (!take_number(text, number)) return bad();
    const Unit* const unit = take_unit(text);
    if (unit == nullptr) return bad();
    if (!add_units(number, *unit, ticks)) return overflow();
  }
  const Int128 ns = ticks / kTicksPerNs * (negative ? -1 : 1);
  auto seconds = static_cast<std::int64_t>(ns / kNanosecondsPerSecond);
  auto rest = static_cast<std::int64_t>(ns % kNanosecondsPerSecond);
  if (seconds > kMaxDurationSeconds || seconds < -kMaxDurationSeconds) return overflow();
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  return Value::duration(seconds, static_cast<std::uint32_t>(rest));
}

std::size_t write_time(const Value& timestamp, char* out) noexcept {
  return write_timestamp({timestamp.integer, timestamp.size, 0}, out);
}

std::size_t write_duration(const Value& duration, char* out) noexcept {
  char* at = out;
  std::int64_t seconds = duration.integer;
  std::uint32_t nanoseconds = duration.size;
  if (seconds < 0) {
    *at++ = '-';
    seconds = -seconds;
    if (nanoseconds != 0) {
      --seconds;
      nanoseconds = 1'000'000'000 - nanoseconds;
    }
  }
  at = std::to_chars(at, out + 24, seconds).ptr;
  if (nanoseconds != 0) {
    *at++ = '.';
    const int digits = nanoseconds % 1'000'000 == 0 ? 3 : nanoseconds % 1'000 == 0 ? 6 : 9;
    for (std::uint32_t unit = 100'000'000, i = 0; i < static_cast<std::uint32_t>(digits); ++i) {
      *at++ = static_cast<char>('0' + nanoseconds / unit % 10);
      unit /= 10;
    }
  }
  *at++ = 's';
  return static_cast<std::size_t>(at - out);
}

}  // namespace veltrix::cel
