#pragma once
// The text of JSON strings: escapes undone and base64 decoded into an arena. For this room; cel
// uses the two functions at the end.

#include <cstddef>
#include <memory>
#include <string_view>

namespace veltrix {

/// Owns what had to be rewritten while one document was read. One per reader, not synchronised.
class TextArena {
 public:
  /// Forgets everything; the next document is `document_bytes` long. Memory is taken on first use:
  /// most documents have no escapes.
  void start(std::size_t document_bytes) noexcept {
    used_ = 0;
    // Every part of a document is unescaped at most once and then decoded at most once, and neither
    // step makes it longer.
    needed_ = 2 * document_bytes;
  }
  /// `raw` stands between the quotes of a string that JsonCursor has passed.
  std::string_view unescape(std::string_view raw);
  /// RFC 4648 section 4, strictly: padded, no white space, no stray bits. False: not base64.
  bool decode_base64(std::string_view text, std::string_view& out);

 private:
  char* room();

  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
  std::size_t needed_ = 0;
};

constexpr std::size_t base64_size(std::size_t bytes) noexcept { return (bytes + 2) / 3 * 4; }
/// Writes base64_size(bytes.size()) characters, padded; returns how many.
std::size_t write_base64(std::string_view bytes, char* out) noexcept;

/// As TextArena::unescape(), into room for raw.size() bytes; returns how many it took.
std::size_t write_unescaped(std::string_view raw, char* out) noexcept;

}  // namespace veltrix
