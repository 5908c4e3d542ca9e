#pragma once
// A Pratt parser: one function climbs over all binary operators by their precedence. Macros are
// written out and names resolved on the way. What it recurses into is counted, so that no text can
// use up the stack. A syntax fault ends it; a name that is not known does not.

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/ast_builder.hpp"
#include "veltrix/cel/fault_words.hpp"
#include "veltrix/cel/lexer.hpp"
#include "veltrix/cel/scope.hpp"
#include "veltrix/cel/signatures.hpp"

namespace veltrix::cel {

class Parser {
 public:
  Parser(std::span<const Token> tokens, const Declarations& names, Ast& ast)
      : tokens_(tokens), scope_(names), builder_(ast) {}

  /// True: the tree is complete, apart from names that are among the faults.
  bool run();
  std::vector<Fault>& faults() noexcept { return faults_; }

 private:
  using Parsed = std::optional<NodeId>;  // none: stopped by a syntax fault
  using Arguments = std::optional<std::vector<NodeId>>;

  // parser.cpp: operators and what they stand between
  Parsed expression();
  Parsed binary(int weakest);
  Parsed unary();
  Parsed primary();
  Parsed literal(bool negative);
  Parsed brackets();
  Parsed list();
  Parsed map();

  // parser_names.cpp: names and members
  Parsed member();
  Parsed word();
  Parsed name(std::size_t begin, bool from_root);
  Parsed select_or_call(NodeId target, std::size_t begin);
  bool message_follows() const noexcept;

  // parser_calls.cpp: calls and macros
  Parsed call(const Token& name, std::size_t begin);
  Parsed method(const Token& name, NodeId target, std::size_t begin);
  struct Callee {
    const Token& name;
    const Signature& function;
    std::size_t receivers;  // 1: arguments[0] stands before the dot; people do not count it
    std::size_t begin;
  };
  Parsed checked_call(const Callee& callee, std::span<const NodeId> arguments);
  Parsed has(const Token& name, std::size_t begin);
  Parsed macro(const Token& name, const MacroSignature& macro, NodeId range, std::size_t begin);
  bool macro_form_holds(const Token& name, const MacroSignature& macro);
  Arguments arguments(const Token& open);

  // tokens
  const Token& peek(std::size_t ahead = 0) const noexcept {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& next() noexcept { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  std::size_t end_of_last() const noexcept { return at_ == 0 ? 0 : tokens_[at_ - 1].end(); }
  bool take(std::string_view text) noexcept {
    if (!peek().is(text)) return false;
    next();
    return true;
  }
  /// Arguments of a call whose first one begins here; none where its bracket is never closed.
  std::optional<std::size_t> count_arguments() const noexcept;
  void skip_arguments() noexcept;

  // nodes and faults
  Parsed add(Node node, std::size_t begin, std::span<const NodeId> children);
  Parsed add(Node node, std::size_t begin, std::initializer_list<NodeId> children = {}) {
    return add(node, begin, std::span(children.begin(), children.size()));
  }
  Parsed placeholder(std::size_t begin);  // for a name that is not known
  void fault(FaultCode code, Extent place, std::initializer_list<std::string_view> words = {});
  std::nullopt_t unexpected(std::string_view expected, const Token* open = nullptr);

  static Extent place_of(const Token& token) noexcept { return {token.begin, token.end()}; }

  /// One level of nesting, for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser);
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool fits() const noexcept { return fits_; }

   private:
    Parser& parser_;
    bool fits_;
  };

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Scope scope_;
  AstBuilder builder_;
  std::vector<Fault> faults_;
};

}  // namespace veltrix::cel
