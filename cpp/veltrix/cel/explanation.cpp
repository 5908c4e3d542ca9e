#include "veltrix/cel/explanation.hpp"

#include <algorithm>
#include <optional>

#include "veltrix/cel/error_text.hpp"
#include "veltrix/cel/evaluator.hpp"
#include "veltrix/cel/operations.hpp"

namespace veltrix::cel {
namespace {

constexpr std::size_t kMaxValueText = 80;  // bytes of one value; people look at this
constexpr std::size_t kMaxMembersText = 400;

/// The node at which an error arose: the first that became the operation it names.
std::optional<NodeId> origin(const Expression& expression, const Value& error) {
  const auto found = std::find(expression.ops.begin(), expression.ops.end(), error.size);
  if (found == expression.ops.end()) return std::nullopt;
  return static_cast<NodeId>(found - expression.ops.begin());
}

bool is_bool(const Value& value, bool expected) noexcept {
  return value.kind == Kind::kBool && value.boolean == expected;
}

/// As JSON where there is such a form, so that texts stand in quotes; long ones are cut.
std::string shown(const Value& value) {
  std::string text;
  if (!append_json(value, text)) {
    text.clear();
    append_text(value, text);
  }
  if (text.size() <= kMaxValueText) return text;
  std::size_t cut = kMaxValueText;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "…";
}

}  // namespace

std::string describe_error(const Expression& expression, const Value& error) {
  const std::optional<NodeId> id = origin(expression, error);
  if (!id) return std::string(general_cause(error.reason));
  const Ast& ast = expression.ast;
  const Node& node = ast.nodes[*id];
  const Fault place{{}, {}, {}, node.at, node.at};
  return std::string(ast.text_of(node)) + ": " + cause_of(ast, node, error.reason) + " (column " +
         std::to_string(column_of(ast.text, place)) + ")";
}

Value Explainer::value_of(NodeId id) noexcept {
  return Evaluator(program_, frame_).run(expression_.ops[id]);
}

NodeId Explainer::deciding(NodeId id) noexcept {
  // Downwards as long as one child alone decides. Only nodes outside of macros are met, so that
  // each has a value of its own.
  for (;;) {
    const Value value = value_of(id);
    if (value.is_error()) return origin(expression_, value).value_or(id);
    const NodeKind kind = node(id).kind;
    const bool decisive = kind == NodeKind::kOr;
    if ((kind == NodeKind::kAnd || kind == NodeKind::kOr) && is_bool(value, decisive)) {
      id = child(id, is_bool(value_of(child(id, 0)), decisive) ? 0 : 1);
    } else if (kind == NodeKind::kConditional) {
      id = child(id, value_of(child(id, 0)).is_true() ? 1 : 2);
    } else {
      return id;
    }
  }
}

void Explainer::append_member(NodeId id, std::string& out) {
  const Value value = value_of(id);
  std::string text(expression_.ast.text_of(node(id)));
  if (!value.is_error()) {
    text.append(" = ").append(shown(value));
  } else if (value.reason == Reason::kMissing) {
    text.append(" is missing");
  } else {
    text.append(": ").append(general_cause(value.reason));
  }
  // Named twice, told once.
  if ((", " + out + ", ").find(", " + text + ", ") != std::string::npos) return;
  if (out.size() + text.size() > kMaxMembersText) return;
  if (!out.empty()) out.append(", ");
  out.append(text);
}

void Explainer::append_members(NodeId id, std::string& out) {
  const OpKind kind = program_.ops[expression_.ops[id]].kind;
  if (kind == OpKind::kPath || kind == OpKind::kHasPath) {
    append_member(id, out);
    return;
  }
  for (const NodeId part : expression_.ast.children_of(node(id))) append_members(part, out);
}

Explanation Explainer::explain() {
  Explanation out;
  const NodeId root = expression_.ast.root();
  const Value result = value_of(root);
  const NodeId decided = deciding(root);
  out.deciding = expression_.ast.text_of(node(decided));
  append_members(decided, out.values);
  if (result.is_error()) {
    const bool placed = origin(expression_, result).has_value();
    out.reason = placed ? cause_of(expression_.ast, node(decided), result.reason)
                        : std::string(general_cause(result.reason));
  } else if (result.kind != Kind::kBool) {
    out.reason = "it is no bool but of type " + std::string(name_of(result.kind));
    out.values = std::string(expression_.ast.text_of(node(root))) + " = " + shown(result);
  }
  return out;
}

}  // namespace veltrix::cel
