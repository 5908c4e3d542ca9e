#pragma once
// Walks JSON text strictly (RFC 8259), value by value: grammar, escapes, lone surrogates, depth and
// length of numbers. No allocation, no recursion. It is what validate_json(), the reader's payload
// check and the splitting of batches have in common. Private to this room.
//
// UTF-8 is not checked here: non_ascii() tells whether there was anything to check, so that plain
// ASCII, the usual case, is read once.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "veltrix/base/error.hpp"

namespace veltrix {

class JsonCursor {
 public:
  /// `readable_end` >= the text's end: up to there memory may be loaded (never judged), which lets
  /// the last few bytes be read a block at a time.
  JsonCursor(std::string_view text, const char* readable_end) noexcept
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), readable_end_(readable_end) {}
  explicit JsonCursor(std::string_view text) noexcept
      : JsonCursor(text, text.data() + text.size()) {}

  const char* position() const noexcept { return at_; }
  void move_to(const char* position) noexcept { at_ = position; }
  /// The byte at the position; '\0', which begins no token, at the end.
  char peek() const noexcept { return byte_at(at_); }

  void skip_space() noexcept { at_ = space_end(at_); }
  /// Steps over `expected`, or fails.
  bool skip_char(char expected, const char* complaint) noexcept;
  /// White space up to the end and nothing else.
  bool skip_end() noexcept;
  /// One value of any kind, white space before it included; `depth` levels surround it already.
  bool skip_value(std::size_t depth) noexcept;
  /// From the opening quote to behind the closing one; `escaped` says whether a \ was met.
  bool skip_string(bool& escaped) noexcept;
  bool skip_number() noexcept;

  bool non_ascii() const noexcept { return (high_ & kHighBits) != 0; }
  /// After a step that answered false: why, with the byte offset.
  Error error() const;

 private:
  // Each of these takes a position and answers with the one behind what it names, or with null
  // after fail(). Positions are passed, not kept in at_, because a compiler must write a member to
  // memory before every load of a char, which may alias it: that costs a third of the time.
  const char* space_end(const char* at) const noexcept;
  const char* plain_end(const char* at) noexcept;
  const char* string_end(const char* at) noexcept;
  const char* escaped_string_end(const char* at) noexcept;
  const char* escape_end(const char* at) noexcept;
  const char* number_end(const char* at) noexcept;
  const char* digits_end(const char* at) noexcept;
  const char* literal_end(const char* at, std::string_view literal) noexcept;
  const char* scalar_end(const char* at) noexcept;
  const char* key_end(const char* at) noexcept;
  const char* closers_end(const char* at, std::uint64_t& objects, std::size_t& open) noexcept;
  const char* fail(const char* at, ErrorCode code, const char* what) noexcept;

  bool step(const char* to) noexcept {
    if (to == nullptr) return false;
    at_ = to;
    return true;
  }
  char byte_at(const char* at) const noexcept { return at == end_ ? '\0' : *at; }

  static constexpr std::uint32_t kHighBits = 0xFFFF;

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* readable_end_;
  const char* what_ = "";
  ErrorCode code_ = ErrorCode::kInvalidJson;
  std::uint32_t high_ = 0;  // not zero once a byte of 0x80 or more was met inside a string
  bool escaped_ = false;
};

inline const char* JsonCursor::space_end(const char* at) const noexcept {
  while (at != end_ && static_cast<unsigned char>(*at) <= ' ' &&
         (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
    ++at;
  }
  return at;
}

}  // namespace veltrix
