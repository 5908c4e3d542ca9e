#include "veltrix/cel/parser.hpp"

#include <array>
#include <string>

#include "veltrix/cel/literals.hpp"

namespace veltrix::cel {
namespace {

struct BinaryOperator {
  std::string_view symbol;
  int precedence;
  NodeKind kind;
  Function function;
};

using enum Function;

// All of them bind to the left: a - b - c is (a - b) - c.
constexpr std::array<BinaryOperator, 14> kBinary{{
    {"||", 1, NodeKind::kOr, kDyn},
    {"&&", 2, NodeKind::kAnd, kDyn},
    {"==", 3, NodeKind::kCall, kEqual},
    {"!=", 3, NodeKind::kCall, kNotEqual},
    {"<", 3, NodeKind::kCall, kLess},
    {"<=", 3, NodeKind::kCall, kLessEqual},
    {">", 3, NodeKind::kCall, kGreater},
    {">=", 3, NodeKind::kCall, kGreaterEqual},
    {"in", 3, NodeKind::kCall, kIn},
    {"+", 4, NodeKind::kCall, kAdd},
    {"-", 4, NodeKind::kCall, kSubtract},
    {"*", 5, NodeKind::kCall, kMultiply},
    {"/", 5, NodeKind::kCall, kDivide},
    {"%", 5, NodeKind::kCall, kModulo},
}};

const BinaryOperator* operator_at(const Token& token) noexcept {
  for (const BinaryOperator& row : kBinary) {
    if (token.is(row.symbol)) return &row;
  }
  return nullptr;
}

std::string_view whole_of_half(const Token& token) noexcept {
  if (token.is("=")) return "==";
  if (token.is("&")) return "&&";
  return token.is("|") ? "||" : "";
}

/// What people from Python, SQL or C write, by the token at which it goes wrong.
std::string_view cure_of(const Token& token) noexcept {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kCures{
      {{"and", "write &&"},
       {"or", "write ||"},
       {"is", "write =="},
       {"not", "write !(a in b)"},
       {"if", "write condition ? a : b"},
       {"else", "write condition ? a : b"},
       {";", "an expression ends without it"},
       {"{", "a map has nothing before it: {\"name\": value}"}}};
  for (const auto& [text, cure] : kCures) {
    if (token.is(text)) return cure;
  }
  return "";
}

bool is_number(const Token& token) noexcept {
  return token.kind == TokenKind::kInt || token.kind == TokenKind::kDouble;
}

}  // namespace

Parser::Level::Level(Parser& parser)
    : parser_(parser), fits_(++parser.depth_ <= kMaxExpressionDepth) {
  if (fits_) return;
  parser_.fault(FaultCode::kTooDeep, place_of(parser_.peek()),
                {std::to_string(kMaxExpressionDepth)});
}

bool Parser::run() {
  if (peek().kind == TokenKind::kEnd) {
    fault(FaultCode::kEmptyExpression, {0, 0});
    return false;
  }
  if (!expression()) return false;
  if (peek().kind == TokenKind::kEnd) return true;
  unexpected("an operator or the end");
  return false;
}

Parser::Parsed Parser::expression() {
  const std::size_t begin = peek().begin;
  const Parsed condition = binary(1);
  if (!condition || !peek().is("?")) return condition;
  const Token& question = next();
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  const Parsed yes = binary(1);
  if (!yes) return std::nullopt;
  if (peek().is("?")) {
    fault(FaultCode::kNestedConditional, place_of(peek()));
    return std::nullopt;
  }
  if (!take(":")) return unexpected("':'");
  const Parsed no = expression();
  if (!no) return std::nullopt;
  Node node{.kind = NodeKind::kConditional};
  node.at = static_cast<std::uint32_t>(question.begin);
  return add(node, begin, {*condition, *yes, *no});
}

Parser::Parsed Parser::binary(int weakest) {
  const std::size_t begin = peek().begin;
  Parsed left = unary();
  while (left) {
    const BinaryOperator* found = operator_at(peek());
    if (found == nullptr || found->precedence < weakest) return left;
    const Token& symbol = next();
    const Parsed right = binary(found->precedence + 1);
    if (!right) return std::nullopt;
    Node node{.kind = found->kind, .function = found->function};
    node.at = static_cast<std::uint32_t>(symbol.begin);
    left = add(node, begin, {*left, *right});
  }
  return left;
}

/// Signs in pairs cancel each other without being looked at, as in the language's reference
/// implementation: --x is x, whatever it is.
Parser::Parsed Parser::unary() {
  const Token& sign = peek();
  if (!sign.is("!") && !sign.is("-")) return member();
  const std::size_t first = at_;
  while (peek().is(sign.text)) next();
  const std::size_t count = at_ - first;
  const bool is_minus = sign.is("-");
  if (is_minus && count == 1 && is_number(peek())) {
    --at_;  // a negative number is a literal, to which members can be applied
    return member();
  }
  if (!is_minus && peek().is("-") && is_number(peek(1))) {
    // !-1 reads as a sign and a literal
  } else if (peek().is("!") || peek().is("-")) {
    fault(FaultCode::kMixedSigns, {sign.begin, peek().end()}, {sign.text, peek().text});
    return std::nullopt;
  }
  const Parsed operand = member();
  if (!operand || count % 2 == 0) return operand;
  Node node{.kind = NodeKind::kCall, .function = is_minus ? kNegate : kNot};
  node.at = static_cast<std::uint32_t>(sign.begin);
  return add(node, sign.begin, {*operand});
}

Parser::Parsed Parser::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::kInt:
    case TokenKind::kUint:
    case TokenKind::kDouble:
    case TokenKind::kString:
    case TokenKind::kBytes:
      return literal(false);
    case TokenKind::kWord:
      return word();
    default:
      break;
  }
  if (token.is("-") && is_number(peek(1))) return literal(true);
  if (token.is("(")) return brackets();
  if (token.is("[")) return list();
  if (token.is("{")) return map();
  if (token.is(".") && peek(1).kind == TokenKind::kWord) return word();
  return unexpected("a value");
}

Parser::Parsed Parser::literal(bool negative) {
  const std::size_t begin = peek().begin;
  if (negative) next();
  const Token& token = next();
  auto value = constant_of(token, negative);
  if (!value) {
    faults_.push_back(std::move(value.error()));
    return std::nullopt;
  }
  Node node{.kind = NodeKind::kConstant};
  node.operand = builder_.constant(std::move(*value));
  node.at = static_cast<std::uint32_t>(begin);
  return add(node, begin);
}

Parser::Parsed Parser::brackets() {
  const Token& open = next();
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  const Parsed inner = expression();
  if (inner && !take(")")) return unexpected("an operator or ')'", &open);
  return inner;
}

Parser::Parsed Parser::list() {
  const Token& open = next();
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  std::vector<NodeId> items;
  while (!peek().is("]") && !(items.empty() && peek().is(","))) {
    const Parsed item = expression();
    if (!item) return std::nullopt;
    items.push_back(*item);
    if (!peek().is(",")) break;
    if (peek(1).is("]")) break;
    next();
  }
  take(",");  // a trailing one is allowed, even in [,]
  if (!take("]")) return unexpected("',' or ']'", &open);
  Node node{.kind = NodeKind::kList};
  node.at = static_cast<std::uint32_t>(open.begin);
  return add(node, open.begin, items);
}

Parser::Parsed Parser::map() {
  const Token& open = next();
  const Level level(*this);
  if (!level.fits()) return std::nullopt;
  std::vector<NodeId> entries;
  while (!peek().is("}") && !(entries.empty() && peek().is(","))) {
    const Parsed key = expression();
    if (!key) return std::nullopt;
    if (!take(":")) return unexpected("':' and a value", &open);
    const Parsed value = expression();
    if (!value) return std::nullopt;
    entries.insert(entries.end(), {*key, *value});
    if (!peek().is(",")) break;
    if (peek(1).is("}")) break;
    next();
  }
  take(",");
  if (!take("}")) return unexpected("',' or '}'", &open);
  Node node{.kind = NodeKind::kMap};
  node.at = static_cast<std::uint32_t>(open.begin);
  return add(node, open.begin, entries);
}

Parser::Parsed Parser::add(Node node, std::size_t begin, std::span<const NodeId> children) {
  node.begin = static_cast<std::uint32_t>(begin);
  node.end = static_cast<std::uint32_t>(end_of_last());
  if (builder_.full()) {
    fault(FaultCode::kTooManyNodes, {node.at, node.at}, {std::to_string(kMaxExpressionNodes)});
    return std::nullopt;
  }
  return builder_.add(node, children);
}

Parser::Parsed Parser::placeholder(std::size_t begin) {
  return add(Node{.kind = NodeKind::kCall, .function = kDyn}, begin);
}

void Parser::fault(FaultCode code, Extent place, std::initializer_list<std::string_view> words) {
  faults_.push_back(make_fault(code, place, words));
}

std::nullopt_t Parser::unexpected(std::string_view expected, const Token* open) {
  const Token& token = peek();
  if (token.kind == TokenKind::kEnd) {
    if (open != nullptr) {
      const std::string_view closing = open->is("(") ? ")" : open->is("[") ? "]" : "}";
      fault(FaultCode::kUnclosedBracket, place_of(*open), {open->text, closing});
    } else {
      fault(FaultCode::kUnexpectedEnd, {end_of_last(), end_of_last()}, {expected});
    }
  } else if (const std::string_view whole = whole_of_half(token); !whole.empty()) {
    fault(FaultCode::kHalfOperator, place_of(token), {token.text, whole});
  } else {
    constexpr std::size_t kShown = 40;  // bytes of a long text
    std::string shown(token.text.substr(0, kShown));
    if (shown.size() < token.text.size()) shown += "...";
    fault(FaultCode::kUnexpectedToken, place_of(token), {shown, expected, cure_of(token)});
  }
  return std::nullopt;
}

}  // namespace veltrix::cel
