#pragma once
// Time zones by name, from the system's time zone files. Private to this room. Any thread.
//
// Read by ourselves: the date library does not know the rule at the end of a file, which says what
// holds after its last entry. That is 2037 for the files of Debian, and last century for those that
// other systems install ("slim"), so that a summer of today would be off by an hour.

#include <cstdint>
#include <string_view>

namespace veltrix::cel {

/// How far the clocks of the zone were ahead of UTC at the instant, in seconds. False: there is no
/// such zone. Opens a file the first time that a name is used; zones are kept for good.
bool utc_offset(std::string_view name, std::int64_t seconds, std::int64_t& offset) noexcept;

}  // namespace veltrix::cel
