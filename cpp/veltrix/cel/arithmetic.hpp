#pragma once
// + - * / % and the sign, over values of the kinds that have them. Private to this room.

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

// Both operands of one kind (times and durations mix as far as that makes sense), else kNoOverload:
// nothing is converted on the way. Integers: kOverflow instead of wrapping. Doubles: IEEE 754.
Value add(const Value& a, const Value& b, Workspace& work) noexcept;  // texts, lists and times too
Value subtract(const Value& a, const Value& b) noexcept;
Value multiply(const Value& a, const Value& b) noexcept;
Value divide(const Value& a, const Value& b) noexcept;  // towards zero
Value modulo(const Value& a, const Value& b) noexcept;  // the sign of `a`; not for doubles
Value negate(const Value& a) noexcept;                  // int and double

}  // namespace veltrix::cel
