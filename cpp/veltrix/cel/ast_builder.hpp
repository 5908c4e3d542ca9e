#pragma once
// Adds nodes to an Ast, children first, and holds the limit of their number.

#include <initializer_list>
#include <span>
#include <string_view>

#include "veltrix/cel/ast.hpp"

namespace veltrix::cel {

class AstBuilder {
 public:
  explicit AstBuilder(Ast& ast) : ast_(ast) {}

  /// kMaxExpressionNodes are there already; a further one would not be counted.
  bool full() const noexcept { return ast_.nodes.size() >= kMaxExpressionNodes; }

  NodeId add(Node node, std::span<const NodeId> children);
  NodeId add(Node node, std::initializer_list<NodeId> children = {}) {
    return add(node, std::span(children.begin(), children.size()));
  }
  std::uint32_t constant(Constant value);
  std::uint32_t name(std::string_view name);

  Node& node(NodeId id) noexcept { return ast_.nodes[id]; }

 private:
  Ast& ast_;
};

}  // namespace veltrix::cel
