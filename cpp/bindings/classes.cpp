#include "bindings/classes.hpp"

namespace veltrix {

Classes& classes() {
  static Classes& all = *new Classes();  // leaked: outlives the interpreter's teardown
  return all;
}

PyObject* set_error(ErrorCode code, const std::string& message) {
  PyObject* type = classes().errors[static_cast<std::size_t>(code)];
  if (type == nullptr) type = PyExc_RuntimeError;
  PyObject* text =
      PyUnicode_DecodeUTF8(message.data(), static_cast<Py_ssize_t>(message.size()), "replace");
  if (text == nullptr) return nullptr;
  PyErr_SetObject(type, text);
  Py_DECREF(text);
  return nullptr;
}

void throw_error(const Error& error) {
  set_error(error);
  throw py::error_already_set();
}

void bind_classes(py::module_& module) {
  module.def(
      "set_classes",
      [](const py::dict& errors, const py::object& retry, const py::object& dead_letter,
         const py::object& drop, const py::object& encode, const py::object& decode) {
        Classes& all = classes();
        for (int i = 0; i < kErrorCodeCount; ++i) {
          const std::string name(error_name(static_cast<ErrorCode>(i)));
          if (!errors.contains(name)) throw py::key_error("no error class for " + name);
          all.errors[static_cast<std::size_t>(i)] =
              py::object(errors[name.c_str()]).release().ptr();
        }
        const auto tree = py::module_::import("veltrix.errors");
        all.base_error = py::object(tree.attr("VeltrixError")).release().ptr();
        all.evaluation_error = py::object(tree.attr("EvaluationError")).release().ptr();
        const auto plain = py::module_::import("veltrix.plain_values");
        all.plain_value = py::object(plain.attr("plain_value")).release().ptr();
        all.retry = py::object(retry).release().ptr();
        all.dead_letter = py::object(dead_letter).release().ptr();
        all.drop = py::object(drop).release().ptr();
        all.encode_json = py::object(encode).release().ptr();
        all.decode_json = py::object(decode).release().ptr();
        const auto faults = py::module_::import("veltrix.payload_faults");
        all.first_fault = py::object(faults.attr("first_fault")).release().ptr();
        const auto durations = py::module_::import("veltrix.durations");
        all.parse_duration = py::object(durations.attr("parse_duration")).release().ptr();
        const auto priorities = py::module_::import("veltrix.priorities");
        all.parse_priority = py::object(priorities.attr("parse_priority")).release().ptr();
      },
      py::arg("errors"), py::arg("retry"), py::arg("dead_letter"), py::arg("drop"),
      py::arg("encode_json"), py::arg("decode_json"),
      "Hands over the classes and the JSON codec that the native core uses.");
}

}  // namespace veltrix
