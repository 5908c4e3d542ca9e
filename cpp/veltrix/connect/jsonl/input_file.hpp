#pragma once
// One file, or stream, being read. Streams (standard input, pipes, terminals) are waited for in
// steps of 50 ms, so that a source stops although nothing comes in. One thread's at a time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "veltrix/base/error.hpp"
#include "veltrix/connect/jsonl/file_handle.hpp"

namespace veltrix {

class SourceDoor;

class InputFile {
 public:
  /// "-" is standard input. kIo for what cannot be opened, and for folders.
  static Result<InputFile> open(const std::string& path);

  /// Bytes read, 0 at the end and when the door is stopping (ask it). kIo names the file.
  Result<std::size_t> read(std::span<char> into, const SourceDoor& door);

  bool is_stream() const noexcept { return stream_; }
  std::uint64_t size() const noexcept { return size_; }  // 0 for a stream

 private:
  bool wait(const SourceDoor& door) const noexcept;

  FileHandle handle_;
  std::string path_;
  bool stream_ = false;
  std::uint64_t size_ = 0;
};

}  // namespace veltrix
