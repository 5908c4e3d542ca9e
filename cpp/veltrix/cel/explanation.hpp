#pragma once
// Why an expression came out as it did, in the words of its own text. Private to this room.

#include <string>

#include "veltrix/cel/expression_set.hpp"
#include "veltrix/cel/frame.hpp"
#include "veltrix/cel/program.hpp"

namespace veltrix::cel {

/// "data.amount / data.n: division by zero (column 13)".
std::string describe_error(const Expression& expression, const Value& error);

class Explainer {
 public:
  Explainer(const Program& program, const Expression& expression, EventFrame& frame) noexcept
      : program_(program), expression_(expression), frame_(frame) {}

  /// All but the verdict.
  Explanation explain();

 private:
  Value value_of(NodeId node) noexcept;
  /// The sub-expression of `node` that made its value what it is.
  NodeId deciding(NodeId node) noexcept;
  void append_members(NodeId node, std::string& out);
  void append_member(NodeId node, std::string& out);

  const Node& node(NodeId id) const noexcept { return expression_.ast.nodes[id]; }
  NodeId child(NodeId id, std::size_t index) const noexcept {
    return expression_.ast.children_of(node(id))[index];
  }

  const Program& program_;
  const Expression& expression_;
  EventFrame& frame_;
};

}  // namespace veltrix::cel
