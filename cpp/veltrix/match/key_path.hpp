#pragma once
// A route's `key:` as a plain dotted path: `data.team`, `data.a.b`, `event.subject`,
// `event.data.team`, `event.myextension`. What needs an expression is refused here, and computed by
// the room `cel` instead (route_key.hpp): a plain path is the most frequent key, and the fastest.
//
// A KeyPath is a value: immutable once parsed, shared by all threads. KeyReader follows it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

struct KeyPath {
  enum class Root : std::uint8_t {
    kType,       // event.type
    kId,         // event.id
    kTime,       // event.time, in the form in which it is written to JSON
    kPriority,   // event.priority
    kAttribute,  // `attribute`: any other attribute with a tag
    kExtension,  // `members[0]`: an extension without a tag
    kData,       // `members`: the way down from data; none = data itself
  };

  std::string text;  // as it was written
  Root root = Root::kData;
  Attribute attribute = Attribute::kId;
  std::vector<std::string> members;
};

/// Nothing but names and dots: no operator, call, index or quotes.
bool looks_like_path(std::string_view text) noexcept;

/// kInvalidKeyPath for anything that is not a plain path.
Result<KeyPath> parse_key_path(std::string_view text);

}  // namespace veltrix
