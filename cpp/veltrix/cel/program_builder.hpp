#pragma once
// Turns expressions into operations of one program, each distinct one once. Private to this room.

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "veltrix/cel/frame.hpp"
#include "veltrix/cel/program.hpp"

namespace veltrix::cel {

class ProgramBuilder {
 public:
  ProgramBuilder();
  std::uint32_t add(const Ast& ast);
  std::unique_ptr<const Program> build() &&;

 private:
  /// What is known of an operation while the program is made.
  struct Facts {
    std::uint32_t reach = 0;  // how many of the enclosing macros' variables it can see into
    bool constant = true;     // no variable of the declarations in it
  };

  OpId translate(const Ast& ast, const Node& node, const std::vector<OpId>& done);
  OpId translate_call(const Node& node, std::vector<OpId> children);
  OpId path(PathId path);
  OpId constant(const Value& value);
  OpId constant(const Constant& constant);
  OpId text(std::string_view text);

  /// The operation with these children: the one that is there already, or a new one; a constant
  /// where its value is known now.
  OpId intern(Op op, const std::vector<OpId>& children);
  OpId fold(OpId id);
  Facts facts_of(const Op& op) const;
  std::string_view keep(std::string_view text);
  bool is(OpId id, OpKind kind) const { return program_->ops[id].kind == kind; }
  const Value& value_of(OpId constant) const {
    return program_->constants[program_->ops[constant].operand];
  }

  void share();

  std::unique_ptr<Program> program_;
  std::vector<Facts> facts_;
  std::unordered_map<std::string, OpId> known_;
  std::unordered_map<std::string, std::uint32_t> patterns_;
  std::unordered_map<OpId, std::uint32_t> text_sets_;  // by the constant list
  EventFrame folding_;
};

/// Relative cost of an expression's operations; see ExpressionSet::cost().
std::uint32_t cost_of(const Program& program, const Expression& expression);

}  // namespace veltrix::cel
