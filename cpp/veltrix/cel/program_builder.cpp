#include "veltrix/cel/program_builder.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <re2/re2.h>

#include "veltrix/cel/evaluator.hpp"
#include "veltrix/cel/patterns.hpp"

namespace veltrix::cel {
namespace {

/// Appends a number as the bytes that it is: part of a key, not for people.
void append_bytes(std::string& key, std::uint64_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string key_of(const Op& op, const std::vector<OpId>& children) {
  std::string key{static_cast<char>(op.kind), static_cast<char>(op.function),
                  static_cast<char>(op.macro)};
  append_bytes(key, op.operand);
  for (const OpId child : children) append_bytes(key, child);
  return key;
}

/// `a < b` as `b > a`.
Function mirrored(Function function) noexcept {
  switch (function) {
    case Function::kLess:
      return Function::kGreater;
    case Function::kLessEqual:
      return Function::kGreaterEqual;
    case Function::kGreater:
      return Function::kLess;
    case Function::kGreaterEqual:
      return Function::kLessEqual;
    default:
      return function;
  }
}

bool is_comparison(Function function) noexcept {
  return function >= Function::kEqual && function <= Function::kGreaterEqual;
}

bool are_texts(const Value& list) noexcept {
  return list.kind == Kind::kList &&
         std::all_of(list.items, list.items + list.size,
                     [](const Value& item) { return item.kind == Kind::kString; });
}

}  // namespace

ProgramBuilder::ProgramBuilder() : program_(std::make_unique<Program>()) {
  folding_.begin(*program_);  // once: what is folded stays in its memory
}

std::string_view ProgramBuilder::keep(std::string_view text) {
  return program_->texts.emplace_back(text);
}

OpId ProgramBuilder::text(std::string_view text) {
  std::string key = "text:";
  const auto known = known_.find(key.append(text));
  return known != known_.end() ? known->second : constant(Value::string(keep(text)));
}

OpId ProgramBuilder::constant(const Value& value) {
  // Lists and maps are not compared: two equal ones are rare and do no harm.
  std::string key;
  if (value.kind == Kind::kString) {
    key.append("text:").append(value.view());
  } else if (value.kind == Kind::kBytes) {
    key.append("bytes:").append(value.view());
  } else if (value.kind != Kind::kList && value.kind != Kind::kMap) {
    key = "value:";
    append_bytes(key, static_cast<std::uint64_t>(value.kind));
    append_bytes(key, value.size);
    append_bytes(key, value.uinteger);
  }
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  Op op;
  op.operand = static_cast<std::uint32_t>(program_->constants.size());
  program_->constants.push_back(value);
  program_->ops.push_back(op);
  facts_.push_back({});
  const auto id = static_cast<OpId>(program_->ops.size() - 1);
  if (!key.empty()) known_.emplace(std::move(key), id);
  return id;
}

OpId ProgramBuilder::constant(const Constant& constant_value) {
  struct Visitor {
    ProgramBuilder& builder;
    OpId operator()(std::monostate) const { return builder.constant(Value::null()); }
    OpId operator()(const std::string& text) const { return builder.text(text); }
    OpId operator()(const Bytes& bytes) const {
      return builder.constant(Value::bytes(builder.keep(bytes.bytes)));
    }
    OpId operator()(bool value) const { return builder.constant(Value::of(value)); }
    OpId operator()(std::int64_t value) const { return builder.constant(Value::of(value)); }
    OpId operator()(std::uint64_t value) const { return builder.constant(Value::of(value)); }
    OpId operator()(double value) const { return builder.constant(Value::of(value)); }
  };
  return std::visit(Visitor{*this}, constant_value);
}

OpId ProgramBuilder::path(PathId path) {
  Op op;
  op.kind = OpKind::kPath;
  op.operand = path;
  const OpId id = intern(op, {});
  program_->paths[path].op = id;
  return id;
}

ProgramBuilder::Facts ProgramBuilder::facts_of(const Op& op) const {
  Facts facts;
  if (op.kind == OpKind::kLocal) facts.reach = op.operand + 1;
  if (op.kind == OpKind::kPath || op.kind == OpKind::kHasPath) facts.constant = false;
  const auto children = program_->children_of(op);
  for (std::size_t i = 0; i < children.size(); ++i) {
    const Facts& child = facts_[children[i]];
    // The range of a macro is outside of it.
    const bool inside = op.kind == OpKind::kMacro && i > 0;
    const std::uint32_t reach = inside && child.reach > 0 ? child.reach - 1 : child.reach;
    facts.reach = std::max(facts.reach, reach);
    facts.constant = facts.constant && child.constant;
  }
  return facts;
}

OpId ProgramBuilder::intern(Op op, const std::vector<OpId>& children) {
  std::string key = key_of(op, children);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  op.first_child = static_cast<std::uint32_t>(program_->children.size());
  op.child_count = static_cast<std::uint32_t>(children.size());
  program_->children.insert(program_->children.end(), children.begin(), children.end());
  program_->ops.push_back(op);
  facts_.push_back(facts_of(op));
  const OpId id = fold(static_cast<OpId>(program_->ops.size() - 1));
  known_.emplace(std::move(key), id);
  return id;
}

OpId ProgramBuilder::fold(OpId id) {
  const Facts facts = facts_[id];
  if (!facts.constant || facts.reach != 0) return id;
  folding_.work().steps = 0;
  Value value = Evaluator(*program_, folding_).run(id);
  // An error must arise where the expression is evaluated, if it ever comes to that.
  if (value.is_error()) return id;
  if (value.kind == Kind::kString) return text(value.view());
  if (value.kind == Kind::kBytes) value = Value::bytes(keep(value.view()));
  return constant(value);
}

OpId ProgramBuilder::translate(const Ast& ast, const Node& node, const std::vector<OpId>& done) {
  std::vector<OpId> children;
  for (const NodeId child : ast.children_of(node)) children.push_back(done[child]);
  Op op;
  switch (node.kind) {
    case NodeKind::kConstant:
      return constant(ast.constants[node.operand]);
    case NodeKind::kVariable:
      return path(program_->paths.variable(node.operand));
    case NodeKind::kLocal:
      op.kind = OpKind::kLocal;
      op.operand = node.operand;
      break;
    case NodeKind::kTypeName:
      return constant(Value::type_of(static_cast<Kind>(node.operand)));
    case NodeKind::kSelect:
    case NodeKind::kHas: {
      const std::string_view name = ast.names[node.operand];
      const bool has = node.kind == NodeKind::kHas;
      if (is(children[0], OpKind::kPath)) {
        const PathId member = program_->paths.child(program_->ops[children[0]].operand, name);
        const OpId read = path(member);
        if (!has) return read;
        op.kind = OpKind::kHasPath;
        op.operand = member;
        children.clear();
        break;
      }
      op.kind = has ? OpKind::kHas : OpKind::kSelect;
      op.operand = program_->ops[text(name)].operand;
      break;
    }
    case NodeKind::kCall:
      return translate_call(node, std::move(children));
    case NodeKind::kAnd:
      op.kind = OpKind::kAnd;
      break;
    case NodeKind::kOr:
      op.kind = OpKind::kOr;
      break;
    case NodeKind::kConditional:
      op.kind = OpKind::kConditional;
      break;
    case NodeKind::kList:
      op.kind = OpKind::kList;
      break;
    case NodeKind::kMap:
      op.kind = OpKind::kMap;
      break;
    case NodeKind::kMacro:
      op.kind = OpKind::kMacro;
      op.macro = node.macro;
      break;
  }
  return intern(op, children);
}

OpId ProgramBuilder::translate_call(const Node& node, std::vector<OpId> children) {
  Op op;
  op.kind = OpKind::kCall;
  op.function = node.function;
  if (children.size() != 2) return intern(op, children);
  const bool constant_right = is(children[1], OpKind::kConstant);
  if (is_comparison(node.function) && is(children[0], OpKind::kConstant) && !constant_right) {
    std::swap(children[0], children[1]);
    op.function = mirrored(node.function);
  } else if (!constant_right) {
    return intern(op, children);
  }
  const OpId constant_child = children[1];
  const Value right = value_of(constant_child);
  if (is_comparison(op.function)) {
    op.kind = OpKind::kCompare;
    op.operand = program_->ops[constant_child].operand;
  } else if (op.function == Function::kIndex && right.kind == Kind::kString &&
             is(children[0], OpKind::kPath)) {
    return path(program_->paths.child(program_->ops[children[0]].operand, right.view()));
  } else if (op.function == Function::kIn && are_texts(right)) {
    op.kind = OpKind::kInTexts;
    const auto [entry, fresh] = text_sets_.try_emplace(
        constant_child, static_cast<std::uint32_t>(program_->text_sets.size()));
    if (fresh) program_->text_sets.emplace_back(right.list_items());
    op.operand = entry->second;
  } else if (op.function == Function::kMatches && right.kind == Kind::kString) {
    const auto [entry, fresh] = patterns_.try_emplace(
        std::string(right.view()), static_cast<std::uint32_t>(program_->patterns.size()));
    if (fresh) program_->patterns.push_back(compile_pattern(right.view()));
    // What is no pattern stays a call, which says so when it is evaluated.
    if (program_->patterns[entry->second] == nullptr) return intern(op, children);
    op.kind = OpKind::kMatches;
    op.operand = entry->second;
  } else {
    return intern(op, children);
  }
  children.pop_back();
  return intern(op, children);
}

std::uint32_t ProgramBuilder::add(const Ast& ast) {
  Expression expression;
  expression.ast = ast;
  for (const Node& node : ast.nodes) {
    expression.ops.push_back(translate(ast, node, expression.ops));
  }
  expression.root = expression.ops.back();
  program_->expressions.push_back(std::move(expression));
  return static_cast<std::uint32_t>(program_->expressions.size() - 1);
}

std::unique_ptr<const Program> ProgramBuilder::build() && {
  share();
  for (Expression& expression : program_->expressions) {
    expression.cost = cost_of(*program_, expression);
  }
  program_->folded = std::move(folding_.work());
  return std::move(program_);
}

}  // namespace veltrix::cel
