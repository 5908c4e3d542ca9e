#pragma once
// A file of lines that grows at its end: the sink's output and the rejects file. One thread's.
//
// A line that a killed process left without its end is ended first, so that it spoils no other.
// What is written after commit() can be taken back by roll_back(): a batch whose writing fails
// half-way (disk full) leaves nothing behind that its retry would write again. In pipes and
// terminals nothing can be taken back; there a torn line is ended before the next one begins.

#include <cstdint>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"
#include "veltrix/connect/jsonl/file_handle.hpp"

namespace veltrix {

class AppendFile {
 public:
  enum class Content : std::uint8_t {
    kLines,  // a torn line is ended before the next one begins
    kGzip,   // whole members; a torn one is cut off when the file is opened, see gzip_member.hpp
  };
  /// Creates the file and the folders above it; "-" is standard output. `truncate`: drops what a
  /// regular file holds.
  Result<void> open(const std::string& path, bool truncate, Content content = Content::kLines);
  bool is_open() const noexcept { return handle_.is_open(); }

  /// Writes all of it, or says why not (kIo).
  Result<void> write(std::string_view bytes);
  void commit() noexcept { uncommitted_ = 0; }
  /// After a failed write(), before the next one.
  void roll_back() noexcept;
  Result<void> close();

 private:
  Result<void> write_fully(std::string_view bytes);
  Result<void> mend(const std::string& path);

  FileHandle handle_;
  std::string path_;
  Content content_ = Content::kLines;
  bool regular_ = false;
  bool torn_ = false;                // the last byte written did not end a line
  std::uint64_t expected_size_ = 0;  // where our own bytes end, if nobody else writes
  std::uint64_t uncommitted_ = 0;    // bytes since commit()
};

}  // namespace veltrix
