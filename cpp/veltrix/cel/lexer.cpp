#include "veltrix/cel/lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "veltrix/cel/fault_words.hpp"

namespace veltrix::cel {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool begins_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_word(char c) noexcept { return begins_word(c) || is_digit(c); }

// Longer ones first: "<=" is not "<" and "=".
constexpr std::array<std::string_view, 28> kPunctuators{
    "&&", "||", "==", "!=", "<=", ">=", "=", "&", "|", "<", ">", "!", "+", "-",
    "*",  "/",  "%",  "?",  ":",  ",",  ".", "(", ")", "[", "]", "{", "}", ";"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, Fault> run() {
    for (skip_space(); at_ < text_.size() && !fault_; skip_space()) next();
    if (fault_) return tl::make_unexpected(std::move(*fault_));
    tokens_.push_back({TokenKind::kEnd, text_.substr(text_.size()), text_.size()});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_space() {
    for (;;) {
      while (std::string_view(" \t\n\r\f").find(peek()) != std::string_view::npos &&
             at_ < text_.size()) {
        ++at_;
      }
      if (text_.substr(at_, 2) != "//") return;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  void next() {
    const char c = peek();
    if (const std::size_t prefix = quote_prefix(); prefix != std::string_view::npos) {
      return quoted(prefix);
    }
    if (begins_word(c)) {
      std::size_t end = at_;
      while (end < text_.size() && in_word(text_[end])) ++end;
      return take(TokenKind::kWord, end);
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    for (const std::string_view punctuator : kPunctuators) {
      if (text_.substr(at_, punctuator.size()) == punctuator) {
        return take(TokenKind::kPunctuator, at_ + punctuator.size());
      }
    }
    refuse_character();
  }

  void take(TokenKind kind, std::size_t end) {
    tokens_.push_back({kind, text_.substr(at_, end - at_), at_});
    at_ = end;
  }

  /// How many letters stand before the quote of a text that begins here; npos where none begins.
  std::size_t quote_prefix() const noexcept {
    std::size_t n = 0;
    if (peek(n) == 'b' || peek(n) == 'B') ++n;
    if (peek(n) == 'r' || peek(n) == 'R') ++n;
    return peek(n) == '"' || peek(n) == '\'' ? n : std::string_view::npos;
  }

  void quoted(std::size_t prefix) {
    const std::string_view letters = text_.substr(at_, prefix);
    const bool raw = letters.find_first_of("rR") != std::string_view::npos;
    const bool bytes = letters.find_first_of("bB") != std::string_view::npos;
    const char quote = text_[at_ + prefix];
    const std::string three(3, quote);
    const bool triple = text_.substr(at_ + prefix, 3) == three;
    const std::string closing = triple ? three : std::string(1, quote);
    for (std::size_t i = at_ + prefix + closing.size(); i < text_.size(); ++i) {
      if (text_.substr(i, closing.size()) == closing) {
        return take(bytes ? TokenKind::kBytes : TokenKind::kString, i + closing.size());
      }
      if (!triple && (text_[i] == '\n' || text_[i] == '\r')) break;
      if (!raw && text_[i] == '\\') ++i;  // whatever it is, it does not end the text
      if (!triple && i < text_.size() && (text_[i] == '\n' || text_[i] == '\r')) break;
    }
    fault_ = make_fault(FaultCode::kUnclosedText, {at_, at_ + prefix + closing.size()},
                        {closing, three});
  }

  void digits(std::size_t& end) const noexcept {
    while (end < text_.size() && is_digit(text_[end])) ++end;
  }

  void number() {
    TokenKind kind = TokenKind::kInt;
    std::size_t end = at_;
    if (peek() == '0' && peek(1) == 'x' && is_hex(peek(2))) {
      for (end += 2; end < text_.size() && is_hex(text_[end]);) ++end;
    } else {
      digits(end);
      if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
        kind = TokenKind::kDouble;
        digits(++end);
      }
      if (const std::size_t after = exponent_end(end); after != end) {
        kind = TokenKind::kDouble;
        end = after;
      }
    }
    if (kind == TokenKind::kInt && end < text_.size() && (text_[end] == 'u' || text_[end] == 'U')) {
      kind = TokenKind::kUint;
      ++end;
    }
    if (end < text_.size() && in_word(text_[end])) return refuse_number(end);
    take(kind, end);
  }

  std::size_t exponent_end(std::size_t end) const noexcept {
    if (end >= text_.size() || (text_[end] != 'e' && text_[end] != 'E')) return end;
    std::size_t digit = end + 1;
    if (digit < text_.size() && (text_[digit] == '+' || text_[digit] == '-')) ++digit;
    if (digit >= text_.size() || !is_digit(text_[digit])) return end;
    digits(digit);
    return digit;
  }

  void refuse_number(std::size_t end) {
    while (end < text_.size() && in_word(text_[end])) ++end;
    const bool big_x = peek(1) == 'X';
    fault_ = make_fault(
        FaultCode::kBadNumber, {at_, end},
        {text_.substr(at_, end - at_),
         big_x ? "write 0x with a small x" : "a name does not begin with a digit"});
  }

  void refuse_character() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    const auto byte = static_cast<unsigned char>(peek());
    const bool visible = byte > 0x20 && byte != 0x7F;
    std::string shown = visible ? "'" + std::string(text_.substr(at_, end - at_)) + "'"
                                : "the control character " + std::to_string(byte);
    std::string_view cure = "texts stand in quotes: \"...\"";
    if (byte == '`') cure = "write a member as [\"name\"]";
    if (byte == '#') cure = "a comment begins with //";
    if (byte == '@' || byte == '$') cure = "write event.name";
    fault_ = make_fault(FaultCode::kUnexpectedCharacter, {at_, end}, {shown, cure});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::optional<Fault> fault_;
};

}  // namespace

tl::expected<std::vector<Token>, Fault> tokens_of(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace veltrix::cel
