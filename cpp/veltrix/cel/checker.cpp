#include "veltrix/cel/checker.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <variant>

#include <re2/re2.h>

#include "veltrix/cel/fault_words.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/patterns.hpp"
#include "veltrix/cel/signatures.hpp"

namespace veltrix::cel {
namespace {

bool is_number(KnownKind kind) noexcept {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

class Checker {
 public:
  Checker(Ast& ast, std::vector<Fault>& faults)
      : ast_(ast), faults_(faults), kinds_(ast.nodes.size()) {}

  /// Children stand before their parents, so one loop is enough.
  void run() {
    for (NodeId id = 0; id < ast_.nodes.size(); ++id) kinds_[id] = kind_of(ast_.nodes[id]);
  }

 private:
  KnownKind kind_of(const Node& node) {
    switch (node.kind) {
      case NodeKind::kConstant:
        return kind_of_constant(ast_.constants[node.operand]);
      case NodeKind::kTypeName:
        return Kind::kType;
      case NodeKind::kSelect:
        check_members(node);
        return std::nullopt;
      case NodeKind::kHas:
        check_members(node);
        return Kind::kBool;
      case NodeKind::kCall:
        return call(node);
      case NodeKind::kAnd:
      case NodeKind::kOr:
        return both(node);
      case NodeKind::kConditional:
        return conditional(node);
      case NodeKind::kList:
        return Kind::kList;
      case NodeKind::kMap:
        check_keys(node);
        return Kind::kMap;
      case NodeKind::kMacro:
        return macro(node);
      default:
        return std::nullopt;
    }
  }

  static KnownKind kind_of_constant(const Constant& constant) noexcept {
    constexpr Kind kKinds[] = {Kind::kNull,   Kind::kBool,   Kind::kInt,  Kind::kUint,
                               Kind::kDouble, Kind::kString, Kind::kBytes};
    return kKinds[constant.index()];
  }

  KnownKind child(const Node& node, std::size_t index) const noexcept {
    return kinds_[ast_.children_of(node)[index]];
  }
  const Node& child_node(const Node& node, std::size_t index) const noexcept {
    return ast_.nodes[ast_.children_of(node)[index]];
  }
  static Extent whole(const Node& node) noexcept { return {node.begin, node.end}; }

  /// The operator or name that the node points at.
  static Extent mark(const Node& node, std::string_view symbol) noexcept {
    return {node.at, node.at + symbol.size()};
  }

  void fault(FaultCode code, Extent place, std::initializer_list<std::string_view> words) {
    faults_.push_back(make_fault(code, place, words));
  }
  void warn(FaultCode code, Extent place, std::initializer_list<std::string_view> words) {
    ast_.warnings.push_back(make_fault(code, place, words));
  }

  void check_members(const Node& node) {
    const KnownKind kind = child(node, 0);
    if (!kind || *kind == Kind::kMap) return;
    const std::string& name = ast_.names[node.operand];
    fault(FaultCode::kNoMembers, mark(node, name), {name, name_of(*kind)});
  }

  KnownKind call(const Node& node) {
    std::vector<KnownKind> arguments;
    for (const NodeId id : ast_.children_of(node)) arguments.push_back(kinds_[id]);
    if (arguments.empty()) return std::nullopt;  // stands for a name that is not known
    const std::string_view symbol = symbol_of(node.function);
    const Overload overload = overload_of(node.function, arguments);
    if (!overload.exists) {
      const bool mixed = arguments.size() == 2 && is_number(arguments[0]) &&
                         is_number(arguments[1]) && arguments[0] != arguments[1] &&
                         node.function != Function::kModulo;
      if (mixed && node.function <= Function::kDivide) return mixed_arithmetic(node);
      refuse(node, symbol, arguments);
      return std::nullopt;
    }
    if (node.function == Function::kMatches) check_pattern(node);
    if (node.function >= Function::kBool && node.function <= Function::kDuration) {
      check_conversion(node);
    }
    return overload.result;
  }

  /// The language has no such arithmetic; that it may have one some day is no reason to refuse it.
  KnownKind mixed_arithmetic(const Node& node) {
    const std::string_view symbol = symbol_of(node.function);
    std::string cure;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string text(ast_.text_of(child_node(node, i)));
      if (i > 0) cure += " " + std::string(symbol) + " ";
      cure += child(node, i) == Kind::kDouble ? text : "double(" + text + ")";
    }
    constexpr std::size_t kLongestCure = 80;
    if (cure.size() > kLongestCure) cure = "double(...) around the whole numbers";
    warn(FaultCode::kMixedArithmetic, mark(node, symbol),
         {symbol, listed({child(node, 0), child(node, 1)}), cure});
    return std::nullopt;
  }

  static std::string listed(const std::vector<KnownKind>& kinds) {
    std::string out;
    for (const KnownKind kind : kinds) {
      if (!out.empty()) out += " and ";
      out += kind ? name_of(*kind) : "any value";
    }
    return out;
  }

  void refuse(const Node& node, std::string_view symbol, const std::vector<KnownKind>& arguments) {
    std::string_view cure;
    const auto holds = [&arguments](Kind kind) {
      return std::find(arguments.begin(), arguments.end(), KnownKind(kind)) != arguments.end();
    };
    if (node.function == Function::kAdd && holds(Kind::kString)) {
      cure = "write string(...) around what is no text";
    } else if (node.function == Function::kModulo) {
      cure = "it takes two ints or two uints";
    } else if (node.function == Function::kIndex) {
      cure = "an index is for lists and maps";
    } else if (node.function == Function::kIn) {
      cure = "behind 'in' stands a list or a map";
    } else if (node.function == Function::kNegate && holds(Kind::kUint)) {
      cure = "write -int(...)";
    } else if (node.function >= Function::kGetFullYear && holds(Kind::kString)) {
      cure = "write timestamp(...) around the text";
    }
    const std::size_t width = node.function == Function::kIndex ? 1 : symbol.size();
    fault(FaultCode::kNoOverload, {node.at, node.at + width}, {symbol, listed(arguments), cure});
  }

  /// A pattern that stands in the text is compiled once, here, and again by whoever runs it.
  void check_pattern(const Node& node) {
    const Node& pattern = child_node(node, 1);
    if (pattern.kind != NodeKind::kConstant) return;
    const auto& text = std::get<std::string>(ast_.constants[pattern.operand]);
    std::string why;
    if (!compile_pattern(text, &why)) fault(FaultCode::kBadPattern, whole(pattern), {why});
  }

  /// A conversion of a literal comes out the same for every event.
  void check_conversion(const Node& node) {
    const Node& argument = child_node(node, 0);
    if (argument.kind != NodeKind::kConstant) return;
    const Value value = value_of(ast_.constants[argument.operand]);
    if (!cel::call(node.function, std::span(&value, 1), work_).is_error()) return;
    std::string_view cure;
    if (node.function == Function::kTimestamp) cure = "write it like \"2024-01-31T08:00:00Z\"";
    if (node.function == Function::kDuration) cure = "write it like \"1h30m\" or \"1.5s\"";
    if (node.function == Function::kBool) cure = "write \"true\" or \"false\"";
    fault(FaultCode::kNeverConverts, whole(node),
          {symbol_of(node.function), ast_.text_of(argument), cure});
  }

  static Value value_of(const Constant& constant) noexcept {
    struct Maker {
      Value operator()(std::monostate) const noexcept { return Value::null(); }
      Value operator()(const std::string& text) const noexcept { return Value::string(text); }
      Value operator()(const Bytes& bytes) const noexcept { return Value::bytes(bytes.bytes); }
      Value operator()(bool value) const noexcept { return Value::of(value); }
      Value operator()(std::int64_t value) const noexcept { return Value::of(value); }
      Value operator()(std::uint64_t value) const noexcept { return Value::of(value); }
      Value operator()(double value) const noexcept { return Value::of(value); }
    };
    return std::visit(Maker{}, constant);
  }

  KnownKind both(const Node& node) {
    for (std::size_t i = 0; i < 2; ++i) {
      const KnownKind kind = child(node, i);
      if (!kind || *kind == Kind::kBool) continue;
      const std::string_view symbol = node.kind == NodeKind::kAnd ? "&&" : "||";
      warn(FaultCode::kOperandNotBool, whole(child_node(node, i)), {symbol, name_of(*kind)});
    }
    return Kind::kBool;
  }

  KnownKind conditional(const Node& node) {
    const KnownKind condition = child(node, 0);
    if (condition && *condition != Kind::kBool) {
      fault(FaultCode::kNotBool, whole(child_node(node, 0)), {"?", name_of(*condition)});
    }
    return child(node, 1) == child(node, 2) ? child(node, 1) : std::nullopt;
  }

  void check_keys(const Node& node) {
    for (std::size_t i = 0; i < node.child_count; i += 2) {
      const KnownKind kind = child(node, i);
      const bool fits = !kind || *kind == Kind::kBool || *kind == Kind::kInt ||
                        *kind == Kind::kUint || *kind == Kind::kString;
      if (!fits) fault(FaultCode::kMapKey, whole(child_node(node, i)), {name_of(*kind)});
    }
  }

  KnownKind macro(const Node& node) {
    const std::string_view name = name_of(node.macro);
    const KnownKind range = child(node, 0);
    if (range && *range != Kind::kList && *range != Kind::kMap) {
      fault(FaultCode::kMacroRange, mark(node, name), {name, name_of(*range)});
    }
    const KnownKind condition = child(node, 1);
    if (node.macro != Macro::kMap && condition && *condition != Kind::kBool) {
      warn(FaultCode::kOperandNotBool, whole(child_node(node, 1)), {name, name_of(*condition)});
    }
    const bool makes_list = node.macro >= Macro::kFilter;
    return makes_list ? Kind::kList : Kind::kBool;
  }

  Ast& ast_;
  std::vector<Fault>& faults_;
  std::vector<KnownKind> kinds_;
  Workspace work_;
};

}  // namespace

void check_kinds(Ast& ast, std::vector<Fault>& faults) { Checker(ast, faults).run(); }

}  // namespace veltrix::cel
