#pragma once
// Runs operations of a program over the event in a frame: a walk over the tree, as deep as the
// limit of expressions allows. Made for one evaluation, costs nothing to make. Private to this
// room.
//
// Steps of the budget are spent where work can multiply: on what stands inside a macro, and per
// item of whatever goes through lists and texts. What stands outside of macros runs at most once
// per event, so the size of the program bounds it; if it cost steps, a thousand routes would use
// them all up.

#include "veltrix/cel/frame.hpp"
#include "veltrix/cel/program.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

class Evaluator {
 public:
  Evaluator(const Program& program, EventFrame& frame) noexcept
      : program_(program), frame_(frame) {}

  Value run(OpId id) noexcept {
    const Op& op = program_.ops[id];
    if (op.kind == OpKind::kPath) return frame_.path(op.operand);
    if (op.memo == kNoMemo) return compute(op, id);
    Memo& memo = frame_.memo(op.memo);
    if (memo.known == frame_.generation()) return memo.value;
    const Value value = compute(op, id);
    memo = {frame_.generation(), value};
    return value;
  }

 private:
  Value compute(const Op& op, OpId id) noexcept;
  Value child(const Op& op, std::uint32_t index) noexcept {
    return run(program_.children[op.first_child + index]);
  }

  Value compare(const Op& op, OpId id) noexcept;
  Value in_texts(const Op& op, OpId id) noexcept;
  Value has_member(const Op& op, OpId id) noexcept;
  Value either(const Op& op, OpId id, bool decisive) noexcept;
  Value conditional(const Op& op, OpId id) noexcept;
  Value call_function(const Op& op, OpId id) noexcept;
  Value list(const Op& op, OpId id) noexcept;
  Value map(const Op& op, OpId id) noexcept;
  Value search_text(const Op& op, OpId id) noexcept;

  // macros.cpp
  Value macro(const Op& op, OpId id) noexcept;
  template <class Body>
  Value for_each(const Value& range, OpId id, Body body) noexcept;
  Value quantify(const Op& op, OpId id, const Value& range, bool decisive) noexcept;
  Value count_one(const Op& op, OpId id, const Value& range) noexcept;
  Value collect(const Op& op, OpId id, const Value& range) noexcept;

  /// An error that arises here gets its place; one that came from a child has it already.
  static Value placed(Value value, OpId id) noexcept {
    if (value.is_error()) value.size = id;
    return value;
  }

  const Program& program_;
  EventFrame& frame_;
};

/// && (decisive: false) and || (decisive: true) as the language has them: one side that decides is
/// enough, whatever the other one is; else the first error. A value that is no bool becomes one, at
/// `id`.
Value combine(const Value& left, const Value& right, bool decisive, OpId id) noexcept;

}  // namespace veltrix::cel
