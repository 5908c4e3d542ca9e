#pragma once
// Finds the members that a set of expressions names in a JSON text, all of them in one pass, and
// reads them when they are asked for. Private to this room.

#include <cstdint>
#include <string_view>

#include "veltrix/cel/paths.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

struct Place;

/// Notes in `places` where the value of `root` and the values of the paths below it begin. `json`
/// has been checked; an empty one has no value. Every object met at a path gets a number from
/// `visits`, and its members carry it: members of an object that another one of the same name has
/// replaced are thereby void, and so is all that an earlier event left. Last of equal names wins.
void scan_paths(const PathTree& paths, PathId root, std::string_view json, Place* places,
                std::uint64_t& visits) noexcept;

/// The value that begins at `at`; what follows it is not looked at, nothing beyond `end` is read.
Value read_json_at(const char* at, const char* end, Workspace& work) noexcept;

}  // namespace veltrix::cel
