#pragma once
// Everything that an expression can call, operators included. Overloads are told apart by the kinds
// of the values, when they are there.

#include <cstdint>
#include <string_view>

namespace veltrix::cel {

enum class Function : std::uint8_t {
  // operators
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kNegate,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kIndex,
  // functions of the global namespace
  kSize,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kDyn,
  kType,
  // text; receiver style (`matches` and `size` in both)
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,
  // parts of a timestamp (with an optional time zone) or, the last four, of a duration
  kGetFullYear,
  kGetMonth,
  kGetDate,
  kGetDayOfMonth,
  kGetDayOfWeek,
  kGetDayOfYear,
  kGetHours,
  kGetMinutes,
  kGetSeconds,
  kGetMilliseconds,
};

enum class Macro : std::uint8_t { kAll, kExists, kExistsOne, kFilter, kMap, kMapFiltered };

/// "_+_" for operators as the language definition writes them, else the function's name.
std::string_view name_of(Function function) noexcept;

}  // namespace veltrix::cel
