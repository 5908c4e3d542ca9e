#pragma once
// `veltrix.Context`: what a handler may know of its attempt.

#include <cstdint>

#include "bindings/py_ref.hpp"

namespace veltrix {

struct AttemptFacts {
  PyObject* event;  // borrowed
  PyObject* queue;  // borrowed str
  PyObject* state;  // borrowed: the executor's namespace, or None
  std::uint32_t attempt;
  std::uint64_t sequence;
  std::int64_t timeout_ns;  // from now on; 0: none
};

/// New reference; null with a Python error set.
PyObject* new_context(const AttemptFacts& facts);
void bind_context(py::module_& module);

}  // namespace veltrix
