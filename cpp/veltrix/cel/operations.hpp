#pragma once
// What operators and functions do with values (errors among the arguments are handed on, the first
// one). Overloads, overflow, mixed comparison and conversions as the language definition says:
// https://github.com/google/cel-spec/blob/master/doc/langdef.md

#include <compare>
#include <span>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"
#include "veltrix/cel/function.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

/// `arguments` as the function takes them, a receiver first.
Value call(Function function, std::span<const Value> arguments, Workspace& work) noexcept;

/// child . name of a map; kMissing where there is none, kNoOverload where it is no map.
Value select(const Value& map, std::string_view name) noexcept;
/// Null where `map` has no such key (numbers of different kinds that are equal are one key).
const Value* find(const Value& map, const Value& key) noexcept;

/// Equality over all kinds: numbers by value, NaN unlike anything, else different kinds differ.
/// Spends a step per item compared; an error when they run out.
Value equals(const Value& a, const Value& b, Workspace& work) noexcept;
/// unordered: not comparable (then kNoOverload), or a NaN (`nan` set).
std::partial_ordering compare(const Value& a, const Value& b, bool& nan) noexcept;

/// JSON text, checked already (veltrix/event), as a value: integers are int (uint above the range
/// of int, double beyond both), the last of equal names counts, texts without escapes are not
/// copied.
Value from_json(std::string_view json, Workspace& work) noexcept;

/// For people and for keys: a text as it is; numbers, bools and times as string() has them; lists
/// and maps as JSON. Errors: their reason.
void append_text(const Value& value, std::string& out);
/// As JSON text: uint as a number, bytes as base64, times as RFC 3339 and "1.5s"; false where there
/// is no such form (a type, an error, NaN, a map whose keys are no texts).
bool append_json(const Value& value, std::string& out);

}  // namespace veltrix::cel
