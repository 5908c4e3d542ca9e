#pragma once
// int(), string() and the other conversions. Private to this room. Where a value cannot become the
// other kind: kBadConversion; where its kind never can: kNoOverload.

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

Value to_bool(const Value& value) noexcept;
Value to_int(const Value& value) noexcept;  // a double is cut towards zero
Value to_uint(const Value& value) noexcept;
Value to_double(const Value& value) noexcept;
Value to_string(const Value& value, Workspace& work) noexcept;
Value to_bytes(const Value& value) noexcept;
Value to_timestamp(const Value& value) noexcept;
Value to_duration(const Value& value) noexcept;

}  // namespace veltrix::cel
