#pragma once
// What people are told of an error at run time. Private to this room.

#include <string>
#include <string_view>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

/// "division by zero": where nothing is known of the place.
std::string_view general_cause(Reason reason) noexcept;

/// Of an error that arose at `node`: "no member 'amount' in data".
std::string cause_of(const Ast& ast, const Node& node, Reason reason);

}  // namespace veltrix::cel
