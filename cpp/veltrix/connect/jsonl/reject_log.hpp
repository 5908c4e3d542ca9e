#pragma once
// What a source could not take in: written to its rejects file, one JSON line each
// ({"file","line","code","error","text"}), and the first few kept for people.
//
// add() never fails and never stops a source. What cannot be written to the file is counted, and
// close() says so. One of the source's threads at a time; recent() from any.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/connect/jsonl/append_file.hpp"

namespace veltrix {

inline constexpr std::size_t kMaxRejectText = 65'536;  // bytes of a line that are kept
inline constexpr std::size_t kRecentRejects = 5;

struct Reject {
  std::string file;
  std::uint64_t line = 0;
  ErrorCode code = ErrorCode::kInvalidJson;
  std::string error;
  std::string text;  // UTF-8: what was not, is replaced by U+FFFD
};

/// Valid UTF-8: each byte that belongs to no character becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

class RejectLog {
 public:
  /// `path` "": only counted and kept for people.
  explicit RejectLog(std::string path) : path_(std::move(path)) {}

  /// Opens the file, so that a wrong path is told before anything starts.
  Result<void> open();
  void add(std::string_view file, std::uint64_t line, const Error& error, std::string_view text);
  /// False: add() would do nothing with what it is told.
  bool wants_more() const noexcept { return kept_ < kRecentRejects || !path_.empty(); }
  void flush();
  /// kIo when lines are missing in the file. Takes away a file that open() made and nobody needed.
  Result<void> close();

  std::vector<Reject> recent() const;

 private:
  void write(const Reject& reject);

  std::string path_;
  AppendFile file_;
  bool created_ = false;
  bool written_ = false;
  std::string buffer_;
  std::uint64_t buffered_ = 0;  // lines in buffer_
  std::uint64_t lost_ = 0;      // lines that could not be written
  std::string first_failure_;
  std::size_t kept_ = 0;  // size of recent_, for its only writer
  mutable std::mutex mutex_;
  std::vector<Reject> recent_;  // GUARDED_BY(mutex_)
};

}  // namespace veltrix
