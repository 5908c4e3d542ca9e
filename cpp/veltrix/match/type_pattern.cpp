#include "veltrix/match/type_pattern.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "veltrix/event/json_validator.hpp"

namespace veltrix {
namespace {

bool is_blank_or_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

/// The pattern as it may stand in a message: control characters would garble a terminal.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, 80));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return is_blank_or_control(c) && c != ' '; }, '?');
  if (text.size() > out.size()) out += "...";
  return out;
}

tl::unexpected<Error> refuse(std::string_view text, std::size_t offset, std::string_view what) {
  return fail(ErrorCode::kInvalidPattern, "type pattern \"" + printable(text) + "\", position " +
                                              std::to_string(offset + 1) + ": " +
                                              std::string(what));
}

/// What is wrong with the bytes as a whole, before anybody looks at parts.
std::optional<Error> text_fault(std::string_view text) {
  if (text.empty()) {
    return Error{ErrorCode::kInvalidPattern,
                 "type pattern \"\": it is empty; write a type such as order.paid, or ** for all"};
  }
  if (text.size() > kMaxPatternBytes) {
    return Error{ErrorCode::kInvalidPattern, "type pattern \"" + printable(text) + "\" has " +
                                                 std::to_string(text.size()) + " bytes; at most " +
                                                 std::to_string(kMaxPatternBytes) +
                                                 " are allowed: use * or ** for the varying parts"};
  }
  if (!is_utf8(text)) {
    return Error{ErrorCode::kInvalidPattern,
                 "a type pattern is not UTF-8; save the configuration as UTF-8"};
  }
  const auto bad = std::find_if(text.begin(), text.end(), is_blank_or_control);
  if (bad == text.end()) return std::nullopt;
  return refuse(text, static_cast<std::size_t>(bad - text.begin()),
                "white space or a control character; a type has none, remove it")
      .value();
}

Result<PatternPart> parse_part(std::string_view text, std::string_view part, std::size_t offset) {
  if (part.empty()) {
    return refuse(text, offset, "an empty part; write a name, * or ** between two dots");
  }
  if (part == "*") return PatternPart{PartKind::kOne, {}};
  if (part == "**") return PatternPart{PartKind::kDeep, {}};
  const std::size_t star = part.find('*');
  if (star != std::string_view::npos) {
    return refuse(text, offset + star,
                  "* stands for a whole part only; write * or ** alone between two dots, or list "
                  "the types");
  }
  return PatternPart{PartKind::kLiteral, std::string(part)};
}

}  // namespace

Result<TypePattern> parse_type_pattern(std::string_view text) {
  if (auto fault = text_fault(text)) return tl::make_unexpected(std::move(*fault));
  TypePattern pattern{std::string(text), {}};
  std::size_t deep = 0;
  std::string_view rest = text;
  std::string_view part;
  for (bool more = true; next_part(rest, more, part);) {
    const auto offset = static_cast<std::size_t>(part.data() - text.data());
    auto parsed = parse_part(text, part, offset);
    if (!parsed) return tl::make_unexpected(std::move(parsed.error()));
    if (parsed->kind == PartKind::kDeep && ++deep > kMaxDeepWildcards) {
      return refuse(text, offset,
                    "more than " + std::to_string(kMaxDeepWildcards) +
                        " times **; use fewer, a single ** already spans many parts");
    }
    pattern.parts.push_back(std::move(*parsed));
  }
  return pattern;
}

bool matches(const TypePattern& pattern, std::string_view type) {
  std::vector<std::string_view> parts;
  std::string_view part;
  for (bool more = true; next_part(type, more, part);) parts.push_back(part);

  // taken[i]: the pattern's parts so far can take the first i parts of the type.
  std::vector<bool> taken(parts.size() + 1, false);
  taken[0] = true;
  for (const PatternPart& wanted : pattern.parts) {
    std::vector<bool> next(parts.size() + 1, false);
    for (std::size_t i = 0; i <= parts.size(); ++i) {
      if (wanted.kind == PartKind::kDeep) {
        next[i] = taken[i] || (i > 0 && next[i - 1]);
      } else if (i > 0 && taken[i - 1]) {
        next[i] = wanted.kind == PartKind::kOne || parts[i - 1] == wanted.text;
      }
    }
    taken = std::move(next);
  }
  return taken[parts.size()];
}

}  // namespace veltrix
