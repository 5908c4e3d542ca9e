#include "veltrix/cel/evaluator.hpp"

#include "veltrix/cel/fast_compare.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/patterns.hpp"

namespace veltrix::cel {
namespace {

Value holds(Function function, std::partial_ordering order) noexcept {
  switch (function) {
    case Function::kLess:
      return Value::of(order < 0);
    case Function::kLessEqual:
      return Value::of(order <= 0);
    case Function::kGreater:
      return Value::of(order > 0);
    default:
      return Value::of(order >= 0);
  }
}

bool is_equality(Function function) noexcept {
  return function == Function::kEqual || function == Function::kNotEqual;
}

Value no_overload(OpId id) noexcept { return Value::error(Reason::kNoOverload, id); }

}  // namespace

Value combine(const Value& left, const Value& right, bool decisive, OpId id) noexcept {
  const auto decides = [decisive](const Value& side) {
    return side.kind == Kind::kBool && side.boolean == decisive;
  };
  if (decides(left) || decides(right)) return Value::of(decisive);
  if (left.is_error()) return left;
  if (right.is_error()) return right;
  if (left.kind != Kind::kBool || right.kind != Kind::kBool) return no_overload(id);
  return Value::of(!decisive);
}

Value Evaluator::either(const Op& op, OpId id, bool decisive) noexcept {
  const Value left = child(op, 0);
  if (left.kind == Kind::kBool) {
    if (left.boolean == decisive) return left;
    const Value right = child(op, 1);
    // The left side says nothing: the right one is the answer.
    return right.kind == Kind::kBool || right.is_error() ? right : no_overload(id);
  }
  return combine(left, child(op, 1), decisive, id);
}

Value Evaluator::conditional(const Op& op, OpId id) noexcept {
  const Value condition = child(op, 0);
  if (condition.is_error()) return condition;
  if (condition.kind != Kind::kBool) return no_overload(id);
  return child(op, condition.boolean ? 1 : 2);
}

Value Evaluator::compare(const Op& op, OpId id) noexcept {
  const Value left = child(op, 0);
  const Value& right = program_.constants[op.operand];
  if (left.is_error()) return left;
  if (is_equality(op.function)) {
    bool equal = false;
    if (quick_equals(left, right, equal)) {
      return Value::of(equal == (op.function == Function::kEqual));
    }
  } else {
    std::partial_ordering order = std::partial_ordering::unordered;
    if (quick_compare(left, right, order)) return holds(op.function, order);
  }
  const Value arguments[] = {left, right};
  return placed(call(op.function, arguments, frame_.work()), id);
}

Value Evaluator::in_texts(const Op& op, OpId) noexcept {
  const Value item = child(op, 0);
  if (item.is_error()) return item;
  // Whatever is no text equals none: that is no error.
  return Value::of(item.kind == Kind::kString && program_.text_sets[op.operand].contains(item));
}

Value Evaluator::search_text(const Op& op, OpId id) noexcept {
  const Value text = child(op, 0);
  if (text.is_error()) return text;
  if (text.kind != Kind::kString) return no_overload(id);
  return placed(search(*program_.patterns[op.operand], text.view(), frame_.work()), id);
}

Value Evaluator::has_member(const Op& op, OpId id) noexcept {
  const Value map = child(op, 0);
  if (map.is_error()) return map;
  const Value member = select(map, program_.name(op));
  if (!member.is_error()) return Value::of(true);
  return member.reason == Reason::kMissing ? Value::of(false) : placed(member, id);
}

Value Evaluator::call_function(const Op& op, OpId id) noexcept {
  constexpr std::size_t kMaxArguments = 3;
  Value arguments[kMaxArguments];
  if (op.child_count > kMaxArguments) return no_overload(id);
  for (std::uint32_t i = 0; i < op.child_count; ++i) {
    arguments[i] = child(op, i);
    if (arguments[i].is_error()) return arguments[i];
  }
  return placed(call(op.function, {arguments, op.child_count}, frame_.work()), id);
}

Value Evaluator::list(const Op& op, OpId id) noexcept {
  auto* const items = frame_.work().arena.array<Value>(op.child_count);
  if (items == nullptr) return Value::error(Reason::kTooMuchMemory, id);
  for (std::uint32_t i = 0; i < op.child_count; ++i) {
    items[i] = child(op, i);
    if (items[i].is_error()) return items[i];
  }
  return Value::list({items, op.child_count});
}

Value Evaluator::map(const Op& op, OpId id) noexcept {
  const std::size_t count = op.child_count / 2;
  auto* const entries = frame_.work().arena.array<MapEntry>(count);
  if (entries == nullptr) return Value::error(Reason::kTooMuchMemory, id);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value key = child(op, 2 * i);
    if (key.is_error()) return key;
    if (key.kind != Kind::kBool && key.kind != Kind::kInt && key.kind != Kind::kUint &&
        key.kind != Kind::kString) {
      return no_overload(id);
    }
    if (find(Value::map({entries, i}), key) != nullptr) {
      return Value::error(Reason::kDuplicateKey, id);
    }
    entries[i] = {key, child(op, 2 * i + 1)};
    if (entries[i].value.is_error()) return entries[i].value;
  }
  return Value::map({entries, count});
}

Value Evaluator::compute(const Op& op, OpId id) noexcept {
  if (frame_.in_macro() && !frame_.work().spend()) return Value::error(Reason::kTooMuchWork, id);
  switch (op.kind) {
    case OpKind::kConstant:
      return program_.constants[op.operand];
    case OpKind::kPath:
      return frame_.path(op.operand);
    case OpKind::kHasPath:
      return frame_.has(op.operand);
    case OpKind::kLocal:
      return frame_.local(op.operand);
    case OpKind::kSelect: {
      const Value map = child(op, 0);
      return map.is_error() ? map : placed(select(map, program_.name(op)), id);
    }
    case OpKind::kHas:
      return has_member(op, id);
    case OpKind::kCall:
      return call_function(op, id);
    case OpKind::kCompare:
      return compare(op, id);
    case OpKind::kInTexts:
      return in_texts(op, id);
    case OpKind::kMatches:
      return search_text(op, id);
    case OpKind::kAnd:
      return either(op, id, false);
    case OpKind::kOr:
      return either(op, id, true);
    case OpKind::kConditional:
      return conditional(op, id);
    case OpKind::kList:
      return list(op, id);
    case OpKind::kMap:
      return map(op, id);
    case OpKind::kMacro:
      return macro(op, id);
  }
  return no_overload(id);
}

}  // namespace veltrix::cel
