#pragma once
// What is wrong with an expression's text, found when it is loaded, and how people see it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"

namespace veltrix::cel {

struct Fault {
  std::string code;  // "unexpected-token", "unknown-function", "mixed-arithmetic" …: kebab case
  std::string message;    // what is wrong, with the name or token in question
  std::string cure;       // what to write instead; "" = the message says it
  std::size_t begin = 0;  // byte offsets into the text; begin == end: a place between two bytes
  std::size_t end = 0;
};

/// 1-based, in code points, as editors count; of the line in which the fault begins.
std::size_t column_of(std::string_view text, const Fault& fault) noexcept;
std::size_t line_of(std::string_view text, const Fault& fault) noexcept;

/// For people, without an end of line:
///   column 13: 'stratsWith' is no function; did you mean 'startsWith'?
///     event.type.stratsWith("a")
///                ^~~~~~~~~~
std::string render(std::string_view text, const Fault& fault);

/// As an error of the configuration (kInvalidExpression).
Error error_of(std::string_view text, const Fault& fault);

}  // namespace veltrix::cel
