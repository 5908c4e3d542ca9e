#pragma once
// A tree as one line of text: (_+_ 1 (. event "a")).

#include <charconv>
#include <cstdio>
#include <string>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/signatures.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

struct ConstantText {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(std::uint64_t value) const { return std::to_string(value) + "u"; }
  std::string operator()(double value) const {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.17g", value);
    const std::string text(buffer);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  std::string operator()(const std::string& text) const { return '"' + text + '"'; }
  std::string operator()(const Bytes& bytes) const {
    std::string out = "b\"";
    for (const char c : bytes.bytes) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += buffer;
    }
    return out + '"';
  }
};

inline std::string tree_of(const Ast& ast, const Declarations& names, NodeId id) {
  const Node& node = ast.nodes[id];
  std::string head;
  std::string tail;
  switch (node.kind) {
    case NodeKind::kConstant:
      return std::visit(ConstantText{}, ast.constants[node.operand]);
    case NodeKind::kVariable:
      return names.variables[node.operand];
    case NodeKind::kLocal:
      return "$" + std::to_string(node.operand);
    case NodeKind::kTypeName:
      return "type:" + std::string(name_of(static_cast<Kind>(node.operand)));
    case NodeKind::kSelect:
    case NodeKind::kHas:
      head = node.kind == NodeKind::kHas ? "has" : ".";
      tail = " " + ast.names[node.operand];
      break;
    case NodeKind::kCall:
      head = name_of(node.function);
      break;
    case NodeKind::kAnd:
      head = "&&";
      break;
    case NodeKind::kOr:
      head = "||";
      break;
    case NodeKind::kConditional:
      head = "?:";
      break;
    case NodeKind::kList:
      head = "list";
      break;
    case NodeKind::kMap:
      head = "map";
      break;
    case NodeKind::kMacro:
      head = std::string(name_of(node.macro)) + ":" + ast.names[node.operand];
      break;
  }
  std::string out = "(" + head;
  for (const NodeId child : ast.children_of(node)) out += " " + tree_of(ast, names, child);
  return out + tail + ")";
}

inline std::string tree_of(const Ast& ast, const Declarations& names = {}) {
  return tree_of(ast, names, ast.root());
}

}  // namespace veltrix::cel
