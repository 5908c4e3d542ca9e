#pragma once
// gzip files as other programs write them, for tests.

#include <string>
#include <string_view>

#include "veltrix/connect/jsonl/gzip_member.hpp"

namespace veltrix {

inline std::string gzip(std::string_view text) {
  GzipMember member;
  std::string packed;
  member.pack(text, packed);
  return packed;
}

/// A few bytes that unpack to `bytes` zeros.
inline std::string gzip_bomb(std::size_t bytes) { return gzip(std::string(bytes, '\0')); }

}  // namespace veltrix
