// Calls and macros. A macro's variable exists inside its bodies only.

#include <string>

#include "veltrix/cel/parser.hpp"
#include "veltrix/cel/spelling.hpp"

namespace veltrix::cel {
namespace {

std::string counted(std::size_t fewest, std::size_t most) {
  std::string out = std::to_string(fewest);
  if (most != fewest) out += " or " + std::to_string(most);
  return out + (most == 1 ? " argument" : " arguments");
}

/// Every name that can stand before a bracket.
std::vector<std::string_view> callable() {
  std::vector<std::string_view> names{"has"};
  for (const Signature& row : all_signatures()) names.push_back(row.name);
  for (const MacroSignature& row : all_macros()) names.push_back(row.name);
  return names;
}

}  // namespace

Parser::Parsed Parser::call(const Token& name, std::size_t begin) {
  if (name.text == "has") return has(name, begin);
  if (is_reserved(name.text)) {
    fault(FaultCode::kReservedWord, place_of(name), {name.text, "a function cannot have this name"});
    return std::nullopt;
  }
  const Signature* function = signature_of(name.text);
  const MacroSignature* macro = macro_of(name.text);
  if (macro != nullptr) {
    fault(FaultCode::kCallStyle, place_of(name), {name.text, macro->example});
    skip_arguments();
    return placeholder(begin);
  }
  if (function == nullptr) {
    fault(FaultCode::kUnknownFunction, place_of(name),
          {name.text, did_you_mean(name.text, callable())});
  } else if (function->style == Style::kReceiver) {
    fault(FaultCode::kCallStyle, place_of(name), {name.text, function->example});
    function = nullptr;
  }
  const Token& open = next();
  const Arguments values = arguments(open);
  if (!values) return std::nullopt;
  if (function == nullptr) return placeholder(begin);
  return checked_call({name, *function, 0, begin}, *values);
}

Parser::Parsed Parser::method(const Token& name, NodeId target, std::size_t begin) {
  if (const MacroSignature* found = macro_of(name.text)) return macro(name, *found, target, begin);
  const Signature* function = signature_of(name.text);
  if (function == nullptr && name.text != "has") {
    fault(FaultCode::kUnknownMethod, place_of(name),
          {name.text, did_you_mean(name.text, callable())});
  } else if (function == nullptr || function->style == Style::kGlobal) {
    const std::string_view example = function == nullptr ? "has(event.name)" : function->example;
    fault(FaultCode::kCallStyle, place_of(name), {name.text, example});
    function = nullptr;
  }
  const Token& open = next();
  Arguments values = arguments(open);
  if (!values) return std::nullopt;
  if (function == nullptr) return placeholder(begin);
  values->insert(values->begin(), target);
  return checked_call({name, *function, 1, begin}, *values);
}

Parser::Parsed Parser::checked_call(const Callee& callee, std::span<const NodeId> arguments) {
  const auto& [name, function, receiver, begin] = callee;
  if (arguments.size() < function.fewest || arguments.size() > function.most) {
    fault(FaultCode::kArgumentCount, place_of(name),
          {name.text, counted(function.fewest - receiver, function.most - receiver),
           std::to_string(arguments.size() - receiver), function.example});
    return placeholder(begin);
  }
  Node node{.kind = NodeKind::kCall, .function = function.function};
  node.at = static_cast<std::uint32_t>(name.begin);
  return add(node, begin, arguments);
}

Parser::Arguments Parser::arguments(const Token& open) {
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  std::vector<NodeId> values;
  if (take(")")) return values;
  do {
    const Parsed value = expression();
    if (!value) return std::nullopt;
    values.push_back(*value);
  } while (take(","));
  if (!take(")")) {
    unexpected("',' or ')'", &open);
    return std::nullopt;
  }
  return values;
}

Parser::Parsed Parser::has(const Token& name, std::size_t begin) {
  const Token& open = next();
  const std::size_t first = peek().begin;
  const Arguments values = arguments(open);
  if (!values) return std::nullopt;
  if (values->size() != 1) {
    fault(FaultCode::kArgumentCount, place_of(name),
          {"has", counted(1, 1), std::to_string(values->size()), "has(event.name)"});
    return placeholder(begin);
  }
  Node& node = builder_.node(values->front());
  if (node.kind != NodeKind::kSelect) {
    fault(FaultCode::kHasArgument, {first, std::max<std::size_t>(node.end, first + 1)});
    return placeholder(begin);
  }
  node.kind = NodeKind::kHas;
  node.begin = static_cast<std::uint32_t>(begin);
  node.end = static_cast<std::uint32_t>(end_of_last());
  return values->front();
}

Parser::Parsed Parser::macro(const Token& name, const MacroSignature& macro, NodeId range,
                             std::size_t begin) {
  const Token& open = next();
  if (!count_arguments()) {
    fault(FaultCode::kUnclosedBracket, place_of(open), {"(", ")"});
    return std::nullopt;
  }
  if (!macro_form_holds(name, macro)) {
    --at_;
    skip_arguments();
    return placeholder(begin);
  }
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  const Token& variable = next();
  std::vector<NodeId> children{range};
  scope_.enter(variable.text);
  while (take(",")) {
    const Parsed body = expression();
    if (!body) return std::nullopt;
    children.push_back(*body);
  }
  scope_.leave();
  if (!take(")")) return unexpected("an operator or ')'", &open);
  Node node{.kind = NodeKind::kMacro, .macro = macro.macro};
  if (children.size() == 3) node.macro = Macro::kMapFiltered;
  node.operand = builder_.name(variable.text);
  node.at = static_cast<std::uint32_t>(name.begin);
  return add(node, begin, children);
}

/// As many arguments as the macro takes, the first of them a plain name.
bool Parser::macro_form_holds(const Token& name, const MacroSignature& macro) {
  const std::size_t count = *count_arguments();
  if (count < macro.fewest || count > macro.most) {
    fault(FaultCode::kArgumentCount, place_of(name),
          {name.text, counted(macro.fewest, macro.most), std::to_string(count), macro.example});
    return false;
  }
  const Token& variable = peek();
  const bool plain = variable.kind == TokenKind::kWord && peek(1).is(",");
  if (plain && !is_reserved(variable.text) && !is_keyword(variable.text)) return true;
  if (plain) {
    fault(FaultCode::kReservedWord, place_of(variable),
          {variable.text, "a variable cannot have this name"});
  } else {
    fault(FaultCode::kMacroVariable, place_of(variable), {name.text, macro.example});
  }
  return false;
}

std::optional<std::size_t> Parser::count_arguments() const noexcept {
  if (peek().is(")")) return 0;
  std::size_t count = 1;
  std::size_t open = 0;
  for (std::size_t i = at_; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.is("(") || token.is("[") || token.is("{")) ++open;
    if (token.is(")") || token.is("]") || token.is("}")) {
      if (open == 0) return count;
      --open;
    }
    if (token.is(",") && open == 0) ++count;
  }
  return std::nullopt;
}

/// From an opening bracket to behind its closing one. What stands between is not looked at: it may
/// name the variable of a macro that could not be made.
void Parser::skip_arguments() noexcept {
  std::size_t open = 0;
  do {
    const Token& token = next();
    if (token.is("(") || token.is("[") || token.is("{")) ++open;
    if (token.is(")") || token.is("]") || token.is("}")) --open;
  } while (open > 0 && peek().kind != TokenKind::kEnd);
}

}  // namespace veltrix::cel
