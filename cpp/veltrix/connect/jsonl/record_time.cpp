#include "veltrix/connect/jsonl/record_time.hpp"

#include <cmath>

namespace veltrix {
namespace {

using cel::Kind;

constexpr std::int64_t kMillisecondsFrom = 100'000'000'000;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t kMicroseconds = 1'000'000;       // of a second

tl::unexpected<Error> beyond() {
  return fail(ErrorCode::kInvalidEvent, "not in the years 0001 to 9999");
}

Result<Timestamp> at(std::int64_t seconds, std::uint32_t nanoseconds) {
  if (seconds < kFirstSecond || seconds > kLastSecond) return beyond();
  return Timestamp{seconds, nanoseconds, 0};
}

Result<Timestamp> of_integer(std::int64_t number) {
  if (number <= kMillisecondsFrom) return at(number, 0);
  return at(number / 1'000, static_cast<std::uint32_t>(number % 1'000) * 1'000'000U);
}

Result<Timestamp> of_real(double number) {
  if (number > static_cast<double>(kMillisecondsFrom)) number /= 1'000;
  // Before the conversion: what does not fit into an integer has no defined value there.
  if (!(std::abs(number) <= 1e12)) return beyond();
  const double whole = std::floor(number);
  auto seconds = static_cast<std::int64_t>(whole);
  auto micros = static_cast<std::int64_t>(std::llround((number - whole) * kMicroseconds));
  seconds += micros / kMicroseconds;
  micros %= kMicroseconds;
  return at(seconds, static_cast<std::uint32_t>(micros) * 1'000U);
}

}  // namespace

Result<Timestamp> record_time(const cel::Value& value) {
  switch (value.kind) {
    case Kind::kString:
      return parse_timestamp(value.view());
    case Kind::kTimestamp:
      return at(value.integer, value.size);
    case Kind::kInt:
      return of_integer(value.integer);
    case Kind::kUint:
      return of_real(static_cast<double>(value.uinteger));
    case Kind::kDouble:
      return of_real(value.real);
    default:
      return fail(ErrorCode::kInvalidEvent,
                  "a time is a text as in RFC 3339, or a number of seconds or milliseconds");
  }
}

}  // namespace veltrix
