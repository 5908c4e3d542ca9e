// read_json_at(): texts without escapes and short numbers without a call, the rest by from_json().

#include <bit>
#include <cstdint>
#include <cstring>

#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/path_scan.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace veltrix::cel {
namespace {

// Up to 15 digits and these powers are exact as doubles, so that one division rounds correctly.
constexpr double kPowersOfTen[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
constexpr std::ptrdiff_t kExactDigits = 15;
constexpr std::ptrdiff_t kSafeDigits = 18;  // of an int, whatever they are

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

Value read_other(const char* at, const char* end, Workspace& work) noexcept {
  return from_json({at, static_cast<std::size_t>(end - at)}, work);
}

/// The next quote or backslash, or `end`.
const char* text_end(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(quotes, slashes)));
    if (found != 0) return at + std::countr_zero(found);
    at += 16;
  }
#endif
  while (at != end && *at != '"' && *at != '\\') ++at;
  return at;
}

Value read_number(const char* at, const char* end, Workspace& work) noexcept {
  const char* const start = at;
  const bool negative = *at == '-';
  if (negative) ++at;
  const char* const digits = at;
  std::int64_t number = 0;
  while (at != end && is_digit(*at) && at - digits < kSafeDigits)
    number = number * 10 + (*at++ - '0');
  if (at == end || (!is_digit(*at) && *at != '.' && (*at | 0x20) != 'e')) {
    return Value::of(negative ? -number : number);
  }
  if (*at != '.') return read_other(start, end, work);
  const char* const fraction = ++at;
  while (at != end && is_digit(*at) && at - digits <= kExactDigits)
    number = number * 10 + (*at++ - '0');
  // One of the characters between `digits` and here is the point.
  const bool is_whole = at == end || (!is_digit(*at) && (*at | 0x20) != 'e');
  if (!is_whole || at - digits - 1 > kExactDigits) return read_other(start, end, work);
  const double real = static_cast<double>(number) / kPowersOfTen[at - fraction];
  return Value::of(negative ? -real : real);
}

bool starts_with(const char* at, const char* end, std::string_view word) noexcept {
  return static_cast<std::size_t>(end - at) >= word.size() &&
         std::memcmp(at, word.data(), word.size()) == 0;
}

}  // namespace

Value read_json_at(const char* at, const char* end, Workspace& work) noexcept {
  switch (*at) {
    case '"': {
      const char* const stop = text_end(at + 1, end);
      if (stop == end || *stop != '"') break;
      return Value::string({at + 1, static_cast<std::size_t>(stop - at - 1)});
    }
    case 't':
      if (starts_with(at, end, "true")) return Value::of(true);
      break;
    case 'f':
      if (starts_with(at, end, "false")) return Value::of(false);
      break;
    case 'n':
      if (starts_with(at, end, "null")) return Value::null();
      break;
    case '{':
    case '[':
      break;
    default:
      return read_number(at, end, work);
  }
  return read_other(at, end, work);
}

}  // namespace veltrix::cel
