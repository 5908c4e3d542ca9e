#include "veltrix/event/json_text.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace veltrix {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoSextet = 0xFF;

constexpr std::array<std::uint8_t, 256> sextets() {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) entry = kNoSextet;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}
constexpr auto kSextets = sextets();

std::uint32_t sextet(char c) noexcept { return kSextets[static_cast<unsigned char>(c)]; }

std::uint32_t hex_value(char c) noexcept {
  return static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

std::uint32_t read_unit(const char* digits) noexcept {
  return hex_value(digits[0]) << 12 | hex_value(digits[1]) << 8 | hex_value(digits[2]) << 4 |
         hex_value(digits[3]);
}

char* put_utf8(char* out, std::uint32_t code_point) noexcept {
  const auto tail = [code_point](int shift) {
    return static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    *out++ = static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out++ = static_cast<char>(0xC0U | code_point >> 6);
    *out++ = tail(0);
  } else if (code_point < 0x1'0000) {
    *out++ = static_cast<char>(0xE0U | code_point >> 12);
    *out++ = tail(6);
    *out++ = tail(0);
  } else {
    *out++ = static_cast<char>(0xF0U | code_point >> 18);
    *out++ = tail(12);
    *out++ = tail(6);
    *out++ = tail(0);
  }
  return out;
}

char simple_escape(char kind) noexcept {
  switch (kind) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return kind;  // quote, backslash, slash
  }
}

/// One escape at `at` (its backslash); moves `at` behind it.
char* put_escape(char* out, const char*& at) noexcept {
  if (at[1] != 'u') {
    *out++ = simple_escape(at[1]);
    at += 2;
    return out;
  }
  std::uint32_t code_point = read_unit(at + 2);
  at += 6;
  if (code_point >= 0xD800 && code_point <= 0xDBFF) {  // the cursor has seen the other half
    code_point = 0x1'0000 + ((code_point - 0xD800) << 10) + (read_unit(at + 2) - 0xDC00);
    at += 6;
  }
  return put_utf8(out, code_point);
}

/// Three bytes of every full group; false where a character is not of the alphabet.
bool decode_groups(std::string_view text, char* out) noexcept {
  std::uint32_t bad = 0;
  for (std::size_t i = 0; i < text.size(); i += 4, out += 3) {
    const std::uint32_t a = sextet(text[i]), b = sextet(text[i + 1]);
    const std::uint32_t c = sextet(text[i + 2]), d = sextet(text[i + 3]);
    bad |= a | b | c | d;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    out[0] = static_cast<char>(group >> 16);
    out[1] = static_cast<char>(group >> 8);
    out[2] = static_cast<char>(group);
  }
  return bad < 64;
}

}  // namespace

char* TextArena::room() {
  if (capacity_ < needed_) {
    // Only before the first use for this document: needed_ is an upper bound for the whole of it.
    capacity_ = std::bit_ceil(needed_);
    memory_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  return memory_.get() + used_;
}

std::size_t write_unescaped(std::string_view raw, char* out) noexcept {
  char* const begin = out;
  const char* at = raw.data();
  const char* const end = at + raw.size();
  while (at != end) {
    const auto left = static_cast<std::size_t>(end - at);
    const auto* escape = static_cast<const char*>(std::memchr(at, '\\', left));
    const std::size_t plain = escape == nullptr ? left : static_cast<std::size_t>(escape - at);
    std::memcpy(out, at, plain);
    out += plain;
    at += plain;
    if (escape != nullptr) out = put_escape(out, at);
  }
  return static_cast<std::size_t>(out - begin);
}

std::string_view TextArena::unescape(std::string_view raw) {
  char* const begin = room();
  const std::size_t size = write_unescaped(raw, begin);
  used_ += size;
  return {begin, size};
}

bool TextArena::decode_base64(std::string_view text, std::string_view& out) {
  out = {};
  if (text.empty()) return true;
  if (text.size() % 4 != 0) return false;
  const std::size_t pads = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view groups = text.substr(0, text.size() - (pads == 0 ? 0 : 4));
  char* const begin = room();
  if (!decode_groups(groups, begin)) return false;
  std::size_t size = groups.size() / 4 * 3;
  if (pads != 0) {
    const char* last = text.data() + groups.size();
    const std::uint32_t a = sextet(last[0]), b = sextet(last[1]);
    const std::uint32_t c = pads == 2 ? 0 : sextet(last[2]);
    if ((a | b | c) >= 64) return false;
    // Bits that encode nothing must be zero: one content, one text.
    if ((pads == 2 ? b & 15U : c & 3U) != 0) return false;
    begin[size++] = static_cast<char>(a << 2 | b >> 4);
    if (pads == 1) begin[size++] = static_cast<char>(b << 4 | c >> 2);
  }
  used_ += size;
  out = {begin, size};
  return true;
}

std::size_t write_base64(std::string_view bytes, char* out) noexcept {
  const auto byte = [bytes](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3, out += 4) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    out[0] = kAlphabet[group >> 18];
    out[1] = kAlphabet[(group >> 12) & 63];
    out[2] = i + 1 < bytes.size() ? kAlphabet[(group >> 6) & 63] : '=';
    out[3] = i + 2 < bytes.size() ? kAlphabet[group & 63] : '=';
  }
  return base64_size(bytes.size());
}

}  // namespace veltrix
