#pragma once
// One time zone, from the bytes of its file (RFC 8536, "TZif"). Private to this room.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "veltrix/cel/zone_rule.hpp"

namespace veltrix::cel {

inline constexpr std::size_t kMaxZoneFileBytes = std::size_t{1} << 20;

class ZoneFile {
 public:
  /// False: these are not the bytes of a time zone (versions 2 and later).
  bool read(std::string_view bytes);
  /// Seconds ahead of UTC.
  std::int64_t offset_at(std::int64_t seconds) const noexcept;

 private:
  std::vector<std::int64_t> changes_;  // instants, ascending
  std::vector<std::int64_t> offsets_;  // the one before the first change, then the one after each
  ZoneRule rule_;                      // after the last change
  bool has_rule_ = false;
};

}  // namespace veltrix::cel
