#pragma once
// Python's garbage collector sees through an engine to what its handlers refer to: a handler that
// refers to its own engine is a cycle. While threads run, it is they who hold the handlers: such an
// engine hides them, so that nothing is cleared below their feet.

#include "bindings/engine_state.hpp"

namespace veltrix {

int visit_references(const EngineState& state, visitproc visit, void* argument);
void clear_references(EngineState& state) noexcept;

/// For a bound class with `state_ptr()`.
template <class Bound>
py::custom_type_setup collectable() {
  return py::custom_type_setup([](PyHeapTypeObject* heap_type) {
    PyTypeObject& type = heap_type->ht_type;
    type.tp_flags |= Py_TPFLAGS_HAVE_GC;
    type.tp_traverse = [](PyObject* self, visitproc visit, void* arg) {
      Py_VISIT(Py_TYPE(self));
      if (!py::detail::is_holder_constructed(self)) return 0;
      return visit_references(*py::cast<Bound&>(py::handle(self)).state_ptr(), visit, arg);
    };
    type.tp_clear = [](PyObject* self) {
      if (!py::detail::is_holder_constructed(self)) return 0;
      const EngineStatePtr held = py::cast<Bound&>(py::handle(self)).state_ptr();
      clear_references(*held);
      return 0;
    };
  });
}

}  // namespace veltrix
