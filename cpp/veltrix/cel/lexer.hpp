#pragma once
// Text into tokens, each with its place. The text is UTF-8 and within the limit when it gets here.

#include <cstdint>
#include <string_view>
#include <vector>

#include "veltrix/cel/fault.hpp"

namespace veltrix::cel {

enum class TokenKind : std::uint8_t {
  kInt,  // decimal or 0x; without a sign, which is an operator of its own
  kUint,
  kDouble,
  kString,  // with prefix and quotes
  kBytes,
  kWord,        // a name, and true, false, null, in
  kPunctuator,  // an operator or a bracket; the halves = & | too, for the parser to refuse
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // points into the expression
  std::size_t begin = 0;  // byte offset of it

  std::size_t end() const noexcept { return begin + text.size(); }
  bool is(std::string_view wanted) const noexcept {
    return (kind == TokenKind::kPunctuator || kind == TokenKind::kWord) && text == wanted;
  }
};

/// The last token is kEnd.
tl::expected<std::vector<Token>, Fault> tokens_of(std::string_view text);

}  // namespace veltrix::cel
