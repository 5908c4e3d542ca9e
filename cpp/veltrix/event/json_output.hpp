#pragma once
// Pieces of JSON written through a plain pointer: each function takes the place, and answers with
// the place behind what it wrote. std::string's append() checks, counts and terminates at every
// call, which for an event's thirty small pieces was most of the time. The caller reserves the
// room. Private to this room.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "veltrix/event/attribute_area.hpp"

namespace veltrix {

/// A control character becomes \u00XX.
inline constexpr std::size_t kMaxEscapedBytes = 6;

/// A literal: its size is known, so that it becomes a few moves.
template <std::size_t kSize>
char* put_literal(char* out, const char (&text)[kSize]) noexcept {
  std::memcpy(out, text, kSize - 1);
  return out + kSize - 1;
}

inline char* put_raw(char* out, std::string_view text) noexcept {
  copy_text(out, text.data(), text.size());
  return out + text.size();
}

inline bool needs_escape(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Not zero if a byte of the eight needs an escape ("Bit Twiddling Hacks", "determine if a word has
/// a byte less than n": which bits are set is not exact, whether any is set is).
inline std::uint64_t special_bits(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kHighs = 0x80 * kOnes;
  const std::uint64_t quote = word ^ ('"' * kOnes);
  const std::uint64_t backslash = word ^ ('\\' * kOnes);
  return (((word - 0x20 * kOnes) & ~word) | ((quote - kOnes) & ~quote) |
          ((backslash - kOnes) & ~backslash)) &
         kHighs;
}

/// The slow way, for a text that does need escapes. Room: kMaxEscapedBytes per byte.
char* put_with_escapes(char* out, std::string_view text) noexcept;

/// The text as it stands inside a JSON string. Room: kMaxEscapedBytes per byte.
inline char* put_escaped(char* out, std::string_view text) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  std::uint64_t special = 0;
  if (size >= 8) {
    // Copied and checked in one pass; the last word overlaps the one before it.
    std::uint64_t word;
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      std::memcpy(&word, from + i, 8);
      std::memcpy(out + i, &word, 8);
      special |= special_bits(word);
    }
    std::memcpy(&word, from + size - 8, 8);
    std::memcpy(out + size - 8, &word, 8);
    special |= special_bits(word);
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = from[i];
      special |= needs_escape(from[i]) ? 1U : 0U;
    }
  }
  return special == 0 ? out + size : put_with_escapes(out, text);
}

}  // namespace veltrix
