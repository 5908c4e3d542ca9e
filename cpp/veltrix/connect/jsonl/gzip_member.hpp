#pragma once
// Text packed as whole gzip members (RFC 1952). Members one behind the other are a valid file, so
// each can be written, or taken back, by itself.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"

struct z_stream_s;

namespace veltrix {

/// One thread's. About 256 KiB of memory, zlib's.
class GzipMember {
 public:
  GzipMember();
  ~GzipMember();
  GzipMember(const GzipMember&) = delete;
  GzipMember& operator=(const GzipMember&) = delete;

  /// `out` becomes one member that holds `text`.
  void pack(std::string_view text, std::string& out);

 private:
  z_stream_s* stream_;
};

/// Bytes from the beginning of the file up to the end of its last whole member: a process that was
/// killed while it wrote leaves a torn one, and nothing behind it could be read. Unpacks the file
/// to find out (about 0.3 s per 100 MB). kIo: it holds something that is not gzip, which is not
/// ours to cut off.
Result<std::uint64_t> whole_members(const std::string& path);

}  // namespace veltrix
