#pragma once
// Every fault that an expression can have, in one table: its code, its words and its cure. Nobody
// makes a Fault in another way, so that one test can walk all of them with their columns.

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "veltrix/cel/fault.hpp"

namespace veltrix::cel {

enum class FaultCode : std::uint8_t {
  // the text as a whole
  kEmptyExpression,
  kTooLong,
  kNotUtf8,
  kTooManyNodes,
  kTooDeep,
  // tokens
  kUnexpectedCharacter,
  kHalfOperator,
  kUnclosedText,
  kBadEscape,
  kBadCodePoint,
  kEscapeInBytes,
  kBadNumber,
  kNumberRange,
  // grammar
  kReservedWord,
  kUnexpectedToken,
  kUnexpectedEnd,
  kUnclosedBracket,
  kMixedSigns,
  kNestedConditional,
  kMessageConstruction,
  // names and calls
  kUnknownVariable,
  kUnknownFunction,
  kUnknownMethod,
  kCallStyle,
  kArgumentCount,
  kMacroVariable,
  kHasArgument,
  // kinds of values
  kNoOverload,
  kNoMembers,
  kNotBool,
  kMacroRange,
  kMapKey,
  kBadPattern,
  kNeverConverts,
  // warnings
  kMixedArithmetic,
  kOperandNotBool,
};

inline constexpr int kFaultCodeCount = static_cast<int>(FaultCode::kOperandNotBool) + 1;

/// "unexpected-token" …
std::string_view name_of(FaultCode code) noexcept;

/// Bytes begin … end of the text are to be pointed at.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// `words` take the places {0}, {1} … of the table's message and cure.
Fault make_fault(FaultCode code, Extent place, std::initializer_list<std::string_view> words = {});

}  // namespace veltrix::cel
