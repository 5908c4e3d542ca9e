// Which kinds of values functions and operators take, as far as they are known.

#include <algorithm>
#include <array>
#include <initializer_list>

#include "veltrix/cel/checker.hpp"

namespace veltrix::cel {
namespace {

bool is_one_of(KnownKind kind, std::initializer_list<Kind> kinds) {
  return !kind || std::find(kinds.begin(), kinds.end(), *kind) != kinds.end();
}

struct BinaryRow {
  Function function;
  Kind left;
  Kind right;
  Kind result;
};

using enum Function;

constexpr std::array kArithmetic{
    BinaryRow{kAdd, Kind::kInt, Kind::kInt, Kind::kInt},
    BinaryRow{kAdd, Kind::kUint, Kind::kUint, Kind::kUint},
    BinaryRow{kAdd, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    BinaryRow{kAdd, Kind::kString, Kind::kString, Kind::kString},
    BinaryRow{kAdd, Kind::kBytes, Kind::kBytes, Kind::kBytes},
    BinaryRow{kAdd, Kind::kList, Kind::kList, Kind::kList},
    BinaryRow{kAdd, Kind::kTimestamp, Kind::kDuration, Kind::kTimestamp},
    BinaryRow{kAdd, Kind::kDuration, Kind::kTimestamp, Kind::kTimestamp},
    BinaryRow{kAdd, Kind::kDuration, Kind::kDuration, Kind::kDuration},
    BinaryRow{kSubtract, Kind::kInt, Kind::kInt, Kind::kInt},
    BinaryRow{kSubtract, Kind::kUint, Kind::kUint, Kind::kUint},
    BinaryRow{kSubtract, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    BinaryRow{kSubtract, Kind::kTimestamp, Kind::kTimestamp, Kind::kDuration},
    BinaryRow{kSubtract, Kind::kTimestamp, Kind::kDuration, Kind::kTimestamp},
    BinaryRow{kSubtract, Kind::kDuration, Kind::kDuration, Kind::kDuration},
    BinaryRow{kMultiply, Kind::kInt, Kind::kInt, Kind::kInt},
    BinaryRow{kMultiply, Kind::kUint, Kind::kUint, Kind::kUint},
    BinaryRow{kMultiply, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    BinaryRow{kDivide, Kind::kInt, Kind::kInt, Kind::kInt},
    BinaryRow{kDivide, Kind::kUint, Kind::kUint, Kind::kUint},
    BinaryRow{kDivide, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    BinaryRow{kModulo, Kind::kInt, Kind::kInt, Kind::kInt},
    BinaryRow{kModulo, Kind::kUint, Kind::kUint, Kind::kUint},
};

/// Rows that fit; their result, where it is the same in all of them.
Overload arithmetic(Function function, KnownKind left, KnownKind right) {
  std::size_t fitting = 0;
  std::size_t same = 0;
  Kind result = Kind::kNull;
  for (const BinaryRow& row : kArithmetic) {
    const bool fits = row.function == function && is_one_of(left, {row.left}) &&
                      is_one_of(right, {row.right});
    if (!fits) continue;
    if (fitting++ == 0) result = row.result;
    if (row.result == result) ++same;
  }
  if (fitting == 0 || same != fitting) return {fitting > 0, std::nullopt};
  return {true, result};
}

Overload when(bool takes, KnownKind result) { return {takes, result}; }

/// int(…), string(…) and their like.
Overload conversion(Function function, KnownKind from) {
  const bool number = is_one_of(from, {Kind::kInt, Kind::kUint, Kind::kDouble});
  const bool text = is_one_of(from, {Kind::kString});
  const bool time = is_one_of(from, {Kind::kTimestamp});
  switch (function) {
    case Function::kBool:
      return when(text || is_one_of(from, {Kind::kBool}), Kind::kBool);
    case Function::kInt:
      return when(number || text || time, Kind::kInt);
    case Function::kUint:
      return when(number || text, Kind::kUint);
    case Function::kDouble:
      return when(number || text, Kind::kDouble);
    case Function::kString:
      return when(!is_one_of(from, {Kind::kNull, Kind::kList, Kind::kMap, Kind::kType}) || !from,
                  Kind::kString);
    case Function::kBytes:
      return when(text || is_one_of(from, {Kind::kBytes}), Kind::kBytes);
    case Function::kTimestamp:
      return when(text || time || is_one_of(from, {Kind::kInt}), Kind::kTimestamp);
    case Function::kDuration:
      return when(text || is_one_of(from, {Kind::kDuration}), Kind::kDuration);
    case Function::kType:
      return when(true, Kind::kType);
    default:  // dyn hides what is known of its argument
      return when(true, std::nullopt);
  }
}

/// getHours() and below are parts of a duration too, which has no time zone.
Overload part_of_time(Function function, const std::vector<KnownKind>& arguments) {
  const bool of_duration = function >= Function::kGetHours;
  const bool zoned = arguments.size() == 2;
  const bool time = is_one_of(arguments[0], {Kind::kTimestamp});
  const bool duration = of_duration && !zoned && is_one_of(arguments[0], {Kind::kDuration});
  const bool zone = !zoned || is_one_of(arguments[1], {Kind::kString});
  return when((time || duration) && zone, Kind::kInt);
}

}  // namespace

Overload overload_of(Function function, const std::vector<KnownKind>& arguments) {
  const KnownKind first = arguments[0];
  switch (function) {
    case kAdd:
    case kSubtract:
    case kMultiply:
    case kDivide:
    case kModulo:
      return arithmetic(function, first, arguments[1]);
    case kNegate:
      return when(is_one_of(first, {Kind::kInt, Kind::kDouble}), first);
    case kNot:
      return when(is_one_of(first, {Kind::kBool}), Kind::kBool);
    case kEqual:
    case kNotEqual:
    case kLess:
    case kLessEqual:
    case kGreater:
    case kGreaterEqual:
      // Different kinds are different, and an order that does not exist is an error of the event.
      return when(true, Kind::kBool);
    case kIn:
      return when(is_one_of(arguments[1], {Kind::kList, Kind::kMap}), Kind::kBool);
    case kIndex:
      return when(is_one_of(first, {Kind::kList, Kind::kMap}), std::nullopt);
    case kSize:
      return when(is_one_of(first, {Kind::kString, Kind::kBytes, Kind::kList, Kind::kMap}),
                  Kind::kInt);
    case kStartsWith:
    case kEndsWith:
    case kContains:
    case kMatches:
      return when(is_one_of(first, {Kind::kString}) && is_one_of(arguments[1], {Kind::kString}),
                  Kind::kBool);
    default:
      break;
  }
  if (function >= kGetFullYear) return part_of_time(function, arguments);
  return conversion(function, first);
}

}  // namespace veltrix::cel
