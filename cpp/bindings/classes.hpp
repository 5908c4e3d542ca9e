#pragma once
// What the bindings borrow from Python: error classes, signals, the JSON codec. Set once when
// veltrix is imported; kept for the life of the process.

#include "bindings/python.hpp"

#include <array>
#include <exception>
#include <new>
#include <string>

#include "veltrix/base/error.hpp"

namespace veltrix {

struct Classes {
  std::array<PyObject*, kErrorCodeCount> errors{};
  PyObject* base_error = nullptr;        // VeltrixError
  PyObject* evaluation_error = nullptr;  // (message, reason)
  PyObject* retry = nullptr;
  PyObject* dead_letter = nullptr;
  PyObject* drop = nullptr;
  PyObject* encode_json = nullptr;     // object -> bytes
  PyObject* decode_json = nullptr;     // bytes -> object
  PyObject* first_fault = nullptr;     // (payload, other types too) -> str or None
  PyObject* plain_value = nullptr;     // object -> what it says in plain dicts, lists, numbers
  PyObject* parse_duration = nullptr;  // "250ms" -> ns
  PyObject* parse_priority = nullptr;  // "high" -> 7
};

Classes& classes();

/// Sets the Python error of that class; returns null, so that callers can return it.
PyObject* set_error(ErrorCode code, const std::string& message);
inline PyObject* set_error(const Error& error) { return set_error(error.code, error.message); }
/// The same as a C++ exception, for pybind11 functions.
[[noreturn]] void throw_error(const Error& error);

/// What raw C functions that may throw go through: no C++ exception gets into Python's own frames.
template <typename Call>
PyObject* guarded(const Call& call) noexcept {
  try {
    return call();
  } catch (py::error_already_set& error) {
    error.restore();
    return nullptr;
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& error) {  // of the system: threads, descriptors
    return set_error(ErrorCode::kIo, error.what());
  }
}

void bind_classes(py::module_& module);

}  // namespace veltrix
