#pragma once
// An output path with the day in it: `archive-%Y%m%d.jsonl`. Days are UTC. Values, any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"

namespace veltrix {

class DatedPath {
 public:
  /// %Y, %m, %d and %% (a per cent sign); kInvalidOption for any other directive: a path that
  /// changes more often than once a day is not checked for so often.
  static Result<DatedPath> parse(std::string_view text);

  bool is_dated() const noexcept { return dated_; }
  std::string at(std::int64_t wall_ns) const;
  /// Number of the day, for cheap comparison.
  static std::int64_t day(std::int64_t wall_ns) noexcept;

 private:
  std::string text_;
  bool dated_ = false;
};

}  // namespace veltrix
