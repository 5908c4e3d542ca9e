#include "veltrix/cel/error_text.hpp"

#include "veltrix/cel/signatures.hpp"

namespace veltrix::cel {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string text_of_child(const Ast& ast, const Node& node, std::size_t index) {
  return std::string(ast.text_of(ast.nodes[ast.children_of(node)[index]]));
}

/// `data` alone is short for event.data: then both nodes have that text.
std::string owner_of(const Ast& ast, const Node& node) {
  const bool is_short = ast.nodes[ast.children_of(node)[0]].kind == NodeKind::kVariable &&
                        ast.text_of(node) == ast.names[node.operand];
  return is_short ? "the event" : text_of_child(ast, node, 0);
}

std::string why_missing(const Ast& ast, const Node& node) {
  switch (node.kind) {
    case NodeKind::kSelect:
    case NodeKind::kHas:
      return "no member " + quoted(ast.names[node.operand]) + " in " + owner_of(ast, node);
    case NodeKind::kCall:
      if (node.child_count == 2) {
        return "no key " + text_of_child(ast, node, 1) + " in " + text_of_child(ast, node, 0);
      }
      break;
    case NodeKind::kVariable:
      return "there is no " + std::string(ast.text_of(node));
    default:
      break;
  }
  return std::string(general_cause(Reason::kMissing));
}

std::string why_no_overload(const Ast& ast, const Node& node) {
  switch (node.kind) {
    case NodeKind::kSelect:
    case NodeKind::kHas:
      return text_of_child(ast, node, 0) + " is no object, so it has no member " +
             quoted(ast.names[node.operand]);
    case NodeKind::kCall:
      if (node.function == Function::kIndex) {
        return text_of_child(ast, node, 0) + " cannot be indexed with " +
               text_of_child(ast, node, 1);
      }
      return quoted(symbol_of(node.function)) + " does not take values of these types";
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return "a side of it is no bool";
    case NodeKind::kConditional:
      return "what stands before the '?' is no bool";
    case NodeKind::kMap:
      return "a key of a map must be a string, an int, a uint or a bool";
    case NodeKind::kMacro:
      return "a macro needs a list or a map, and a condition that is a bool";
    default:
      break;
  }
  return std::string(general_cause(Reason::kNoOverload));
}

}  // namespace

std::string_view general_cause(Reason reason) noexcept {
  switch (reason) {
    case Reason::kMissing:
      return "no such member";
    case Reason::kNoOverload:
      return "an operator or function does not take values of these types";
    case Reason::kOverflow:
      return "the result is out of range";
    case Reason::kDivideByZero:
      return "division by zero";
    case Reason::kOutOfBounds:
      return "the list has no such index";
    case Reason::kBadConversion:
      return "the value cannot be converted";
    case Reason::kBadPattern:
      return "the regular expression cannot be used";
    case Reason::kBadTimeZone:
      return "there is no such time zone";
    case Reason::kDuplicateKey:
      return "a key stands twice in the map";
    case Reason::kTooMuchWork:
      return "it takes too many steps for one event";
    case Reason::kTooMuchMemory:
      return "it takes too much memory for one event";
  }
  return "";
}

std::string cause_of(const Ast& ast, const Node& node, Reason reason) {
  if (reason == Reason::kMissing) return why_missing(ast, node);
  if (reason == Reason::kNoOverload) return why_no_overload(ast, node);
  return std::string(general_cause(reason));
}

}  // namespace veltrix::cel
