#pragma once
// What texts can do. Private to this room.

#include <cstddef>
#include <string_view>

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

/// Of valid UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;
bool is_utf8(std::string_view bytes) noexcept;

Value starts_with(const Value& text, const Value& prefix) noexcept;
Value ends_with(const Value& text, const Value& suffix) noexcept;
Value contains(const Value& text, const Value& part, Workspace& work) noexcept;
Value matches(const Value& text, const Value& pattern, Workspace& work) noexcept;

}  // namespace veltrix::cel
