#include "bindings/event_arguments.hpp"

#include <cstring>

#include "bindings/classes.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix {

namespace {

bool wrong(const std::string& message) {
  set_error(ErrorCode::kInvalidEvent, message);
  return false;
}

std::string type_of(PyObject* object) { return Py_TYPE(object)->tp_name; }

/// Payloads below this size cannot be nested deeper than kMaxJsonDepth: 64 brackets and their ends.
constexpr std::size_t kShallow = 2 * kMaxJsonDepth;

bool priority_of(PyObject* value, std::uint8_t& out) {
  if (value == Py_None) return true;
  PyRef number;
  if (PyUnicode_Check(value)) {
    number = PyRef::steal(PyObject_CallOneArg(classes().parse_priority, value));
    if (!number) {
      PyErr_Clear();
      return wrong("priority is 0 (lowest) to 9 (most urgent), or one of urgent, high, normal, low, bulk");
    }
    value = number.get();
  }
  if (!PyLong_Check(value) || PyBool_Check(value)) {
    return wrong("priority is an int from 0 to 9, not " + type_of(value));
  }
  const long priority = PyLong_AsLong(value);
  if (priority < 0 || priority >= kPriorities) {
    PyErr_Clear();
    return wrong("priority is 0 (lowest) to 9 (most urgent)");
  }
  out = static_cast<std::uint8_t>(priority);
  return true;
}

bool duration_of(PyObject* value, std::int64_t& out) {
  if (value == Py_None) return true;
  const PyRef ns = PyRef::steal(PyObject_CallOneArg(classes().parse_duration, value));
  if (!ns) return false;
  out = PyLong_AsLongLong(ns.get());
  return !PyErr_Occurred();
}

}  // namespace

bool utf8_of(PyObject* text, const char* what, std::string_view& out) {
  if (!PyUnicode_Check(text)) {
    return wrong(std::string(what) + " must be a str, not " + type_of(text));
  }
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    set_error(ErrorCode::kInvalidUtf8, std::string(what) + " holds a lone surrogate");
    return false;
  }
  out = {bytes, static_cast<std::size_t>(size)};
  if (out.empty()) return wrong(std::string(what) + " must not be empty");
  return true;
}

bool timestamp_of(PyObject* value, const char* what, Timestamp& out) {
  PyRef text = PyRef::borrow(value);
  if (!PyUnicode_Check(value)) {
    if (PyObject_HasAttrString(value, "isoformat") == 0 ||
        PyObject_HasAttrString(value, "tzinfo") == 0) {
      return wrong(std::string(what) + " must be an aware datetime or RFC 3339 text, not " +
                   type_of(value));
    }
    const PyRef zone = PyRef::steal(PyObject_GetAttrString(value, "tzinfo"));
    if (!zone) return false;
    if (zone.get() == Py_None) {
      return wrong(std::string(what) + " has no time zone; use datetime.now(timezone.utc)");
    }
    text = PyRef::steal(PyObject_CallMethod(value, "isoformat", nullptr));
    if (!text) return false;
  }
  std::string_view view;
  if (!utf8_of(text.get(), what, view)) return false;
  auto parsed = parse_timestamp(view);
  if (!parsed) return wrong(std::string(what) + ": " + parsed.error().message);
  out = *parsed;
  return true;
}

bool EventArguments::take_type(PyObject* type, TypeStrings* types) {
  if (!utf8_of(type, "type", fields.type)) return false;
  if (fields.type.size() > kMaxAttributeBytes) return wrong("type is longer than 65,535 bytes");
  if (types != nullptr) fields.type_id = types->id(type, fields.type);
  return true;
}

bool EventArguments::take_encoded(PyRef encoded) {
  if (!encoded) return false;
  char* bytes = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(encoded.get(), &bytes, &size) != 0) return false;
  data_ = std::move(encoded);
  fields.data = {bytes, static_cast<std::size_t>(size)};
  fields.data_kind = DataKind::kJson;
  if (fields.data.size() <= kShallow) return true;
  auto valid = validate_json(fields.data, 1);
  if (!valid) set_error(valid.error());
  return valid.has_value();
}

bool EventArguments::take_data(PyObject* data) {
  if (data == Py_None) return true;
  if (PyBytes_CheckExact(data)) {
    fields.data = {PyBytes_AS_STRING(data), static_cast<std::size_t>(PyBytes_GET_SIZE(data))};
    fields.data_kind = DataKind::kBytes;
    return true;
  }
  if (PyBytes_Check(data) || PyByteArray_Check(data) || PyMemoryView_Check(data)) {
    // A snapshot: what the caller does to the buffer afterwards no handler sees.
    data_ = PyRef::steal(PyBytes_FromObject(data));
    if (!data_) return false;
    return take_data(data_.get());
  }
  PyRef encoded = PyRef::steal(PyObject_CallOneArg(classes().encode_json, data));
  if (encoded) return take_encoded(std::move(encoded));
  if (PyErr_ExceptionMatches(PyExc_RecursionError)) {
    PyErr_Clear();
    set_error(ErrorCode::kTooDeep, "data is nested too deeply, or contains itself");
  } else if (PyErr_ExceptionMatches(PyExc_TypeError) ||
             PyErr_ExceptionMatches(PyExc_UnicodeError) ||
             PyErr_ExceptionMatches(PyExc_OverflowError)) {
    const py::error_already_set error;
    return wrong("data cannot be encoded as JSON: " +
                 py::str(error.value()).cast<std::string>());
  }
  return false;
}

bool EventArguments::take_time(PyObject* value) {
  if (value == Py_None) return true;
  fields.has_time = true;
  return timestamp_of(value, "time", fields.time);
}

bool EventArguments::take_named(PyObject* name, PyObject* value) {
  if (PyUnicode_CompareWithASCIIString(name, "priority") == 0) {
    return priority_of(value, fields.priority);
  }
  if (PyUnicode_CompareWithASCIIString(name, "data") == 0) return take_data(value);
  if (PyUnicode_CompareWithASCIIString(name, "time") == 0) return take_time(value);
  if (PyUnicode_CompareWithASCIIString(name, "after") == 0) return duration_of(value, after_ns);
  if (PyUnicode_CompareWithASCIIString(name, "at") == 0) {
    if (value == Py_None) return true;
    Timestamp at;
    if (!timestamp_of(value, "at", at)) return false;
    at_ns = at.seconds * 1'000'000'000 + at.nanoseconds;
    return true;
  }
  struct Text { const char* name; std::string_view EventFields::*field; };
  static constexpr Text kTexts[] = {{"key", &EventFields::partition_key},
                                    {"id", &EventFields::id},
                                    {"source", &EventFields::source},
                                    {"subject", &EventFields::subject}};
  for (const Text& text : kTexts) {
    if (PyUnicode_CompareWithASCIIString(name, text.name) != 0) continue;
    if (value == Py_None) return true;
    if (text.field == &EventFields::id) fields.given_id = true;
    return utf8_of(value, text.name, fields.*text.field);
  }
  PyErr_Format(PyExc_TypeError, "%U is not an argument of an event; it has type, data, id, source, "
               "subject, time, key, priority, at and after", name);
  return false;
}

bool EventArguments::take_names(PyObject* const* values, PyObject* names, bool data_allowed) {
  const Py_ssize_t count = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject* name = PyTuple_GET_ITEM(names, i);
    if (!data_allowed && PyUnicode_CompareWithASCIIString(name, "data") == 0) {
      PyErr_SetString(PyExc_TypeError, "data is given twice");
      return false;
    }
    if (!take_named(name, values[i])) return false;
  }
  if (after_ns >= 0 && at_ns >= 0) return wrong("give `at` or `after`, not both");
  return true;
}

bool EventArguments::parse(PyObject* const* args, Py_ssize_t count, PyObject* names,
                           TypeStrings* types) {
  if (count < 1 || count > 2) {
    PyErr_Format(PyExc_TypeError, "an event takes a type and its data by position, %zd were given",
                 count);
    return false;
  }
  if (!take_type(args[0], types)) return false;
  if (count == 2 && !take_data(args[1])) return false;
  return names == nullptr || take_names(args + count, names, count == 1);
}

bool EventArguments::parse_encoded(PyObject* type, PyRef encoded, PyObject* const* values,
                                   PyObject* names, TypeStrings* types) {
  return take_type(type, types) && take_encoded(std::move(encoded)) &&
         take_names(values, names, false);
}

}  // namespace veltrix
