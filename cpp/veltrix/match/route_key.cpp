#include "veltrix/match/route_key.hpp"

#include <utility>

namespace veltrix {

Result<RouteKey> read_key(const std::string& owner, const char* option, const std::string& text,
                          RouteExpressions& expressions) {
  RouteKey key;
  if (looks_like_path(text)) {
    auto path = parse_key_path(text);
    if (!path) return fail(path.error().code, owner + ": " + path.error().message);
    key.path = std::move(*path);
    return key;
  }
  const auto added = expressions.add(owner + ": " + option, text);
  if (!added) return tl::make_unexpected(added.error());
  key.path.text = text;
  key.expression = added->id;
  key.asked = added->asked;
  return key;
}

Result<void> check_key(const std::string& text) {
  RouteExpressions expressions;
  if (looks_like_path(text)) {
    if (auto path = parse_key_path(text); !path) return tl::make_unexpected(path.error());
    return {};
  }
  const auto added = expressions.add("key", text);
  if (!added) return tl::make_unexpected(added.error());
  return {};
}

}  // namespace veltrix
