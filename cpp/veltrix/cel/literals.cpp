#include "veltrix/cel/literals.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "veltrix/cel/fault_words.hpp"

namespace veltrix::cel {
namespace {

using Decoded = tl::expected<Constant, Fault>;

struct Magnitude {
  std::uint64_t value = 0;
  bool fits = true;
};

Magnitude magnitude_of(std::string_view digits) noexcept {
  const bool hex = digits.substr(0, 2) == "0x";
  if (hex) digits.remove_prefix(2);
  Magnitude out;
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.value, hex ? 16 : 10);
  out.fits = parsed.ec == std::errc();
  return out;
}

Decoded out_of_range(const Token& token, std::string_view kind, std::string_view cure) {
  return tl::make_unexpected(make_fault(FaultCode::kNumberRange, {token.begin, token.end()},
                                        {token.text, kind, cure}));
}

Decoded int_of(const Token& token, bool negative) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const Magnitude magnitude = magnitude_of(token.text);
  if (!magnitude.fits || magnitude.value > kMax + (negative ? 1 : 0)) {
    const bool unsigned_helps = magnitude.fits && !negative;
    return out_of_range(token, "int",
                        unsigned_helps ? "as a uint, write a u behind it" : "write it as a double");
  }
  return static_cast<std::int64_t>(negative ? ~magnitude.value + 1 : magnitude.value);
}

Decoded uint_of(const Token& token) {
  const Magnitude magnitude = magnitude_of(token.text.substr(0, token.text.size() - 1));
  if (!magnitude.fits) return out_of_range(token, "uint", "write it as a double");
  return magnitude.value;
}

/// Beyond the range of double it is infinite, as in every implementation of the language.
Decoded double_of(const Token& token, bool negative) {
  const double value = std::strtod(std::string(token.text).c_str(), nullptr);
  return negative ? -value : value;
}

void append_utf8(std::uint32_t point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
  }
  put(0x80 | (point & 0x3F));
}

/// The inside of a quoted text.
class Unescaper {
 public:
  explicit Unescaper(const Token& token) : bytes_(token.kind == TokenKind::kBytes) {
    const std::size_t quote = token.text.find_first_of("\"'");
    const std::string_view prefix = token.text.substr(0, quote);
    raw_ = prefix.find_first_of("rR") != std::string_view::npos;
    const char c = token.text[quote];
    const bool triple = token.text.size() >= quote + 6 && token.text.substr(quote, 3) == std::string(3, c);
    const std::size_t width = triple ? 3 : 1;
    text_ = token.text.substr(quote + width, token.text.size() - quote - 2 * width);
    offset_ = token.begin + quote + width;
  }

  tl::expected<std::string, Fault> run() {
    while (at_ < text_.size() && !fault_) step();
    if (fault_) return tl::make_unexpected(std::move(*fault_));
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\\' && !raw_) return escape();
    ++at_;
    // A line ends with \n, wherever the file was written.
    if (c == '\r' && text_.substr(at_, 1) == "\n") return;
    out_ += c == '\r' ? '\n' : c;
  }

  void escape() {
    constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (const std::size_t i = kLetters.find(c); i != std::string_view::npos && c != '\0') {
      out_ += kMeanings[i];
      at_ += 2;
      return;
    }
    if (c == 'x' || c == 'X') return numeric(2, 2, 16);
    if (c == 'u' || c == 'U') return character(c == 'u' ? 4 : 8);
    if (c >= '0' && c <= '3') return numeric(1, 3, 8);
    refuse(FaultCode::kBadEscape, 2);
  }

  /// `skip` characters of introduction, then `count` digits; nothing where one is missing.
  std::optional<std::uint32_t> digits(std::size_t skip, std::size_t count, int base) const {
    const std::string_view shown = text_.substr(at_ + skip, count);
    std::uint32_t value = 0;
    const char* end = shown.data() + shown.size();
    if (shown.size() < count || std::from_chars(shown.data(), end, value, base).ptr != end) {
      return std::nullopt;
    }
    return value;
  }

  void numeric(std::size_t skip, std::size_t count, int base) {
    const auto value = digits(skip, count, base);
    if (!value) return refuse(FaultCode::kBadEscape, skip + count);
    at_ += skip + count;
    if (bytes_) {
      out_ += static_cast<char>(*value);
    } else {
      append_utf8(*value, out_);
    }
  }

  void character(std::size_t count) {
    const auto value = digits(2, count, 16);
    if (!value) return refuse(FaultCode::kBadEscape, 2 + count);
    if (bytes_) return refuse(FaultCode::kEscapeInBytes, 2 + count);
    if (*value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) {
      return refuse(FaultCode::kBadCodePoint, 2 + count);
    }
    append_utf8(*value, out_);
    at_ += 2 + count;
  }

  /// At most `length` bytes, whole characters.
  void refuse(FaultCode code, std::size_t length) {
    std::size_t end = std::min(at_ + length, text_.size());
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    fault_ = make_fault(code, {offset_ + at_, offset_ + end}, {text_.substr(at_, end - at_)});
  }

  bool bytes_;
  bool raw_ = false;
  std::string_view text_;
  std::size_t offset_ = 0;  // of text_ in the expression
  std::size_t at_ = 0;
  std::string out_;
  std::optional<Fault> fault_;
};

}  // namespace

tl::expected<Constant, Fault> constant_of(const Token& token, bool negative) {
  switch (token.kind) {
    case TokenKind::kInt:
      return int_of(token, negative);
    case TokenKind::kUint:
      return uint_of(token);
    case TokenKind::kDouble:
      return double_of(token, negative);
    default:
      break;
  }
  auto text = Unescaper(token).run();
  if (!text) return tl::make_unexpected(std::move(text.error()));
  if (token.kind == TokenKind::kBytes) return Bytes{std::move(*text)};
  return std::move(*text);
}

}  // namespace veltrix::cel
