#pragma once
// The tokens of one JSON document: simdjson's first stage finds where each of them begins, checks
// UTF-8, closes every string and refuses control characters in it, 64 bytes at a time. What the
// tokens say is checked here and by the caller. Private to this room.
//
// simdjson's own second stage (on demand) is not used: it steps over values leniently
// ({"a":"b":1} passes), so every payload had to be walked once more, and a line cost 75 ns more.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "veltrix/event/payload_tokens.hpp"

namespace simdjson::dom {
class parser;
}

namespace veltrix {

/// One token: where its offset stands in the list. Passed by value and answered with, as positions
/// are in JsonCursor and for the same reason; null after a failure.
using Token = const std::uint32_t*;

/// One per reader, not synchronised. Every step but find() wants a token before end().
class JsonTokens {
 public:
  JsonTokens();
  ~JsonTokens();
  JsonTokens(const JsonTokens&) = delete;
  JsonTokens& operator=(const JsonTokens&) = delete;

  /// False where the text is not JSON (validate_json() knows why). kJsonPadding readable bytes
  /// follow `json`, which is neither empty nor above kMaxEventJson.
  bool find(std::string_view json);
  /// The same for a block of whole lines, at most one document in each: one pass over them all
  /// costs half of one pass for each. False: at least one line is not JSON.
  bool find_all(std::string_view lines);
  /// Goes on to one line of the block (without its end), forwards; false: it has no token.
  bool go_to(std::string_view line) noexcept;
  /// The line at hand ends right before `token`, from where the next one is looked for.
  bool leave(Token token) noexcept;

  Token begin() const noexcept { return begin_; }
  Token end() const noexcept { return end_; }
  char kind(Token token) const noexcept { return json_[*token]; }
  const char* place(Token token) const noexcept { return json_.data() + *token; }
  /// From this token to the next, without the white space between them.
  std::string_view text(Token token) const noexcept { return text(token, token + 1); }
  /// From the first to the second, likewise. Behind the last token the document's size stands.
  std::string_view text(Token from, Token to) const noexcept;
  /// For who reads the value later, see there.
  PayloadTokens of(Token from, Token to) const noexcept { return {json_.data(), from, to}; }
  /// The first token at or behind `position`, not before `from`.
  Token at_or_behind(const char* position, Token from) const noexcept;

  /// Behind one value, whose strings have no escapes; `depth` levels surround it already. Null
  /// where it is not JSON, too deep or has a number too long.
  Token skip_value(Token token, std::size_t depth) const noexcept;

 private:
  Token skip_scalar(Token token) const noexcept;
  Token skip_name(Token token) const noexcept;
  Token skip_closers(Token token, std::uint64_t& objects, std::size_t& open) const noexcept;

  std::unique_ptr<simdjson::dom::parser> parser_;
  std::size_t capacity_ = 0;
  std::string_view json_;
  Token begin_ = nullptr;
  Token end_ = nullptr;
  std::size_t line_end_ = 0;  // offset; of one document: its size
};

inline std::string_view JsonTokens::text(Token from, Token to) const noexcept {
  const char* const start = json_.data() + *from;
  const char* end = json_.data() + *to;
  if (end[-1] > ' ') return {start, static_cast<std::size_t>(end - start)};  // nearly always
  while (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t') --end;
  return {start, static_cast<std::size_t>(end - start)};
}

}  // namespace veltrix
