#include "veltrix/cel/conversions.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "veltrix/cel/number_text.hpp"
#include "veltrix/cel/scalar_text.hpp"
#include "veltrix/cel/texts.hpp"
#include "veltrix/cel/time_arithmetic.hpp"
#include "veltrix/cel/time_text.hpp"

namespace veltrix::cel {
namespace {

constexpr double kIntEnd = 9'223'372'036'854'775'808.0;    // 2^63
constexpr double kUintEnd = 18'446'744'073'709'551'616.0;  // 2^64

Value bad() noexcept { return Value::error(Reason::kBadConversion); }
Value no_overload() noexcept { return Value::error(Reason::kNoOverload); }

template <class T>
bool is_one_of(std::string_view text, const T& names) noexcept {
  return std::find(std::begin(names), std::end(names), text) != std::end(names);
}

}  // namespace

Value to_bool(const Value& value) noexcept {
  if (value.kind == Kind::kBool) return value;
  if (value.kind != Kind::kString) return no_overload();
  constexpr std::string_view kTrue[] = {"true", "True", "TRUE", "t", "1"};
  constexpr std::string_view kFalse[] = {"false", "False", "FALSE", "f", "0"};
  if (is_one_of(value.view(), kTrue)) return Value::of(true);
  return is_one_of(value.view(), kFalse) ? Value::of(false) : bad();
}

Value to_int(const Value& value) noexcept {
  std::int64_t out = 0;
  switch (value.kind) {
    case Kind::kInt:
      return value;
    case Kind::kBool:
      return Value::of(std::int64_t{value.boolean ? 1 : 0});
    case Kind::kUint:
      if (value.uinteger > static_cast<std::uint64_t>(INT64_MAX)) return bad();
      return Value::of(static_cast<std::int64_t>(value.uinteger));
    case Kind::kDouble:  // -2^63 is refused as well, which Google's runtimes do; NaN with it
      if (!(value.real > -kIntEnd && value.real < kIntEnd)) return bad();
      return Value::of(static_cast<std::int64_t>(value.real));
    case Kind::kString:
      return read_int(value.view(), out) ? Value::of(out) : bad();
    case Kind::kTimestamp:
      return Value::of(value.integer);
    default:
      return no_overload();
  }
}

Value to_uint(const Value& value) noexcept {
  std::uint64_t out = 0;
  switch (value.kind) {
    case Kind::kUint:
      return value;
    case Kind::kInt:
      if (value.integer < 0) return bad();
      return Value::of(static_cast<std::uint64_t>(value.integer));
    case Kind::kDouble:
      if (!(value.real >= 0 && value.real < kUintEnd)) return bad();
      return Value::of(static_cast<std::uint64_t>(value.real));
    case Kind::kString:
      return read_uint(value.view(), out) ? Value::of(out) : bad();
    default:
      return no_overload();
  }
}

Value to_double(const Value& value) noexcept {
  double out = 0;
  switch (value.kind) {
    case Kind::kDouble:
      return value;
    case Kind::kInt:
      return Value::of(static_cast<double>(value.integer));
    case Kind::kUint:
      return Value::of(static_cast<double>(value.uinteger));
    case Kind::kString:
      return read_double(value.view(), out) ? Value::of(out) : bad();
    default:
      return no_overload();
  }
}

Value to_string(const Value& value, Workspace& work) noexcept {
  if (value.kind == Kind::kString) return value;
  if (value.kind == Kind::kBytes) {
    if (!work.spend_bytes(value.size)) return Value::error(Reason::kTooMuchWork);
    return is_utf8(value.view()) ? Value::string(value.view()) : bad();
  }
  char text[kScalarTextSize];
  const std::size_t size = write_scalar(value, text);
  if (size == 0) return no_overload();
  char* const kept = work.arena.text(size);
  if (kept == nullptr) return Value::error(Reason::kTooMuchMemory);
  std::memcpy(kept, text, size);
  return Value::string({kept, size});
}

Value to_bytes(const Value& value) noexcept {
  if (value.kind != Kind::kString && value.kind != Kind::kBytes) return no_overload();
  return Value::bytes(value.view());
}

Value to_timestamp(const Value& value) noexcept {
  switch (value.kind) {
    case Kind::kTimestamp:
      return value;
    case Kind::kInt:
      if (value.integer < kMinTimestampSeconds || value.integer > kMaxTimestampSeconds) {
        return Value::error(Reason::kOverflow);
      }
      return Value::timestamp(value.integer, 0);
    case Kind::kString:
      return read_timestamp(value.view());
    default:
      return no_overload();
  }
}

Value to_duration(const Value& value) noexcept {
  if (value.kind == Kind::kDuration) return value;
  return value.kind == Kind::kString ? read_duration(value.view()) : no_overload();
}

}  // namespace veltrix::cel
