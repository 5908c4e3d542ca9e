#include "veltrix/cel/number_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace veltrix::cel {
namespace {

constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <class T>
bool read_digits(std::string_view text, T& out) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, out);
  return fault == std::errc() && stop == end;
}

/// The text of a number that does not fit: is it too large, or too small? std::from_chars does not
/// say. Decided by the place of the first digit that counts, moved by the exponent.
bool is_large(std::string_view text, bool hex) noexcept {
  std::int64_t place = 0;  // of that digit: 1 = just before the point
  bool found = false;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < text.size() && (text[i] == '.' || (hex ? is_hex_digit(text[i]) : is_digit(text[i])));
       ++i) {
    if (text[i] == '.') {
      fraction = true;
    } else {
      found = found || text[i] != '0';
      if (found && !fraction) ++place;
      if (!found && fraction) --place;
    }
  }
  if (i >= text.size()) return place > 0;
  std::string_view exponent_text = text.substr(i + 1);
  const bool negative = exponent_text.starts_with('-');
  if (negative || exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
  std::int64_t exponent = 0;
  if (!read_digits(exponent_text, exponent)) return !negative;  // beyond 64 bits itself
  return place * (hex ? 4 : 1) + (negative ? -exponent : exponent) > 0;
}

/// Without sign and white space.
bool read_magnitude(std::string_view text, double& out) noexcept {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  if (text.empty() || text.front() == '-') return false;
  const char* const end = text.data() + text.size();
  const auto format = hex ? std::chars_format::hex : std::chars_format::general;
  const auto [stop, fault] = std::from_chars(text.data(), end, out, format);
  if (stop != end || fault == std::errc::invalid_argument) return false;
  if (hex && !std::isfinite(out)) return false;  // "0xinf" is no number
  if (fault == std::errc::result_out_of_range) {
    out = is_large(text, hex) ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return true;
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool read_int(std::string_view text, std::int64_t& out) noexcept {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  return read_digits(text, out);
}

bool read_uint(std::string_view text, std::uint64_t& out) noexcept {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  return read_digits(text, out);
}

bool read_double(std::string_view text, double& out) noexcept {
  text = trimmed(text);
  if (text.empty()) return false;
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  out = 0;
  if (!read_magnitude(text, out)) return false;
  if (negative) out = -out;
  return true;
}

std::size_t write_double(double value, char* out) noexcept {
  const auto end = std::to_chars(out, out + kDoubleTextSize, value, std::chars_format::general).ptr;
  return static_cast<std::size_t>(end - out);
}

}  // namespace veltrix::cel
