#pragma once
// What a literal stands for. Escapes and number ranges are refused here, with their own place.

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/lexer.hpp"

namespace veltrix::cel {

/// `negative`: a minus stands directly before the number, so that the least int can be written.
tl::expected<Constant, Fault> constant_of(const Token& token, bool negative = false);

}  // namespace veltrix::cel
