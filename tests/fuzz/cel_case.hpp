#pragma once
// One hostile case: a text that may be an expression, and bytes that may be an event. Everything
// that a filter does with them is done: nothing may crash, hang, or leave its bounds.

#include <string>
#include <string_view>

#include "veltrix/cel/expression_set.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/event/json_reader.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix::cel {

class HostileCase {
 public:
  /// True: it is an expression, and was evaluated over whatever `json` is.
  bool run(std::string_view expression, std::string_view json) {
    const auto ast = parse(expression);
    if (!ast) {
      for (const Fault& fault : ast.error()) seen_ += render(expression, fault).size();
      return false;
    }
    for (const Fault& fault : ast->warnings) seen_ += render(expression, fault).size();
    ExpressionSet::Builder builder;
    builder.add(*ast);
    builder.add(*ast);
    const ExpressionSet set = std::move(builder).build();
    EventFields fields;
    if (reader_.read(json, false, fields)) {
      frame_.begin(set, fields, fields.type);
      look(set);
    }
    if (validate_json(json)) {
      frame_.begin(set, json);
      look(set);
    }
    return true;
  }

  /// Sizes of what was written; only there so that nothing is left out by the compiler.
  std::size_t seen() const noexcept { return seen_; }

 private:
  void look(const ExpressionSet& set) {
    const Value value = set.evaluate(0, frame_);
    std::string out;
    append_text(value, out);
    append_json(value, out);
    if (value.is_error()) out += set.describe(0, value);
    const Explanation why = set.explain(1, frame_);
    seen_ += out.size() + why.deciding.size() + why.values.size() + why.reason.size();
    seen_ += static_cast<std::size_t>(set.test(1, frame_));
  }

  JsonReader reader_;
  Frame frame_;
  std::size_t seen_ = 0;
};

}  // namespace veltrix::cel
