#pragma once
// Where the quotes of a JSON text are, and the braces, brackets and colons outside of its strings:
// found 64 bytes at a time, as bits. Private to this room.
//
// simdjson's first stage answers more than that (every token, all UTF-8 checked). It also wants to
// read beyond the end of the text, which the payload of an event that is not in a slot yet does not
// allow.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace veltrix::cel {

inline constexpr std::size_t kBlockBytes = 64;

/// Bit i is byte i of the block. Without initial values: sixteen of these stand on the stack for
/// every payload, and most payloads need two.
struct JsonBlock {
  std::uint64_t quotes;       // those that begin or end a string
  std::uint64_t structurals;  // { } [ ] : outside of strings
};

/// What one block must know of the one before it.
struct JsonCarry {
  std::uint64_t in_string = 0;  // all ones: the block begins inside a string
  bool escaped = false;         // its first byte follows a backslash
  bool any_escape = false;      // some block so far had a backslash
};

/// Of `text`, at most `count` blocks; the last one may be short, its missing bytes have no bits.
/// Nothing outside of `text` is read. Returns how many blocks there were.
std::size_t find_blocks(std::string_view text, JsonBlock* blocks, std::size_t count,
                        JsonCarry& carry) noexcept;

}  // namespace veltrix::cel
