#pragma once
// A set of expressions, compiled: operations in one array, children before their parents, each
// distinct one once however many expressions contain it. Private to this room.
//
// Invariants once built: immutable; an operation's children have smaller numbers than itself; every
// constant, pattern and name that an operation points to lives as long as the program.

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/paths.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

using OpId = std::uint32_t;

enum class OpKind : std::uint8_t {
  kConstant,  // constants[operand]
  kPath,      // paths[operand]: a variable, or a chain of members of one
  kHasPath,   // has(paths[operand])
  kLocal,     // the variable of the macro `operand` levels further out
  kSelect,    // child 0 . constants[operand]
  kHas,       // has(child 0 . constants[operand])
  kCall,      // function(children)
  kCompare,   // child 0, function (one of == != < <= > >=), constants[operand]
  kInTexts,   // child 0 in text_sets[operand]
  kMatches,   // child 0 matches patterns[operand]
  kAnd,
  kOr,
  kConditional,
  kList,
  kMap,
  kMacro,
};

inline constexpr std::uint32_t kNoMemo = 0xFFFF'FFFF;

struct Op {
  OpKind kind = OpKind::kConstant;
  Function function = Function::kDyn;
  Macro macro = Macro::kAll;
  std::uint32_t operand = 0;
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
  std::uint32_t memo = kNoMemo;  // place in the frame of a value that is asked for again
};

/// The right side of `x in ["a", "b"]`. A handful is compared one by one, more are hashed.
class TextSet {
 public:
  explicit TextSet(std::span<const Value> texts);
  bool contains(const Value& text) const noexcept;

 private:
  std::vector<Value> few_;
  std::unordered_set<std::string_view> many_;
};

struct Expression {
  Ast ast;                // for explanations
  std::vector<OpId> ops;  // what each node of `ast` became
  OpId root = 0;
  std::uint32_t cost = 0;
};

struct Program {
  Program();
  ~Program();

  std::vector<Op> ops;
  std::vector<OpId> children;
  PathTree paths;
  std::vector<Value> constants;
  std::deque<std::string> texts;  // of constants; a deque leaves them where they are
  Workspace folded;               // lists and maps among the constants
  std::vector<std::unique_ptr<re2::RE2>> patterns;
  std::vector<TextSet> text_sets;
  std::uint32_t memo_count = 0;
  std::vector<Expression> expressions;

  std::span<const OpId> children_of(const Op& op) const noexcept {
    return {children.data() + op.first_child, op.child_count};
  }
  std::string_view name(const Op& op) const noexcept { return constants[op.operand].view(); }
};

}  // namespace veltrix::cel
