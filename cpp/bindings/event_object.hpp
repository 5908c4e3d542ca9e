#pragma once
// `veltrix.Event`: a raw C-API type over a slot, with a freelist. Attributes are made when they are
// read; `data` is decoded once and kept.
//
// While a handler runs, its event borrows the delivery's slot. An Event that somebody still holds
// afterwards is copied off that slot into a heap slot of its own (detach_event()), so that slots
// never outlive their budget. An Event made by a user has a heap slot from the beginning.

#include <cstdint>

#include "veltrix/event/event_fields.hpp"

#include "bindings/py_ref.hpp"
#include "bindings/type_strings.hpp"

namespace veltrix {

class JsonReader;

struct EventObject {
  PyObject_HEAD Slot* slot;  // null: under construction
  TypeStrings* types;        // of the engine whose slot is borrowed; null: the slot is our own
  PyObject* data;            // decoded payload, or null: not asked for yet
  PyObject* decode;          // bytes -> object, or null: plain JSON
  PyObject* weak_references;
  std::int64_t after_ns;  // delay given by the user, -1: none
  std::int64_t at_ns;     // wall clock time given by the user, -1: none
  bool bad_payload;       // data was asked for and did not decode
};

extern PyTypeObject* event_type;
inline bool is_event(PyObject* object) noexcept { return Py_TYPE(object) == event_type; }

/// An Event over a borrowed slot. `decode`: borrowed, may be null.
PyObject* new_event(Slot* slot, TypeStrings* types, PyObject* decode);
/// An Event that owns a heap slot (takes over its reference).
PyObject* new_own_event(Slot* slot);
/// A copy off any slot, owned by the new Event.
PyObject* copy_event(const Slot& slot, std::string_view type_text);
/// The handler is over: copies the event off its slot if somebody still holds it. False: no memory.
bool detach_event(EventObject* event) noexcept;
std::string_view type_text(const EventObject* event) noexcept;
/// New reference: the decoded payload.
PyObject* event_data(EventObject* event);

/// Of all Python threads, under the GIL; what it read is used up before another thread may run.
JsonReader& shared_reader();

void bind_event(py::module_& module);

// Parts of the type, one file each.
extern PyGetSetDef event_attributes[];
extern PyMethodDef event_methods[];
PyObject* event_vectorcall(PyObject* type, PyObject* const* args, std::size_t nargs,
                           PyObject* names);

}  // namespace veltrix
