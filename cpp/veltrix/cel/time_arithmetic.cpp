#include "veltrix/cel/time_arithmetic.hpp"

namespace veltrix::cel {
namespace {

Value overflow() noexcept { return Value::error(Reason::kOverflow); }

}  // namespace

Value duration_of_ns(std::int64_t nanoseconds) noexcept {
  std::int64_t seconds = nanoseconds / kNanosecondsPerSecond;
  std::int64_t rest = nanoseconds % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  return Value::duration(seconds, static_cast<std::uint32_t>(rest));
}

std::int64_t duration_ns(const Value& duration) noexcept {
  // In 128 bits: seconds reach to 3e11, so neither step can overflow.
  const Int128 exact =
      static_cast<Int128>(duration.integer) * kNanosecondsPerSecond + duration.size;
  if (exact > INT64_MAX) return INT64_MAX;
  if (exact < INT64_MIN) return INT64_MIN;
  return static_cast<std::int64_t>(exact);
}

Value add_durations(const Value& a, const Value& b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(duration_ns(a), duration_ns(b), &sum)) return overflow();
  return duration_of_ns(sum);
}

Value subtract_durations(const Value& a, const Value& b) noexcept {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(duration_ns(a), duration_ns(b), &difference)) return overflow();
  return duration_of_ns(difference);
}

Value add_to_timestamp(const Value& timestamp, const Value& duration) noexcept {
  std::int64_t seconds = timestamp.integer + duration.integer;  // both far below the range of int64
  std::int64_t nanoseconds = std::int64_t{timestamp.size} + duration.size;
  if (nanoseconds >= kNanosecondsPerSecond) {
    nanoseconds -= kNanosecondsPerSecond;
    ++seconds;
  }
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return overflow();
  return Value::timestamp(seconds, static_cast<std::uint32_t>(nanoseconds));
}

Value take_from_timestamp(const Value& timestamp, const Value& duration) noexcept {
  std::int64_t negative = 0;
  if (__builtin_sub_overflow(std::int64_t{0}, duration_ns(duration), &negative)) return overflow();
  return add_to_timestamp(timestamp, duration_of_ns(negative));
}

Value subtract_timestamps(const Value& a, const Value& b) noexcept {
  const Int128 exact = static_cast<Int128>(a.integer - b.integer) * kNanosecondsPerSecond +
                       (std::int64_t{a.size} - std::int64_t{b.size});
  if (exact > INT64_MAX || exact < INT64_MIN) return overflow();
  return duration_of_ns(static_cast<std::int64_t>(exact));
}

}  // namespace veltrix::cel
