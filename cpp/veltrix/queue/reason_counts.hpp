#pragma once
// Counts by reason, in bounded memory. A reason comes from the user's code (the text of a Drop, the
// class of an exception) and each becomes a series in somebody's monitoring, so a handler that
// makes up a new one for every event must not make a counter for every event: beyond kMaxReasons
// new ones share `other`. The engine's own reasons are always told. The sum over all stays exact.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "veltrix/base/limits.hpp"

namespace veltrix {

inline constexpr std::array<std::string_view, 10> kOwnReasons = {
    "expired", "newest",    "oldest",    "lowest",       "superseded",
    "late",    "duplicate", "cancelled", "key_overflow", "timeout"};

class ReasonCounts {
 public:
  using Map = std::map<std::string, std::uint64_t>;

  std::uint64_t& operator[](const std::string& reason) {
    if (const auto found = counts_.find(reason); found != counts_.end()) return found->second;
    const bool own = std::find(kOwnReasons.begin(), kOwnReasons.end(), reason) != kOwnReasons.end();
    return counts_[own || counts_.size() < kMaxReasons ? reason : "other"];
  }
  std::uint64_t at(const std::string& reason) const { return counts_.at(reason); }
  const Map& all() const noexcept { return counts_; }
  Map::const_iterator begin() const noexcept { return counts_.begin(); }
  Map::const_iterator end() const noexcept { return counts_.end(); }

 private:
  Map counts_;
};

}  // namespace veltrix
