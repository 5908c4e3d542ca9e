#pragma once
// Expressions for Python: `_core.Expression`, which vx.Expression wraps, and the checks that the
// configuration makes.

#include "bindings/python.hpp"

#include <optional>
#include <string>
#include <vector>

#include "veltrix/cel/ast.hpp"

namespace veltrix {

/// The names that an expression may use: nothing given = `event` and `data`.
cel::Declarations declarations_of(const std::optional<std::vector<std::string>>& variables,
                                  bool short_data);

void bind_expression(py::module_& module);
void bind_expression_check(py::module_& module);

}  // namespace veltrix
