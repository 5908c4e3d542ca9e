#pragma once
// Regular expressions: RE2, which never backtracks, within bounds of our own. For expressions whose
// pattern is a constant, compiled when they are loaded, and for Workspace::pattern().

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

inline constexpr std::size_t kMaxRegexBytes = 512;
inline constexpr std::size_t kMaxSubjectBytes = std::size_t{64} << 10;

/// Null: it is no regular expression, or one that is too large; `why`, where given, says so.
std::unique_ptr<re2::RE2> compile_pattern(std::string_view text, std::string* why = nullptr);

/// Whether some part of `subject` matches. Spends steps by the product of both sizes, which bounds
/// the time of RE2's slowest way; an error when they run out or the subject is too long.
Value search(const re2::RE2& pattern, std::string_view subject, Workspace& work) noexcept;

}  // namespace veltrix::cel
