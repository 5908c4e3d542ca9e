#include "veltrix/cel/scalar_text.hpp"

#include <charconv>
#include <string_view>

#include "veltrix/cel/number_text.hpp"
#include "veltrix/cel/time_text.hpp"

namespace veltrix::cel {
namespace {

template <class T>
std::size_t write_integer(T value, char* out) noexcept {
  return static_cast<std::size_t>(std::to_chars(out, out + kScalarTextSize, value).ptr - out);
}

std::size_t write_bool(bool value, char* out) noexcept {
  return std::string_view(value ? "true" : "false").copy(out, kScalarTextSize);
}

}  // namespace

std::size_t write_scalar(const Value& value, char* out) noexcept {
  switch (value.kind) {
    case Kind::kBool:
      return write_bool(value.boolean, out);
    case Kind::kInt:
      return write_integer(value.integer, out);
    case Kind::kUint:
      return write_integer(value.uinteger, out);
    case Kind::kDouble:
      return write_double(value.real, out);
    case Kind::kTimestamp:
      return write_time(value, out);
    case Kind::kDuration:
      return write_duration(value, out);
    default:
      return 0;
  }
}

}  // namespace veltrix::cel
