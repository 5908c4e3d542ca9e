#include "veltrix/cel/ast_builder.hpp"

#include <algorithm>

namespace veltrix::cel {

NodeId AstBuilder::add(Node node, std::span<const NodeId> children) {
  node.first_child = static_cast<std::uint32_t>(ast_.children.size());
  node.child_count = static_cast<std::uint32_t>(children.size());
  ast_.children.insert(ast_.children.end(), children.begin(), children.end());
  ast_.nodes.push_back(node);
  return ast_.root();
}

std::uint32_t AstBuilder::constant(Constant value) {
  ast_.constants.push_back(std::move(value));
  return static_cast<std::uint32_t>(ast_.constants.size() - 1);
}

std::uint32_t AstBuilder::name(std::string_view name) {
  const auto found = std::find(ast_.names.begin(), ast_.names.end(), name);
  if (found != ast_.names.end()) return static_cast<std::uint32_t>(found - ast_.names.begin());
  ast_.names.emplace_back(name);
  return static_cast<std::uint32_t>(ast_.names.size() - 1);
}

}  // namespace veltrix::cel
