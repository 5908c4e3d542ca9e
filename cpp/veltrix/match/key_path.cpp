#include "veltrix/match/key_path.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "veltrix/base/limits.hpp"

namespace veltrix {
namespace {

using Root = KeyPath::Root;

struct KnownName {
  std::string_view name;
  Root root;
  Attribute attribute = Attribute::kId;
};

constexpr std::array kKnownNames = {
    KnownName{"type", Root::kType},
    KnownName{"id", Root::kId},
    KnownName{"time", Root::kTime},
    KnownName{"priority", Root::kPriority},
    KnownName{"source", Root::kAttribute, Attribute::kSource},
    KnownName{"subject", Root::kAttribute, Attribute::kSubject},
    KnownName{"partitionkey", Root::kAttribute, Attribute::kPartitionKey},
    KnownName{"datacontenttype", Root::kAttribute, Attribute::kContentType},
    KnownName{"dataschema", Root::kAttribute, Attribute::kDataSchema},
    KnownName{"traceparent", Root::kAttribute, Attribute::kTraceParent},
    KnownName{"correlationid", Root::kAttribute, Attribute::kCorrelationId},
    KnownName{"causationid", Root::kAttribute, Attribute::kCausationId},
    KnownName{"expirytime", Root::kAttribute, Attribute::kExpiryTime},
    KnownName{"sequence", Root::kAttribute, Attribute::kSequence},
    KnownName{"recordedtime", Root::kAttribute, Attribute::kRecordedTime},
};

constexpr std::size_t kMaxPathBytes = 512;

tl::unexpected<Error> refuse(std::string_view text, std::string_view what) {
  const std::string_view shown = text.substr(0, 80);
  return fail(ErrorCode::kInvalidKeyPath, "key \"" + std::string(shown) +
                                              (shown.size() < text.size() ? "...\": " : "\": ") +
                                              std::string(what));
}

bool is_lower_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_member_char(char c) noexcept {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/// What CEL knows as a name; other member names are written data["team-id"] there.
bool is_member_name(std::string_view name) noexcept {
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         std::all_of(name.begin(), name.end(), is_member_char);
}

bool is_attribute_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxExtensionName &&
         std::all_of(name.begin(), name.end(), is_lower_or_digit);
}

Result<KeyPath> attribute_path(std::string_view text, const std::vector<std::string>& parts) {
  const std::string& name = parts[1];
  if (parts.size() > 2) {
    return refuse(text, "attributes have no members; only data has: event.data." + parts[2]);
  }
  if (!is_attribute_name(name)) {
    return refuse(text, "\"" + name +
                            "\" cannot be an attribute: their names have 1 to 20 characters a-z "
                            "and 0-9; members of the payload are written data." +
                            name);
  }
  if (name == "specversion") {
    return refuse(text, "it is 1.0 for every event; use `order: total` for one key in all");
  }
  const auto known = std::find_if(kKnownNames.begin(), kKnownNames.end(),
                                  [&](const KnownName& entry) { return entry.name == name; });
  if (known == kKnownNames.end()) return KeyPath{std::string(text), Root::kExtension, {}, {name}};
  return KeyPath{std::string(text), known->root, known->attribute, {}};
}

/// A fault that can be told without knowing the roots.
std::optional<std::string_view> shape_fault(std::string_view text) {
  if (text.empty()) return "it is empty; write a path such as data.team, or leave `key` out";
  if (text.size() > kMaxPathBytes) return "longer than 512 bytes; use a shorter path";
  if (!looks_like_path(text)) {
    return "not a plain path such as data.team or event.subject";
  }
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) {
    return "a name is missing beside a dot; write for example data.team";
  }
  return std::nullopt;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

}  // namespace

bool looks_like_path(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_member_char(c) || c == '.'; });
}

Result<KeyPath> parse_key_path(std::string_view text) {
  if (const auto fault = shape_fault(text)) return refuse(text, *fault);
  std::vector<std::string> parts = split(text);
  std::size_t above = 1;  // parts before the first member of data
  if (parts[0] == "event") {
    if (parts.size() == 1) return refuse(text, "name an attribute: event.subject, event.data.team");
    if (parts[1] != "data") return attribute_path(text, parts);
    above = 2;
  } else if (parts[0] != "data") {
    return refuse(
        text, "a path begins with data. or event.; did you mean data." + std::string(text) + "?");
  }
  KeyPath path{std::string(text), Root::kData, {}, {}};
  path.members.assign(std::make_move_iterator(parts.begin() + static_cast<std::ptrdiff_t>(above)),
                      std::make_move_iterator(parts.end()));
  const auto odd = std::find_if_not(path.members.begin(), path.members.end(), is_member_name);
  if (odd != path.members.end()) {
    return refuse(text, "\"" + *odd +
                            "\" is not a member name (a letter or _ first); list elements are "
                            "written data.list[0], other names data[\"1st\"]");
  }
  if (path.members.size() >= kMaxJsonDepth) {
    return refuse(text, "deeper than an event may be nested; use a shorter path");
  }
  return path;
}

}  // namespace veltrix
