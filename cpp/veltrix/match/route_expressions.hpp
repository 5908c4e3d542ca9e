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

/// What an expression looks at; in doubt, at all of it.
struct Asked {
  bool stamps = false;  // event.id or event.time: the door fills them in where the event has none
  bool data = false;    // the payload

  Asked& operator|=(const Asked& other) noexcept {
    stamps |= other.stamps;
    data |= other.data;
    return *this;
  }
};

class RouteExpressions {
 public:
  struct Added {
    cel::ExpressionId id = kNoExpression;
    Asked asked;
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
