// What is done once all expressions of a program are there: places for the values that are asked
// for more than once, and what each expression costs.

#include <algorithm>
#include <unordered_set>

#include <re2/re2.h>

#include "veltrix/cel/program_builder.hpp"

namespace veltrix::cel {
namespace {

// Relative, from tests/bench/cel_eval.cpp: a nanosecond each, roughly, and a payload's scan.
constexpr std::uint32_t kPayloadCost = 1'000;
constexpr std::uint32_t kPatternCost = 100;
constexpr std::uint32_t kMacroCost = 200;
constexpr std::uint32_t kCallCost = 10;
constexpr std::uint32_t kAttributeCost = 5;

/// Read from the frame as quickly as a memo, or quicker.
bool is_at_hand(OpKind kind) noexcept {
  return kind == OpKind::kConstant || kind == OpKind::kPath || kind == OpKind::kLocal;
}

std::uint32_t cost_of(const Op& op) noexcept {
  switch (op.kind) {
    case OpKind::kConstant:
    case OpKind::kLocal:
      return 0;
    case OpKind::kPath:
    case OpKind::kHasPath:
      return kAttributeCost;
    case OpKind::kMatches:
      return kPatternCost;
    case OpKind::kMacro:
      return kMacroCost;
    case OpKind::kCall:
      return op.function == Function::kMatches ? kPatternCost : kCallCost;
    default:
      break;
  }
  return 1;
}

/// The whole event takes the payload in too.
bool needs_payload(const Program& program, const Op& op) noexcept {
  if (op.kind != OpKind::kPath && op.kind != OpKind::kHasPath) return false;
  const PathNode& node = program.paths[op.operand];
  return node.in_data || op.operand == program.paths.data() ||
         op.operand == program.paths.first_variable();
}

void mark(const Program& program, OpId id, std::unordered_set<OpId>& reached) {
  if (!reached.insert(id).second) return;
  for (const OpId child : program.children_of(program.ops[id])) mark(program, child, reached);
}

}  // namespace

std::uint32_t cost_of(const Program& program, const Expression& expression) {
  std::unordered_set<OpId> reached;
  mark(program, expression.root, reached);
  std::uint32_t sum = 0;
  bool payload = false;
  for (const OpId id : reached) {
    sum += cost_of(program.ops[id]);
    payload = payload || needs_payload(program, program.ops[id]);
  }
  return sum + (payload ? kPayloadCost : 0);
}

void ProgramBuilder::share() {
  std::vector<Op>& ops = program_->ops;
  // How often a value is asked for: once per operation that has it as a child and per expression.
  std::vector<std::uint32_t> uses(ops.size());
  std::vector<bool> repeated(ops.size());  // inside a macro: once per item
  for (const Expression& expression : program_->expressions) ++uses[expression.root];
  for (std::size_t id = ops.size(); id-- > 0;) {
    if (uses[id] == 0) continue;  // left over from folding
    const auto children = program_->children_of(ops[id]);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool inside = ops[id].kind == OpKind::kMacro && i > 0;
      ++uses[children[i]];
      repeated[children[i]] = repeated[children[i]] || repeated[id] || inside;
    }
    const bool again = uses[id] > 1 || repeated[id];
    if (again && facts_[id].reach == 0 && !is_at_hand(ops[id].kind)) {
      ops[id].memo = program_->memo_count++;
    }
  }
}

}  // namespace veltrix::cel
