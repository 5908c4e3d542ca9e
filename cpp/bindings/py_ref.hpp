#pragma once
// One owned reference. Move-only; dropping it needs the GIL.

#include "bindings/python.hpp"

#include <utility>

namespace veltrix {

class PyRef {
 public:
  PyRef() noexcept = default;
  ~PyRef() { Py_XDECREF(object_); }
  PyRef(PyRef&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  PyRef& operator=(PyRef&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  /// Takes over a new reference (which may be null: a Python error is set).
  static PyRef steal(PyObject* object) noexcept {
    PyRef out;
    out.object_ = object;
    return out;
  }
  static PyRef borrow(PyObject* object) noexcept {
    Py_XINCREF(object);
    return steal(object);
  }
  PyObject* get() const noexcept { return object_; }
  PyObject* release() noexcept { return std::exchange(object_, nullptr); }
  void reset() noexcept { Py_CLEAR(object_); }
  explicit operator bool() const noexcept { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

/// The Python error that is set, taken: an exception with its traceback. Null: none is set.
inline PyRef take_error() noexcept {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const PyRef held_type = PyRef::steal(type);
  const PyRef held_trace = PyRef::steal(trace);
  return PyRef::steal(value);
}

using FastFunction = PyObject*(PyObject* self, PyObject* const* args, Py_ssize_t count,
                               PyObject* names);
/// For the table of a type's methods, with METH_FASTCALL | METH_KEYWORDS.
inline PyCFunction fast(FastFunction* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

}  // namespace veltrix
