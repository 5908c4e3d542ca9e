#include "veltrix/event/json_cursor.hpp"

#include <bit>
#include <cstring>

#include "veltrix/base/limits.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace veltrix {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The 16-bit unit of \uXXXX at `at`, or -1.
std::int32_t read_unit(const char* at, const char* end) noexcept {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  std::int32_t value = 0;
  for (int i = 2; i < 6; ++i) {
    const int lower = at[i] | 0x20;
    if (is_digit(at[i])) {
      value = value * 16 + (at[i] - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

}  // namespace

const char* JsonCursor::fail(const char* at, ErrorCode code, const char* what) noexcept {
  at_ = at;
  code_ = code;
  what_ = what;
  return nullptr;
}

Error JsonCursor::error() const {
  return {code_, std::string(what_) + " at byte " + std::to_string(at_ - begin_)};
}

bool JsonCursor::skip_char(char expected, const char* complaint) noexcept {
  if (peek() != expected) return step(fail(at_, ErrorCode::kInvalidJson, complaint));
  return step(at_ + 1);
}

bool JsonCursor::skip_end() noexcept {
  skip_space();
  if (at_ == end_) return true;
  return step(fail(at_, ErrorCode::kInvalidJson, "something follows the value"));
}

bool JsonCursor::skip_string(bool& escaped) noexcept {
  escaped_ = false;
  const bool good = step(string_end(at_));
  escaped = escaped_;
  return good;
}

bool JsonCursor::skip_number() noexcept { return step(number_end(at_)); }

/// The next quote, backslash or control character, or the end.
inline const char* JsonCursor::plain_end(const char* at) noexcept {
#if defined(__SSE2__)
  const __m128i last_control = _mm_set1_epi8(0x1F);
  while (readable_end_ - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, last_control), last_control);
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const auto found = static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
    // Bytes behind the string may be taken in: that costs a needless UTF-8 check at worst.
    high_ |= static_cast<std::uint32_t>(_mm_movemask_epi8(block));
    if (found != 0) {
      at += std::countr_zero(found);
      return at < end_ ? at : end_;
    }
    at += 16;
    if (at >= end_) return end_;
  }
#endif
  while (at != end_ && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) {
    high_ |= static_cast<unsigned char>(*at) & 0x80U;
    ++at;
  }
  return at;
}

inline const char* JsonCursor::string_end(const char* at) noexcept {
  at = plain_end(at + 1);
  if (at != end_ && *at == '"') [[likely]]
    return at + 1;
  return escaped_string_end(at);
}

/// The rest of a string from its first backslash, or whatever else stands in the way.
const char* JsonCursor::escaped_string_end(const char* at) noexcept {
  for (;;) {
    if (at == end_) return fail(at, ErrorCode::kInvalidJson, "a string has no closing quote");
    if (*at == '"') return at + 1;
    if (*at != '\\') {
      return fail(at, ErrorCode::kInvalidJson, "a control character must be escaped in a string");
    }
    escaped_ = true;
    at = escape_end(at);
    if (at == nullptr) return nullptr;
    at = plain_end(at);
  }
}

const char* JsonCursor::escape_end(const char* at) noexcept {
  constexpr std::string_view kSimple = "\"\\/bfnrt";
  const char kind = end_ - at >= 2 ? at[1] : '\0';
  if (kind != 'u') {
    if (kSimple.find(kind) != std::string_view::npos) return at + 2;
    return fail(at, ErrorCode::kInvalidJson, "an escape that JSON does not know");
  }
  const std::int32_t unit = read_unit(at, end_);
  if (unit < 0) return fail(at, ErrorCode::kInvalidJson, "four hexadecimal digits must follow \\u");
  if (unit < 0xD800 || unit > 0xDFFF) return at + 6;
  // Half of a surrogate pair alone is no character and could not be written as UTF-8.
  const std::int32_t low = unit < 0xDC00 ? read_unit(at + 6, end_) : -1;
  if (low >= 0xDC00 && low <= 0xDFFF) return at + 12;
  return fail(at, ErrorCode::kInvalidJson, "a surrogate escape without its other half");
}

inline const char* JsonCursor::digits_end(const char* at) noexcept {
  if (!is_digit(byte_at(at))) {
    return fail(at, ErrorCode::kInvalidJson, "a digit is missing in a number");
  }
  do ++at;
  while (at != end_ && is_digit(*at));
  return at;
}

const char* JsonCursor::number_end(const char* at) noexcept {
  const char* const start = at;
  if (byte_at(at) == '-') ++at;
  if (byte_at(at) == '0') {
    ++at;  // a digit behind it is refused by whoever expects a comma
  } else {
    at = digits_end(at);
  }
  if (at != nullptr && byte_at(at) == '.') at = digits_end(at + 1);
  if (at != nullptr && (byte_at(at) | 0x20) == 'e') {
    ++at;
    if (byte_at(at) == '+' || byte_at(at) == '-') ++at;
    at = digits_end(at);
  }
  if (at != nullptr && static_cast<std::size_t>(at - start) > kMaxJsonNumber) {
    return fail(start, ErrorCode::kInvalidJson, "a number is longer than 1024 characters");
  }
  return at;
}

const char* JsonCursor::literal_end(const char* at, std::string_view literal) noexcept {
  const auto left = static_cast<std::size_t>(end_ - at);
  if (left < literal.size() || std::memcmp(at, literal.data(), literal.size()) != 0) {
    return fail(at, ErrorCode::kInvalidJson, "a word other than true, false or null");
  }
  return at + literal.size();
}

inline const char* JsonCursor::scalar_end(const char* at) noexcept {
  switch (byte_at(at)) {
    case '"':
      return string_end(at);
    case 't':
      return literal_end(at, "true");
    case 'f':
      return literal_end(at, "false");
    case 'n':
      return literal_end(at, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      return number_end(at);
    default:
      return fail(at, ErrorCode::kInvalidJson,
                  at == end_ ? "the text ends where a value must stand"
                             : "a value cannot begin with this byte");
  }
}

/// A member's name and its colon.
inline const char* JsonCursor::key_end(const char* at) noexcept {
  if (byte_at(at) != '"') {
    return fail(at, ErrorCode::kInvalidJson, "a member's name in quotes is missing");
  }
  at = string_end(at);
  if (at == nullptr) return nullptr;
  at = space_end(at);
  if (byte_at(at) == ':') return at + 1;
  return fail(at, ErrorCode::kInvalidJson, "a ':' is missing after the member's name");
}

/// Behind a value: closes containers until another value begins (open > 0) or none is left.
inline const char* JsonCursor::closers_end(const char* at, std::uint64_t& objects,
                                           std::size_t& open) noexcept {
  while (open != 0) {
    at = space_end(at);
    const bool object = (objects & 1) != 0;
    const char next = byte_at(at);
    if (next == ',') return object ? key_end(space_end(at + 1)) : at + 1;
    if (next != (object ? '}' : ']')) {
      return fail(at, ErrorCode::kInvalidJson,
                  object ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
    }
    ++at;
    objects >>= 1;
    --open;
  }
  return at;
}

bool JsonCursor::skip_value(std::size_t depth) noexcept {
  std::uint64_t objects = 0;  // one bit per open level, the innermost lowest: is it an object?
  static_assert(kMaxJsonDepth <= 64);
  std::size_t open = 0;
  const char* at = at_;
  do {
    at = space_end(at);
    const char first = byte_at(at);
    if (first == '{' || first == '[') {
      if (depth + open >= kMaxJsonDepth) {
        return step(fail(at, ErrorCode::kTooDeep, "arrays and objects nest deeper than 64 levels"));
      }
      ++open;
      objects = objects << 1 | (first == '{' ? 1U : 0U);
      at = space_end(at + 1);
      if (byte_at(at) != (first == '{' ? '}' : ']')) {
        if (first == '{') at = key_end(at);
        continue;
      }
    } else {
      at = scalar_end(at);
    }
    if (at != nullptr) at = closers_end(at, objects, open);
  } while (at != nullptr && open != 0);
  return step(at);
}

}  // namespace veltrix
