// What publish() says of objects that are no events.

#include "bindings/classes.hpp"
#include "bindings/publisher.hpp"

namespace veltrix {

namespace {

/// Whether a class of that name was declared: a notebook's cell has run again.
bool is_redefined(const EngineState& state, const std::string& name) {
  Py_ssize_t at = 0;
  PyObject* known = nullptr;
  while (state.payload_types && PyDict_Next(state.payload_types.get(), &at, &known, nullptr) != 0) {
    if (name == reinterpret_cast<PyTypeObject*>(known)->tp_name) return true;
  }
  return false;
}

}  // namespace

PyObject* refuse_object(const EngineState& state, PyObject* object) {
  const std::string name = Py_TYPE(object)->tp_name;
  if (is_redefined(state, name)) {
    return set_error(
        ErrorCode::kInvalidEvent,
        "this " + name + " is of a class that was defined again since; make the object anew");
  }
  return set_error(
      ErrorCode::kInvalidEvent,
      "publish takes a type (str), an Event or an instance of a class declared with @app.event, "
      "not " +
          name);
}

}  // namespace veltrix
