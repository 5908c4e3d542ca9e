#pragma once
// The callable behind `engine.publish`: METH_FASTCALL, no pybind11 on the way.

#include "veltrix/event/event_fields.hpp"

#include "bindings/engine_state.hpp"

namespace veltrix {

struct PublisherObject {
  PyObject_HEAD EngineStatePtr* state;
};

/// A new publisher object of that engine; `publish` is its method of the same name.
PyObject* new_publisher(const EngineStatePtr& state);
inline EngineState& state_of(PyObject* publisher) {
  return **reinterpret_cast<PublisherObject*>(publisher)->state;
}
void bind_publisher(py::module_& module);

/// publish() itself, and publish() of what was read already: new reference, the receipt.
PyObject* publish(PyObject* publisher, PyObject* const* args, Py_ssize_t count, PyObject* names);
PyObject* publish_fields(PyObject* publisher, EventFields& fields);
/// The method of many (publish_each.cpp).
PyObject* publish_each(PyObject* publisher, PyObject* args);

/// Sets the error of what is nothing that can be published; returns null.
PyObject* refuse_object(const EngineState& state, PyObject* object);

/// When an event given with at= / after= is due: steady time, 0 = at once.
std::int64_t due_of(Producer& producer, std::int64_t after_ns, std::int64_t at_ns);

}  // namespace veltrix
