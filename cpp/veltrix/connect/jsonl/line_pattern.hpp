#pragma once
// Lines of plain text as JSON objects: {"text": the line}, and a member for each named group of a
// regular expression (RE2, which never backtracks) that took part in the match.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "veltrix/base/error.hpp"

namespace re2 {
class RE2;
}

namespace veltrix {

inline constexpr std::size_t kMaxLinePattern = 512;  // bytes
inline constexpr std::size_t kMaxLineGroups = 64;
// With a pattern: bounds the time of RE2's slowest way. A line of a log is never that long.
inline constexpr std::size_t kMaxMatchedLine = std::size_t{64} << 10;

/// Immutable; any thread may use it.
class LinePattern {
 public:
  /// "": every line is taken. kInvalidOption: no regular expression, or one beyond the limits.
  static Result<LinePattern> compile(const std::string& pattern);
  ~LinePattern();
  LinePattern(LinePattern&&) noexcept;
  LinePattern& operator=(LinePattern&&) noexcept;

  /// The object into `json`, which is cleared first. kInvalidUtf8; kInvalidEvent: the pattern does
  /// not match the whole line.
  Result<void> write(std::string_view line, std::string& json) const;

 private:
  LinePattern();

  std::unique_ptr<re2::RE2> pattern_;                 // null: none
  std::vector<std::pair<int, std::string>> members_;  // number of the group, `"name":`
};

}  // namespace veltrix
