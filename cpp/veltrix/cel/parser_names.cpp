// Names and members: what a word stands for, a.b, a[b].

#include <string>

#include "veltrix/cel/parser.hpp"

namespace veltrix::cel {

Parser::Parsed Parser::member() {
  const std::size_t begin = peek().begin;
  Parsed target = primary();
  while (target) {
    if (peek().is(".")) {
      target = select_or_call(*target, begin);
    } else if (peek().is("[")) {
      const Token& open = next();
      const Level level(*this);
      if (!level.fits()) return std::nullopt;
      const Parsed index = expression();
      if (!index) return std::nullopt;
      if (!take("]")) return unexpected("an operator or ']'", &open);
      Node node{.kind = NodeKind::kCall, .function = Function::kIndex};
      node.at = static_cast<std::uint32_t>(open.begin);
      target = add(node, begin, {*target, *index});
    } else {
      return target;
    }
  }
  return target;
}

Parser::Parsed Parser::select_or_call(NodeId target, std::size_t begin) {
  next();
  if (peek().kind != TokenKind::kWord) return unexpected("the name of a member");
  const Token& name = next();
  if (peek().is("(")) return method(name, target, begin);
  if (is_keyword(name.text)) {
    fault(FaultCode::kReservedWord, place_of(name),
          {name.text, "write [\"" + std::string(name.text) + "\"] for this member"});
    return std::nullopt;
  }
  Node node{.kind = NodeKind::kSelect};
  node.operand = builder_.name(name.text);
  node.at = static_cast<std::uint32_t>(name.begin);
  return add(node, begin, {target});
}

/// A word, a word and more words with dots between, and then a brace.
bool Parser::message_follows() const noexcept {
  std::size_t ahead = 0;
  while (peek(ahead).kind == TokenKind::kWord && peek(ahead + 1).is(".")) ahead += 2;
  return peek(ahead).kind == TokenKind::kWord && peek(ahead + 1).is("{");
}

Parser::Parsed Parser::word() {
  const std::size_t begin = peek().begin;
  const bool from_root = take(".");
  const std::string_view text = peek().text;
  if (!from_root && (text == "true" || text == "false" || text == "null")) {
    Node node{.kind = NodeKind::kConstant};
    node.operand =
        builder_.constant(text == "null" ? Constant() : Constant(text == "true"));
    node.at = static_cast<std::uint32_t>(next().begin);
    return add(node, begin);
  }
  if (is_keyword(text)) return unexpected("a value");
  if (message_follows()) {
    std::string type(text);
    for (next(); take("."); next()) type += "." + std::string(peek().text);
    fault(FaultCode::kMessageConstruction, {begin, end_of_last()}, {type});
    return std::nullopt;
  }
  if (peek(1).is("(")) return call(next(), begin);
  return name(begin, from_root);
}

Parser::Parsed Parser::name(std::size_t begin, bool from_root) {
  const Token& first = next();
  Node node{.kind = NodeKind::kLocal, .at = static_cast<std::uint32_t>(first.begin)};
  if (is_reserved(first.text)) {
    fault(FaultCode::kReservedWord, place_of(first),
          {first.text, "a variable cannot have this name"});
    return std::nullopt;
  }
  if (const auto local = scope_.local(first.text); local && !from_root) {
    node.operand = *local;
    return add(node, begin);
  }
  // The longest declared name wins: a.b before the member b of a.
  std::vector<std::string> dotted{std::string(first.text)};
  while (peek(2 * dotted.size() - 2).is(".") &&
         peek(2 * dotted.size() - 1).kind == TokenKind::kWord) {
    dotted.push_back(dotted.back() + "." + std::string(peek(2 * dotted.size() - 1).text));
  }
  for (std::size_t words = dotted.size(); words > 0; --words) {
    const auto variable = scope_.variable(dotted[words - 1]);
    const auto type = Scope::type(dotted[words - 1]);
    if (!variable && !type) continue;
    node.kind = variable ? NodeKind::kVariable : NodeKind::kTypeName;
    node.operand = variable ? *variable : static_cast<std::uint32_t>(*type);
    at_ += 2 * (words - 1);
    return add(node, begin);
  }
  if (const auto event = scope_.event_of_data(first.text)) {
    node.kind = NodeKind::kVariable;
    node.operand = *event;
    const Parsed root = add(node, begin);
    node.kind = NodeKind::kSelect;
    node.operand = builder_.name("data");
    return root ? add(node, begin, {*root}) : root;
  }
  fault(FaultCode::kUnknownVariable, place_of(first), {first.text, scope_.cure(first.text)});
  return placeholder(begin);
}

}  // namespace veltrix::cel
