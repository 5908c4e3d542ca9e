#include "veltrix/base/error.hpp"

#include <array>

namespace veltrix {
namespace {

// In the order of ErrorCode. A name is public (metrics, Python's `code`) and never changes.
constexpr std::array<std::string_view, kErrorCodeCount> kNames = {
    "invalid_event",
    "invalid_json",
    "invalid_utf8",
    "event_too_large",
    "too_deep",
    "duplicate_member",
    "invalid_pattern",
    "invalid_key_path",
    "invalid_expression",
    "invalid_option",
    "unmatched",
    "queue_full",
    "conflict",
    "engine_stopped",
    "commit_failed",
    "timeout",
    "deadlock",
    "forked",
    "io",
};
static_assert(!kNames.back().empty(), "every ErrorCode needs a name");

}  // namespace

std::string_view error_name(ErrorCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < kNames.size() ? kNames[index] : "unknown";
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 64;
  std::string out(1, '\'');
  for (const char c : text.substr(0, kShown)) out.push_back(c >= ' ' && c <= '~' ? c : '?');
  out.append(text.size() > kShown ? "…'" : "'");
  return out;
}

}  // namespace veltrix
