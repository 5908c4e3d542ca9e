// Values of an expression on their way to Python, and its errors.

#include "veltrix/base/limits.hpp"
#include "veltrix/event/json_validator.hpp"

#include "bindings/classes.hpp"
#include "bindings/python_times.hpp"
#include "bindings/python_values.hpp"

namespace veltrix {

using cel::Value;

namespace {

PyObject* text_object(std::string_view text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
}

PyObject* list_object(std::span<const Value> items) {
  PyRef list = PyRef::steal(PyList_New(static_cast<Py_ssize_t>(items.size())));
  for (std::size_t i = 0; list && i < items.size(); ++i) {
    PyObject* item = object_of(items[i]);
    if (item == nullptr) return nullptr;
    PyList_SET_ITEM(list.get(), static_cast<Py_ssize_t>(i), item);
  }
  return list.release();
}

PyObject* dict_object(std::span<const cel::MapEntry> entries) {
  PyRef dict = PyRef::steal(PyDict_New());
  for (const cel::MapEntry& entry : entries) {
    if (!dict) return nullptr;
    const PyRef key = PyRef::steal(object_of(entry.key));
    const PyRef value = PyRef::steal(object_of(entry.value));
    if (!key || !value || PyDict_SetItem(dict.get(), key.get(), value.get()) != 0) return nullptr;
  }
  return dict.release();
}

}  // namespace

bool json_view(PyObject* json, std::string_view& out) {
  if (PyUnicode_Check(json)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(json, &size);
    if (text == nullptr) {
      PyErr_Clear();
      set_error(ErrorCode::kInvalidUtf8, "the event's JSON holds a lone surrogate");
      return false;
    }
    out = {text, static_cast<std::size_t>(size)};
  } else {
    out = {PyBytes_AS_STRING(json), static_cast<std::size_t>(PyBytes_GET_SIZE(json))};
  }
  if (out.size() > kMaxEventJson) {
    set_error(ErrorCode::kEventTooLarge, "the event's JSON is larger than 2 MiB");
    return false;
  }
  auto valid = validate_json(out);
  if (!valid) set_error(valid.error());
  return valid.has_value();
}

PyObject* object_of(const Value& value) {
  switch (value.kind) {
    case cel::Kind::kNull:
      Py_RETURN_NONE;
    case cel::Kind::kBool:
      return PyBool_FromLong(value.boolean);
    case cel::Kind::kInt:
      return PyLong_FromLongLong(value.integer);
    case cel::Kind::kUint:
      return PyLong_FromUnsignedLongLong(value.uinteger);
    case cel::Kind::kDouble:
      return PyFloat_FromDouble(value.real);
    case cel::Kind::kString:
      return text_object(value.view());
    case cel::Kind::kBytes:
      return PyBytes_FromStringAndSize(value.text, static_cast<Py_ssize_t>(value.size));
    case cel::Kind::kTimestamp:
      return timestamp_object(value.integer, value.size);
    case cel::Kind::kDuration:
      return duration_object(value.integer, value.size);
    case cel::Kind::kList:
      return list_object(value.list_items());
    case cel::Kind::kMap:
      return dict_object(value.map_entries());
    case cel::Kind::kType:
      return text_object(name_of(value.type));
    case cel::Kind::kError:
      break;  // the caller has looked for errors
  }
  evaluation_error(name_of(value.reason), std::string(name_of(value.reason)));
  return nullptr;
}

bool evaluation_error(std::string_view reason, const std::string& message) {
  const PyRef text = PyRef::steal(text_object(message));
  const PyRef why = PyRef::steal(text_object(reason));
  if (!text || !why) return false;
  const PyRef error = PyRef::steal(
      PyObject_CallFunctionObjArgs(classes().evaluation_error, text.get(), why.get(), nullptr));
  if (error) PyErr_SetObject(classes().evaluation_error, error.get());
  return false;
}

}  // namespace veltrix
