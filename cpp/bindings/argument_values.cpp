#include "bindings/argument_values.hpp"

#include <algorithm>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/limits.hpp"

#include "bindings/classes.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {
constexpr std::size_t kMaxQuoted = 1'000;

std::string type_of(PyObject* object) { return Py_TYPE(object)->tp_name; }

std::string message_of(const py::error_already_set& error) {
  return utf8_text(error.value().ptr(), kMaxQuoted);
}

/// Gives the error that is set its __cause__.
void set_cause(const py::error_already_set& cause) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  PyException_SetCause(value, Py_NewRef(cause.value().ptr()));
  PyErr_Restore(type, value, trace);
}
}  // namespace

bool wrong_argument(const std::string& message) {
  set_error(ErrorCode::kInvalidEvent, message);
  return false;
}

bool priority_of(PyObject* value, std::uint8_t& out) {
  if (value == Py_None) return true;
  PyRef number;
  if (PyUnicode_Check(value)) {
    number = PyRef::steal(PyObject_CallOneArg(classes().parse_priority, value));
    if (!number) {
      PyErr_Clear();
      return wrong_argument(
          "priority is 0 (lowest) to 9 (most urgent), or one of urgent, high, "
          "normal, low, bulk");
    }
    value = number.get();
  }
  if (!PyLong_Check(value) || PyBool_Check(value)) {
    return wrong_argument("priority is an int from 0 to 9, not " + type_of(value));
  }
  const long priority = PyLong_AsLong(value);
  if (priority < 0 || priority >= kPriorities) {
    PyErr_Clear();
    return wrong_argument("priority is 0 (lowest) to 9 (most urgent)");
  }
  out = static_cast<std::uint8_t>(priority);
  return true;
}

std::string fault_in(PyObject* data, bool other_types) {
  const PyRef fault = PyRef::steal(
      PyObject_CallFunction(classes().first_fault, "Oi", data, static_cast<int>(other_types)));
  if (fault && PyUnicode_Check(fault.get())) return utf8_text(fault.get(), kMaxQuoted);
  PyErr_Clear();  // what it looks at may raise: then the encoder's own words have to do
  return {};
}

bool data_not_encoded(PyObject* data) {
  const bool ours = PyErr_ExceptionMatches(classes().base_error) != 0;
  if (PyErr_ExceptionMatches(PyExc_MemoryError) || !PyErr_ExceptionMatches(PyExc_Exception)) {
    return false;
  }
  py::error_already_set error;
  if (error.matches(PyExc_RecursionError)) {
    set_error(ErrorCode::kTooDeep, "data is nested too deeply, or contains itself");
  } else if (const std::string fault = fault_in(data, true); !fault.empty()) {
    wrong_argument(fault);
  } else if (ours) {
    error.restore();
    return false;
  } else {
    wrong_argument("data cannot be encoded as JSON: " + message_of(error));
  }
  set_cause(error);
  return false;
}

bool delay_of(PyObject* value, std::int64_t& out) {
  if (value == Py_None) return true;
  const PyRef ns = PyRef::steal(PyObject_CallOneArg(classes().parse_duration, value));
  if (ns) {
    out = PyLong_AsLongLong(ns.get());
    return PyErr_Occurred() == nullptr;
  }
  if (!PyErr_ExceptionMatches(PyExc_ValueError)) return false;
  const py::error_already_set error;
  return wrong_argument("after: " + message_of(error));
}

bool wall_time_of(PyObject* value, std::int64_t& out) {
  if (value == Py_None) return true;
  Timestamp at;
  if (!timestamp_of(value, "at", at)) return false;
  constexpr std::int64_t kMost = INT64_MAX / kSecond - 1;
  const std::int64_t seconds = std::clamp<std::int64_t>(at.seconds, 0, kMost);
  out = seconds * kSecond + at.nanoseconds;
  return true;
}

bool utf8_of(PyObject* text, const char* what, std::string_view& out) {
  if (!PyUnicode_Check(text)) {
    return wrong_argument(std::string(what) + " must be a str, not " + type_of(text));
  }
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    set_error(ErrorCode::kInvalidUtf8, std::string(what) + " holds a lone surrogate");
    return false;
  }
  out = {bytes, static_cast<std::size_t>(size)};
  if (out.empty()) return wrong_argument(std::string(what) + " must not be empty");
  return true;
}

bool timestamp_of(PyObject* value, const char* what, Timestamp& out) {
  PyRef text = PyRef::borrow(value);
  if (!PyUnicode_Check(value)) {
    if (PyObject_HasAttrString(value, "isoformat") == 0 ||
        PyObject_HasAttrString(value, "tzinfo") == 0) {
      return wrong_argument(std::string(what) +
                            " must be an aware datetime or RFC 3339 text, not " + type_of(value));
    }
    const PyRef zone = PyRef::steal(PyObject_GetAttrString(value, "tzinfo"));
    if (!zone) return false;
    if (zone.get() == Py_None) {
      return wrong_argument(std::string(what) +
                            " has no time zone; use datetime.now(timezone.utc)");
    }
    text = PyRef::steal(PyObject_CallMethod(value, "isoformat", nullptr));
    if (!text) return false;
  }
  std::string_view view;
  if (!utf8_of(text.get(), what, view)) return false;
  auto parsed = parse_timestamp(view);
  if (!parsed) return wrong_argument(std::string(what) + ": " + parsed.error().message);
  out = *parsed;
  return true;
}

}  // namespace veltrix
