#pragma once
// What a worker process and its parent need to hand an attempt over: events with what their JSON
// does not say, and a context for an attempt that another process counts.

#include "bindings/python.hpp"

namespace veltrix {

void bind_worker(py::module_& module);

}  // namespace veltrix
