#pragma once
// The expressions of a configuration on their way into one ExpressionSet, and how their faults are
// told: with the place in the configuration, the column and a caret. Runs once per plan epoch.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/cel/expression_set.hpp"

namespace veltrix {

inline constexpr cel::ExpressionId kNoExpression = 0xFFFF'FFFF;

class RouteExpressions {
 public:
  struct Added {
    cel::ExpressionId id = kNoExpression;
    /// It looks at event.id or event.time: what the door fills in where the event has none.
    bool asks_stamps = false;
  };
  /// `place` says whose it is: `route "score": where`. kInvalidExpression with all of its faults.
  Result<Added> add(const std::string& place, const std::string& text);

  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  cel::ExpressionSet build() && { return std::move(builder_).build(); }

 private:
  cel::ExpressionSet::Builder builder_;
  std::unordered_map<std::string, Added> known_;  // by text
  std::vector<std::string> warnings_;
};

}  // namespace veltrix
