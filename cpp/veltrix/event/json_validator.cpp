#include "veltrix/event/json_validator.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <simdjson.h>

#include "veltrix/event/json_cursor.hpp"

namespace veltrix {
namespace {

bool is_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t seen = 0;
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    seen |= word;
  }
  for (; left > 0; --left) seen |= static_cast<unsigned char>(*at++);
  return (seen & 0x8080'8080'8080'8080ULL) == 0;
}

/// The first place at or after `offset` where a character may begin.
std::size_t boundary(std::string_view text, std::size_t offset) noexcept {
  std::size_t at = std::min(offset, text.size());
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

/// Length of the character at `offset`, 0 if there is none.
std::size_t character_size(std::string_view text, std::size_t offset) noexcept {
  for (std::size_t size = 1; size <= 4 && offset + size <= text.size(); ++size) {
    if (simdjson::validate_utf8(text.data() + offset, size)) return size;
  }
  return 0;
}

/// Where the first byte that is not UTF-8 stands, by ever smaller strides. On the failure path
/// only, yet a hostile megabyte must not cost much more here than it did when it was found.
std::size_t valid_prefix(std::string_view text) noexcept {
  std::size_t good = 0;
  for (const std::size_t stride : {std::size_t{4'096}, std::size_t{64}}) {
    while (good < text.size()) {
      const std::size_t next = boundary(text, good + stride);
      if (!simdjson::validate_utf8(text.data() + good, next - good)) break;
      good = next;
    }
  }
  while (const std::size_t size = character_size(text, good)) good += size;
  return good;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  // Most attributes are short ASCII: eight bytes at a time beat the call and its set-up.
  return is_ascii(text) || simdjson::validate_utf8(text.data(), text.size());
}

Result<void> validate_json(std::string_view json, std::size_t depth) {
  JsonCursor cursor(json);
  if (!cursor.skip_value(depth) || !cursor.skip_end()) {
    return tl::make_unexpected(cursor.error());
  }
  if (cursor.non_ascii() && !simdjson::validate_utf8(json.data(), json.size())) {
    return fail(ErrorCode::kInvalidUtf8, "not UTF-8 at byte " + std::to_string(valid_prefix(json)));
  }
  return {};
}

}  // namespace veltrix
