#pragma once
// The arguments of Event(...) and of publish(...), which are the same, as EventFields. The views
// point into the Python objects, which the caller keeps alive; the encoded payload is kept here.

#include <cstdint>

#include "veltrix/event/event_fields.hpp"

#include "bindings/py_ref.hpp"
#include "bindings/type_strings.hpp"

namespace veltrix {

class EventArguments {
 public:
  /// False: a Python error is set. `types`: where the type is interned, or null.
  /// publish(type, data=None, *, id, source, subject, time, key, priority, at, after)
  bool parse(PyObject* const* args, Py_ssize_t count, PyObject* names, TypeStrings* types);
  /// A payload of a declared class.
  struct Declared {
    PyObject* payload;
    PyObject* type;
    PyObject* encode;  // payload -> bytes
  };
  bool parse_declared(const Declared& declared, PyObject* const* args, PyObject* names,
                      TypeStrings* types);

  /// The payload is kept as the object that it is.
  void keep_reference() noexcept { by_reference_ = true; }
  /// Encodes the payload of `other`, which is by reference, and puts it there. False: a Python
  /// error is set. The text is kept here.
  bool take_snapshot(EventFields& other);

  EventFields fields;
  std::int64_t after_ns = -1;
  std::int64_t at_ns = -1;  // wall clock

 private:
  bool take_type(PyObject* type, TypeStrings* types);
  bool take_data(PyObject* data);
  bool take_encoded(PyRef encoded, PyObject* source);
  bool take_names(PyObject* const* values, PyObject* names, bool data_allowed);
  bool take_named(PyObject* name, PyObject* value);
  bool take_time(PyObject* value);
  PyObject* type_by_name(PyObject* const* values, PyObject* names);

  bool take_reference(PyObject* object);

  bool by_reference_ = false;
  PyObject* referenced_ = nullptr;  // borrowed; `fields.data` is its address
  PyRef data_;
  Py_ssize_t named_type_at_ = -1;  // among the names, where the type was given by name
};

}  // namespace veltrix
