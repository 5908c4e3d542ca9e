#include "veltrix/match/route_expressions.hpp"

#include <utility>

namespace veltrix {
namespace {

/// What is asked of `event` by the node that has it as a child.
Asked asked_by(const cel::Ast& ast, const cel::Node& node) {
  if (node.kind != cel::NodeKind::kSelect && node.kind != cel::NodeKind::kHas) return {true, true};
  const std::string& name = ast.names[node.operand];
  return {name == "id" || name == "time", name == "data"};
}

Asked asked_by(const cel::Ast& ast) {
  if (ast.nodes[ast.root()].kind == cel::NodeKind::kVariable) return {true, true};
  Asked asked;
  for (const cel::Node& node : ast.nodes) {
    for (const cel::NodeId child : ast.children_of(node)) {
      if (ast.nodes[child].kind == cel::NodeKind::kVariable) asked |= asked_by(ast, node);
    }
  }
  return asked;
}

std::string spell(const std::string& place, const std::string& text, const cel::Fault& fault) {
  return place + ": " + cel::render(text, fault);
}

}  // namespace

Result<RouteExpressions::Added> RouteExpressions::add(const std::string& place,
                                                      const std::string& text) {
  const auto known = known_.find(text);
  if (known != known_.end()) return known->second;
  const auto ast = cel::parse(text);
  if (!ast) {
    std::string message;
    for (const cel::Fault& fault : ast.error()) {
      message += (message.empty() ? "" : "\n") + spell(place, text, fault);
    }
    return fail(ErrorCode::kInvalidExpression, std::move(message));
  }
  for (const cel::Fault& warning : ast->warnings) {
    warnings_.push_back(spell(place, text, warning));
  }
  const Added added{builder_.add(*ast), asked_by(*ast)};
  known_.emplace(text, added);
  return added;
}

}  // namespace veltrix
