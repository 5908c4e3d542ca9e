// call(): from a function's name to what does it. What the functions do stands in arithmetic,
// equality, containers, conversions, texts and time_parts.

#include "veltrix/cel/operations.hpp"

#include "veltrix/cel/arithmetic.hpp"
#include "veltrix/cel/containers.hpp"
#include "veltrix/cel/conversions.hpp"
#include "veltrix/cel/fast_compare.hpp"
#include "veltrix/cel/texts.hpp"
#include "veltrix/cel/time_parts.hpp"

namespace veltrix::cel {
namespace {

Value no_overload() noexcept { return Value::error(Reason::kNoOverload); }

bool is_accessor(Function function) noexcept {
  return function >= Function::kGetFullYear && function <= Function::kGetMilliseconds;
}

bool holds(Function function, std::partial_ordering order) noexcept {
  switch (function) {
    case Function::kLess:
      return order < 0;
    case Function::kLessEqual:
      return order <= 0;
    case Function::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Value order(Function function, const Value& a, const Value& b, Workspace& work) noexcept {
  bool nan = false;
  const bool texts = a.kind == Kind::kString || a.kind == Kind::kBytes;
  if (texts && a.kind == b.kind && !work.spend_bytes(a.size < b.size ? a.size : b.size)) {
    return Value::error(Reason::kTooMuchWork);
  }
  const std::partial_ordering result = compare(a, b, nan);
  if (result == std::partial_ordering::unordered && !nan) return no_overload();
  return Value::of(holds(function, result));
}

Value negated(const Value& verdict) noexcept {
  if (verdict.is_error()) return verdict;
  return verdict.kind == Kind::kBool ? Value::of(!verdict.boolean) : no_overload();
}

Value call_unary(Function function, const Value& a, Workspace& work) noexcept {
  switch (function) {
    case Function::kNegate:
      return negate(a);
    case Function::kNot:
      return negated(a);
    case Function::kSize:
      return size_of(a, work);
    case Function::kBool:
      return to_bool(a);
    case Function::kInt:
      return to_int(a);
    case Function::kUint:
      return to_uint(a);
    case Function::kDouble:
      return to_double(a);
    case Function::kString:
      return to_string(a, work);
    case Function::kBytes:
      return to_bytes(a);
    case Function::kTimestamp:
      return to_timestamp(a);
    case Function::kDuration:
      return to_duration(a);
    case Function::kDyn:
      return a;
    case Function::kType:
      return Value::type_of(a.kind);
    default:
      return is_accessor(function) ? part_of(function, a) : no_overload();
  }
}

Value call_binary(Function function, const Value& a, const Value& b, Workspace& work) noexcept {
  switch (function) {
    case Function::kAdd:
      return add(a, b, work);
    case Function::kSubtract:
      return subtract(a, b);
    case Function::kMultiply:
      return multiply(a, b);
    case Function::kDivide:
      return divide(a, b);
    case Function::kModulo:
      return modulo(a, b);
    case Function::kEqual:
      return equals(a, b, work);
    case Function::kNotEqual:
      return negated(equals(a, b, work));
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
      return order(function, a, b, work);
    case Function::kIn:
      return is_in(a, b, work);
    case Function::kIndex:
      return index(a, b, work);
    case Function::kStartsWith:
      return starts_with(a, b);
    case Function::kEndsWith:
      return ends_with(a, b);
    case Function::kContains:
      return contains(a, b, work);
    case Function::kMatches:
      return matches(a, b, work);
    default:
      return is_accessor(function) ? part_in_zone(function, a, b) : no_overload();
  }
}

}  // namespace

Value call(Function function, std::span<const Value> arguments, Workspace& work) noexcept {
  for (const Value& argument : arguments) {
    if (argument.is_error()) return argument;
  }
  if (arguments.size() == 1) return call_unary(function, arguments[0], work);
  if (arguments.size() == 2) return call_binary(function, arguments[0], arguments[1], work);
  return no_overload();
}

}  // namespace veltrix::cel
