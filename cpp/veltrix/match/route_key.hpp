#pragma once
// What a route's `key`, or one entry of a queue's `dedup.by`, is made of: a plain path, or any other
// expression. Plain paths have a reader of their own, which is as fast as it gets and keeps the text
// of numbers as it came; what an expression gives becomes text as string() does it, lists and maps
// as JSON. Values without threads.

#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"
#include "veltrix/match/key_path.hpp"
#include "veltrix/match/route_expressions.hpp"

namespace veltrix {

struct RouteKey {
  KeyPath path;
  cel::ExpressionId expression = kNoExpression;  // instead of the path
  Asked asked;                                   // by the expression

  bool is_computed() const noexcept { return expression != kNoExpression; }
};

/// kInvalidKeyPath for what looks like a path and is none, else kInvalidExpression. `owner` is whose
/// it is, `option` what it is called there.
Result<RouteKey> read_key(const std::string& owner, const char* option, const std::string& text,
                          RouteExpressions& expressions);

/// The same for a text alone: whether it can be a key.
Result<void> check_key(const std::string& text);

}  // namespace veltrix
