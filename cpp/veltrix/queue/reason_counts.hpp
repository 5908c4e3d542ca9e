#pragma once
// Counts by reason, in bounded memory. A reason comes from the user's code (the text of a Drop, the
// class of an exception) and each becomes a series in somebody's monitoring, so a handler that
// makes up a new one for every event must not make a counter for every event: beyond kMaxReasons
// new ones share `other`. The sum over all stays exact.

#include <cstdint>
#include <map>
#include <string>

#include "veltrix/base/limits.hpp"

namespace veltrix {

class ReasonCounts {
 public:
  using Map = std::map<std::string, std::uint64_t>;

  std::uint64_t& operator[](const std::string& reason) {
    if (const auto found = counts_.find(reason); found != counts_.end()) return found->second;
    return counts_[counts_.size() < kMaxReasons ? reason : "other"];
  }
  std::uint64_t at(const std::string& reason) const { return counts_.at(reason); }
  const Map& all() const noexcept { return counts_; }
  Map::const_iterator begin() const noexcept { return counts_.begin(); }
  Map::const_iterator end() const noexcept { return counts_.end(); }

 private:
  Map counts_;
};

}  // namespace veltrix
