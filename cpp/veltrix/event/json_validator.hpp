#pragma once
// A strict, iterative JSON check (RFC 8259) over a slice: grammar, escapes, UTF-8, depth, length of
// numbers. No allocation, no recursion; linear in the slice.

#include <string_view>

#include "veltrix/base/error.hpp"

namespace veltrix {

/// `depth`: nesting that surrounds the slice already. One value, nothing but white space around it.
/// kInvalidJson, kInvalidUtf8 or kTooDeep, with the byte offset in the message.
Result<void> validate_json(std::string_view json, std::size_t depth = 0);

bool is_utf8(std::string_view text) noexcept;

}  // namespace veltrix
