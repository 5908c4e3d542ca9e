#pragma once
// Comparison without a call where the kinds are what they nearly always are: two numbers, two
// texts. Private to this room; the evaluator asks here first and calls compare() or equals() where
// there is no answer.
//
// Numbers of different kinds: int and uint exactly; with a double, the integer is converted to
// double first, as Google's runtimes and the conformance cases of the language have it (above 2^53
// this rounds: 9007199254740993 equals 9007199254740992.0).

#include <compare>
#include <cstdint>
#include <cstring>

#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

inline bool is_number(Kind kind) noexcept { return kind >= Kind::kInt && kind <= Kind::kDouble; }

inline bool same_text(const Value& a, const Value& b) noexcept {
  return a.size == b.size && (a.size == 0 || std::memcmp(a.text, b.text, a.size) == 0);
}

inline double as_double(const Value& number) noexcept {
  if (number.kind == Kind::kDouble) return number.real;
  return number.kind == Kind::kInt ? static_cast<double>(number.integer)
                                   : static_cast<double>(number.uinteger);
}

/// Two numbers of any kinds; unordered with a NaN only.
inline std::partial_ordering compare_numbers(const Value& a, const Value& b) noexcept {
  if (a.kind == Kind::kDouble || b.kind == Kind::kDouble) return as_double(a) <=> as_double(b);
  if (a.kind == b.kind) {
    return a.kind == Kind::kInt ? a.integer <=> b.integer : a.uinteger <=> b.uinteger;
  }
  if (a.kind == Kind::kInt) {
    if (a.integer < 0) return std::partial_ordering::less;
    return static_cast<std::uint64_t>(a.integer) <=> b.uinteger;
  }
  if (b.integer < 0) return std::partial_ordering::greater;
  return a.uinteger <=> static_cast<std::uint64_t>(b.integer);
}

/// True: `equal` says whether they are. False: two lists or two maps, ask equals().
inline bool quick_equals(const Value& a, const Value& b, bool& equal) noexcept {
  if (a.kind != b.kind) {
    equal = is_number(a.kind) && is_number(b.kind) && compare_numbers(a, b) == 0;
    return true;
  }
  switch (a.kind) {
    case Kind::kString:
    case Kind::kBytes:
      equal = same_text(a, b);
      return true;
    case Kind::kInt:
    case Kind::kUint:
      equal = a.integer == b.integer;
      return true;
    case Kind::kDouble:
      equal = a.real == b.real;
      return true;
    case Kind::kBool:
      equal = a.boolean == b.boolean;
      return true;
    case Kind::kNull:
      equal = true;
      return true;
    case Kind::kTimestamp:
    case Kind::kDuration:
      equal = a.integer == b.integer && a.size == b.size;
      return true;
    case Kind::kType:
      equal = a.type == b.type;
      return true;
    default:
      return false;
  }
}

/// True: two numbers, `order` is theirs (unordered: a NaN). False: ask compare().
inline bool quick_compare(const Value& a, const Value& b, std::partial_ordering& order) noexcept {
  if (!is_number(a.kind) || !is_number(b.kind)) return false;
  order = compare_numbers(a, b);
  return true;
}

}  // namespace veltrix::cel
