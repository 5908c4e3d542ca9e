#include "bindings/event_arguments.hpp"

#include <algorithm>
#include <cstring>

#include "veltrix/event/json_validator.hpp"

#include "bindings/argument_values.hpp"
#include "bindings/classes.hpp"

namespace veltrix {

namespace {

/// Up to this size a payload cannot be nested too deeply: two brackets a level, one level is the
/// event's.
constexpr std::size_t kShallow = 2 * kMaxJsonDepth - 1;

/// Whether the encoder may have copied a text of the user's, a msgspec.Raw, as it was: all but
/// plain values and what holds nothing else.
bool may_hold_raw(PyObject* data, std::size_t depth) {
  PyTypeObject* type = Py_TYPE(data);
  if (type == &PyUnicode_Type || type == &PyLong_Type || type == &PyFloat_Type ||
      type == &PyBool_Type || data == Py_None) {
    return false;
  }
  if (depth == kMaxJsonDepth) return true;
  const auto within = [=](PyObject* value) { return may_hold_raw(value, depth + 1); };
  if (type == &PyList_Type || type == &PyTuple_Type) {
    PyObject** items = PySequence_Fast_ITEMS(data);
    return std::any_of(items, items + PySequence_Fast_GET_SIZE(data), within);
  }
  if (type != &PyDict_Type) return true;
  Py_ssize_t at = 0;
  PyObject* value = nullptr;
  while (PyDict_Next(data, &at, nullptr, &value) != 0) {
    if (within(value)) return true;
  }
  return false;
}

}  // namespace

bool EventArguments::take_type(PyObject* type, TypeStrings* types) {
  if (!utf8_of(type, "type", fields.type)) return false;
  if (fields.type.size() > kMaxAttributeBytes) {
    return wrong_argument("type is longer than 65,535 bytes");
  }
  if (types != nullptr) fields.type_id = types->id(type, fields.type);
  return true;
}

bool EventArguments::take_encoded(PyRef encoded, PyObject* source) {
  if (!encoded) return data_not_encoded(source);
  char* bytes = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(encoded.get(), &bytes, &size) != 0) return false;
  data_ = std::move(encoded);
  fields.data = {bytes, static_cast<std::size_t>(size)};
  fields.data_kind = DataKind::kJson;
  // The encoder writes NaN and infinity as null, which the handler would take for None.
  if (fields.data.find("null") != std::string_view::npos) {
    const std::string fault = fault_in(source, false);
    if (!fault.empty()) return wrong_argument(fault);
  }
  if (fields.data.size() <= kShallow && !may_hold_raw(source, 0)) return true;
  auto valid = validate_json(fields.data, 1);
  if (valid) return true;
  const Error& error = valid.error();
  // The encoder writes no JSON that is wrong: it copied what it was given.
  const bool given = error.code != ErrorCode::kTooDeep;
  set_error(error.code, (given ? "a msgspec.Raw in data: " : "") + error.message);
  return false;
}

bool EventArguments::take_reference(PyObject* object) {
  referenced_ = object;
  fields.data = {reinterpret_cast<const char*>(&referenced_), sizeof referenced_};
  fields.data_kind = DataKind::kReference;
  return true;
}

bool EventArguments::take_snapshot(EventFields& other) {
  PyObject* object = nullptr;
  std::memcpy(&object, other.data.data(), sizeof object);
  if (!take_data(object)) return false;
  other.data = fields.data;
  other.data_kind = fields.data_kind;
  return true;
}

bool EventArguments::take_data(PyObject* data) {
  if (data == Py_None) return true;
  if (by_reference_) return take_reference(data);
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
  return take_encoded(PyRef::steal(PyObject_CallOneArg(classes().encode_json, data)), data);
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
  if (PyUnicode_CompareWithASCIIString(name, "after") == 0) return delay_of(value, after_ns);
  if (PyUnicode_CompareWithASCIIString(name, "at") == 0) return wall_time_of(value, at_ns);
  struct Text {
    const char* name;
    std::string_view EventFields::*field;
  };
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
  PyErr_Format(PyExc_TypeError,
               "%U is not an argument of an event; it has type, data, id, source, "
               "subject, time, key, priority, at and after",
               name);
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
    if (i != named_type_at_ && !take_named(name, values[i])) return false;
  }
  if (after_ns >= 0 && at_ns >= 0) return wrong_argument("give `at` or `after`, not both");
  return true;
}

PyObject* EventArguments::type_by_name(PyObject* const* values, PyObject* names) {
  const Py_ssize_t count = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < count; ++i) {
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, i), "type") != 0) continue;
    named_type_at_ = i;
    return values[i];
  }
  PyErr_SetString(PyExc_TypeError, "an event needs a type, as in Event('clue.found', data)");
  return nullptr;
}

bool EventArguments::parse(PyObject* const* args, Py_ssize_t count, PyObject* names,
                           TypeStrings* types) {
  if (count > 2) {
    PyErr_Format(PyExc_TypeError, "an event takes a type and its data by position, %zd were given",
                 count);
    return false;
  }
  PyObject* type = count != 0 ? args[0] : type_by_name(args, names);
  if (type == nullptr || !take_type(type, types)) return false;
  if (count == 2 && !take_data(args[1])) return false;
  return names == nullptr || take_names(args + count, names, count < 2);
}

bool EventArguments::parse_declared(const Declared& declared, PyObject* const* values,
                                    PyObject* names, TypeStrings* types) {
  if (!take_type(declared.type, types)) return false;
  if (by_reference_) {
    return take_reference(declared.payload) && take_names(values, names, false);
  }
  PyRef encoded = PyRef::steal(PyObject_CallOneArg(declared.encode, declared.payload));
  return take_encoded(std::move(encoded), declared.payload) && take_names(values, names, false);
}

}  // namespace veltrix
