#pragma once

#include "bindings/python.hpp"

namespace veltrix {

void bind_engine(py::module_& module);
void bind_step_engine(py::module_& module);

}  // namespace veltrix
