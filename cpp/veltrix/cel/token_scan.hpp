#pragma once
// What scan_paths() does, for a payload whose tokens the reader has found already: no character of
// it is looked at but those that begin a token. Private to this room.

#include <cstdint>

#include "veltrix/cel/path_scan.hpp"
#include "veltrix/event/payload_tokens.hpp"

namespace veltrix::cel {

/// `tokens` are those of one checked value, see there.
void scan_tokens(const PathTree& paths, PathId root, const PayloadTokens& tokens, Place* places,
                 std::uint64_t& visits) noexcept;

}  // namespace veltrix::cel
