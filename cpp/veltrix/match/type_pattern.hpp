#pragma once
// Patterns over dotted event types: `flight.departed`, `flight.*`, `**.failed`, `order.**.paid`.
//
// A part between dots is literal text, `*` (exactly one part) or `**` (zero or more parts, anywhere
// in the pattern). There are no partial wildcards: what `flight.dep*` would save in writing, it
// would cost in an index that must not depend on the number of routes.
// Limits: kMaxPatternBytes, kMaxDeepWildcards. Values without threads; matches() is the plain model
// that tests hold TypeIndex against, not the hot path.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/base/limits.hpp"

namespace veltrix {

inline constexpr std::size_t kMaxDeepWildcards = 8;  // `**` in one pattern

enum class PartKind : std::uint8_t { kLiteral, kOne, kDeep };

struct PatternPart {
  PartKind kind = PartKind::kLiteral;
  std::string text;  // of a literal
  friend bool operator==(const PatternPart&, const PatternPart&) = default;
};

struct TypePattern {
  std::string text;  // as it was written
  std::vector<PatternPart> parts;
};

/// kInvalidPattern for: no text, an empty part, `*` inside other text, white space or control
/// characters, bytes that are not UTF-8, more than kMaxPatternBytes or kMaxDeepWildcards. The
/// message names the position (in bytes, from 1) and the cure.
Result<TypePattern> parse_type_pattern(std::string_view text);

/// Whether the pattern takes the type. Types are split at every dot; an empty part is a part.
bool matches(const TypePattern& pattern, std::string_view type);

/// Takes the part up to the next dot off `rest`; false when nothing was left. The one place that
/// says how a type falls into parts: start with `more` = true.
inline bool next_part(std::string_view& rest, bool& more, std::string_view& part) noexcept {
  if (!more) return false;
  const std::size_t dot = rest.find('.');
  more = dot != std::string_view::npos;
  part = rest.substr(0, dot);
  rest = more ? rest.substr(dot + 1) : std::string_view{};
  return true;
}

}  // namespace veltrix
