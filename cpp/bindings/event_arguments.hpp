#pragma once
// The arguments of Event(...) and of publish(...), which are the same, as EventFields. The views point
// into the Python objects, which the caller keeps alive; the encoded payload is kept here.

#include <cstdint>

#include "bindings/py_ref.hpp"
#include "bindings/type_strings.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

class EventArguments {
 public:
  /// False: a Python error is set. `types`: where the type is interned, or null.
  /// publish(type, data=None, *, id, source, subject, time, key, priority, at, after)
  bool parse(PyObject* const* args, Py_ssize_t count, PyObject* names, TypeStrings* types);
  /// The payload of a declared type: already encoded.
  bool parse_encoded(PyObject* type, PyRef encoded, PyObject* const* args, PyObject* names,
                     TypeStrings* types);

  EventFields fields;
  std::int64_t after_ns = -1;
  std::int64_t at_ns = -1;  // wall clock

 private:
  bool take_type(PyObject* type, TypeStrings* types);
  bool take_data(PyObject* data);
  bool take_encoded(PyRef encoded);
  bool take_names(PyObject* const* values, PyObject* names, bool data_allowed);
  bool take_named(PyObject* name, PyObject* value);
  bool take_time(PyObject* value);

  PyRef data_;
};

/// A str argument's UTF-8, valid as long as the object; false with a Python error set.
bool utf8_of(PyObject* text, const char* what, std::string_view& out);
/// An aware datetime or RFC 3339 text.
bool timestamp_of(PyObject* value, const char* what, Timestamp& out);

}  // namespace veltrix
