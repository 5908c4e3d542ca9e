#pragma once
// A parsed and checked expression: nodes in one array, children before their parents, so that a
// loop over the array meets everything in the order of evaluation. A value; immutable once made.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "veltrix/cel/fault.hpp"
#include "veltrix/cel/function.hpp"

namespace veltrix::cel {

using NodeId = std::uint32_t;

enum class NodeKind : std::uint8_t {
  kConstant,  // constants[operand]
  kVariable,  // a declared variable: Declarations::variables[operand]
  kLocal,     // the variable of an enclosing macro: `operand` = macros between here and it
  kTypeName,  // int, string, list …: operand = Kind of value.hpp
  kSelect,    // child 0 . names[operand]
  kHas,       // has(child 0 . names[operand])
  kCall,      // function(children)
  kAnd,       // two children each; errors absorbed
  kOr,
  kConditional,  // child 0 ? child 1 : child 2
  kList,         // children
  kMap,          // children: key, value, key, value …
  kMacro,        // macro; child 0 the range, then the bodies; names[operand] = its variable
};

struct Node {
  NodeKind kind = NodeKind::kConstant;
  Function function = Function::kDyn;  // kCall
  Macro macro = Macro::kAll;           // kMacro
  std::uint32_t operand = 0;           // by kind, see there
  std::uint32_t first_child = 0;       // index into Ast::children
  std::uint32_t child_count = 0;
  std::uint32_t begin = 0;  // byte offsets of the sub-expression in the text
  std::uint32_t end = 0;
  std::uint32_t at = 0;  // of the operator or name to point at
};

struct Bytes {
  std::string bytes;
};
/// null is std::monostate.
using Constant =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Bytes>;

/// Names an expression may use.
struct Declarations {
  std::vector<std::string> variables{"event"};
  /// `data` is short for `event.data`; the checker writes it so.
  bool data_is_event_data = true;

  static Declarations of_event() { return {}; }
  static Declarations of_line() { return {{"line"}, false}; }  // envelope mappings
};

struct Ast {
  std::string text;
  std::vector<Node> nodes;  // the last one is the root
  std::vector<NodeId> children;
  std::vector<Constant> constants;
  std::vector<std::string> names;
  std::vector<Fault> warnings;

  NodeId root() const noexcept { return static_cast<NodeId>(nodes.size() - 1); }
  std::span<const NodeId> children_of(const Node& node) const noexcept {
    return std::span(children).subspan(node.first_child, node.child_count);
  }
  std::string_view text_of(const Node& node) const noexcept {
    return std::string_view(text).substr(node.begin, node.end - node.begin);
  }
};

// Limits of one expression.
inline constexpr std::size_t kMaxExpressionBytes = 2'048;
inline constexpr std::size_t kMaxExpressionNodes = 256;
inline constexpr std::size_t kMaxExpressionDepth = 32;

/// Parses and checks. Every fault that can be told at once is in the error; at least one.
tl::expected<Ast, std::vector<Fault>> parse(std::string_view text, const Declarations& names = {});

}  // namespace veltrix::cel
