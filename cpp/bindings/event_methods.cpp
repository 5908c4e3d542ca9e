// Event(...), Event.from_json, Event.from_json_batch, event.to_json and pickling.

#include "veltrix/base/clock.hpp"
#include "veltrix/base/hash.hpp"
#include "veltrix/event/json_reader.hpp"
#include "veltrix/event/json_writer.hpp"

#include "bindings/argument_values.hpp"
#include "bindings/classes.hpp"
#include "bindings/event_arguments.hpp"
#include "bindings/event_object.hpp"
#include "bindings/references.hpp"

namespace veltrix {

JsonReader& shared_reader() {
  static JsonReader& shared = *new JsonReader();
  return shared;
}

namespace {

UuidV7Generator& ids() {
  static UuidV7Generator& generator = *new UuidV7Generator(random_seed());  // under the GIL
  return generator;
}

PyObject* build(EventFields& fields) {
  auto slot = build_slot(nullptr, fields);
  return slot ? new_own_event(*slot) : set_error(slot.error());
}

bool bytes_of(PyObject* json, std::string_view& out) {
  if (PyUnicode_Check(json)) return utf8_of(json, "json", out);
  if (!PyBytes_Check(json)) {
    PyErr_Format(PyExc_TypeError, "json must be bytes or str, not %s", Py_TYPE(json)->tp_name);
    return false;
  }
  out = {PyBytes_AS_STRING(json), static_cast<std::size_t>(PyBytes_GET_SIZE(json))};
  return true;
}

PyObject* parse_one(std::string_view json) {
  EventFields fields;
  auto read = shared_reader().read(json, false, fields);
  if (!read) return set_error(read.error());
  return build(fields);
}

PyObject* from_json(PyObject*, PyObject* json) {
  std::string_view bytes;
  if (!bytes_of(json, bytes)) return nullptr;
  return parse_one(bytes);
}

PyObject* from_json_batch(PyObject*, PyObject* json) {
  std::string_view bytes;
  if (!bytes_of(json, bytes)) return nullptr;
  auto parts = shared_reader().split_batch(bytes);
  if (!parts) return set_error(parts.error());
  PyRef list = PyRef::steal(PyList_New(0));
  if (!list) return nullptr;
  // The slices point into the reader's buffer, which the next read() may use anew.
  std::vector<std::string> copies(parts->begin(), parts->end());
  for (const std::string& part : copies) {
    const PyRef event = PyRef::steal(parse_one(part));
    if (!event || PyList_Append(list.get(), event.get()) != 0) return nullptr;
  }
  return list.release();
}

PyObject* to_json(PyObject* self, PyObject*) {
  auto* event = reinterpret_cast<EventObject*>(self);
  if (event->slot->data_kind() == DataKind::kReference) {
    const PyRef snapshot = snapshot_of(event);
    return snapshot ? to_json(snapshot.get(), nullptr) : nullptr;
  }
  std::string out;
  append_event_json(EventView(*event->slot), type_text(event), out);
  return PyBytes_FromStringAndSize(out.data(), static_cast<Py_ssize_t>(out.size()));
}

PyObject* reduce(PyObject* self, PyObject*) {
  PyObject* json = to_json(self, nullptr);
  if (json == nullptr) return nullptr;
  PyObject* loader = PyObject_GetAttrString(reinterpret_cast<PyObject*>(event_type), "from_json");
  return Py_BuildValue("N(N)", loader, json);
}

PyObject* class_getitem(PyObject* type, PyObject* item) { return Py_GenericAlias(type, item); }

}  // namespace

PyObject* event_vectorcall(PyObject*, PyObject* const* args, std::size_t nargs, PyObject* names) {
  EventArguments arguments;
  if (!arguments.parse(args, PyVectorcall_NARGS(nargs), names, nullptr)) return nullptr;
  EventFields& fields = arguments.fields;
  const std::int64_t now = wall_ns();
  if (!fields.given_id) fields.uuid = ids().next(now);
  if (fields.source.empty()) fields.source = "veltrix";
  if (!fields.has_time) fields.time = Timestamp::from_wall_ns(now);
  fields.has_time = true;
  PyObject* event = build(fields);
  if (event == nullptr) return nullptr;
  reinterpret_cast<EventObject*>(event)->after_ns = arguments.after_ns;
  reinterpret_cast<EventObject*>(event)->at_ns = arguments.at_ns;
  return event;
}

PyMethodDef event_methods[] = {
    {"from_json", from_json, METH_O | METH_STATIC,
     "from_json(json, /)\n--\n\nReads one CloudEvents 1.0 JSON object (bytes or str)."},
    {"from_json_batch", from_json_batch, METH_O | METH_STATIC,
     "from_json_batch(json, /)\n--\n\nReads a CloudEvents JSON batch: an array of events."},
    {"to_json", to_json, METH_NOARGS,
     "to_json($self, /)\n--\n\nThe event as one CloudEvents 1.0 JSON object (bytes)."},
    {"__reduce__", reduce, METH_NOARGS, "Pickles as JSON."},
    {"__class_getitem__", class_getitem, METH_O | METH_CLASS,
     "Event[T]: an event whose data is a T."},
    {nullptr, nullptr, 0, nullptr}};

}  // namespace veltrix
