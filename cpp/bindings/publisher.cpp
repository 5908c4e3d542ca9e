#include "bindings/publisher.hpp"

#include <algorithm>

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/follow_up.hpp"

#include "bindings/classes.hpp"
#include "bindings/current_attempt.hpp"
#include "bindings/event_arguments.hpp"
#include "bindings/event_object.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/receipt_object.hpp"
#include "bindings/references.hpp"
#include "bindings/waiting_room.hpp"

namespace veltrix {

namespace {

PyTypeObject* publisher_type = nullptr;

struct Call {
  PyObject* self;
  Patience patience = Patience::kAsTheQueueSays;
};

PyObject* send(const Call& call, EventFields& fields, std::int64_t due) {
  PyObject* self = call.self;
  EngineState& state = state_of(self);
  Producer& producer = *state.producer;
  if (fields.data_kind == DataKind::kReference && !takes_reference(producer, fields)) {
    EventArguments plain;  // something on its way cannot do with a reference
    return plain.take_snapshot(fields) ? send(call, fields, due) : nullptr;
  }
  std::array<char, kUuidTextSize> scratch;
  if (const CurrentAttempt* attempt = CurrentAttempt::get(); attempt != nullptr) {
    inherit_trace(fields, EventView(*attempt->event->slot), scratch);
  }
  auto prepared = producer.prepare(fields, due);
  if (!prepared) {
    producer.count_rejected();
    return set_error(prepared.error());
  }
  Slot* slot = *prepared;
  if (slot == nullptr) {
    return new_receipt(self, nullptr,
                       producer.last_filtered() ? SlotState::kFiltered : SlotState::kUnmatched);
  }
  const bool has_room = make_room(state, *slot, call.patience);
  if (!still_open(state) || !has_room) {
    if (!has_room && PyErr_Occurred() == nullptr) {  // nothing has happened: tried again later
      producer.take_back(slot);
      Py_RETURN_NONE;
    }
    producer.count_rejected();
    has_room ? producer.discard(slot) : producer.abandon(slot);
    return nullptr;
  }
  // relaxed: not shared yet
  slot->refs.store(2, std::memory_order_relaxed);
  PyObject* receipt = new_receipt(self, slot);
  if (receipt == nullptr) return nullptr;
  producer.push(slot);
  GilArbiter& arbiter = GilArbiter::instance();
  arbiter.published();
  if (arbiter.wanted() && !Executor::inside_handler()) arbiter.hand_over();
  return receipt;
}

PyObject* send_event(const Call& call, EventObject* event, Py_ssize_t count, PyObject* names) {
  if (count != 1 || (names != nullptr && PyTuple_GET_SIZE(names) != 0)) {
    PyErr_SetString(PyExc_TypeError,
                    "publish(event) takes nothing else: an Event says all of it already");
    return nullptr;
  }
  EventFields fields;
  EventView(*event->slot).fields(type_text(event), fields);
  fields.type_id = kNoType;
  Producer& producer = *state_of(call.self).producer;
  return send(call, fields, due_of(producer, event->after_ns, event->at_ns));
}

/// Null: the arguments cannot be taken. What is not a mistake of the program counts as an event.
PyObject* refused(EngineState& state) {
  if (!PyErr_ExceptionMatches(PyExc_TypeError)) state.producer->count_rejected();
  return nullptr;
}

/// An instance of a class that was declared with @app.event.
PyObject* send_payload(const Call& call, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  EngineState& state = state_of(call.self);
  PyObject* known = state.payload_types
                        ? PyDict_GetItemWithError(state.payload_types.get(),
                                                  reinterpret_cast<PyObject*>(Py_TYPE(args[0])))
                        : nullptr;
  if (known == nullptr) {
    return PyErr_Occurred() != nullptr ? nullptr : refuse_object(state, args[0]);
  }
  if (count != 1) {
    PyErr_SetString(PyExc_TypeError, "publish(payload) takes no further positional argument");
    return nullptr;
  }
  EventArguments arguments;
  if (state.by_reference) arguments.keep_reference();
  if (!arguments.parse_declared({args[0], PyTuple_GET_ITEM(known, 0), PyTuple_GET_ITEM(known, 1)},
                                args + 1, names, state.types.get())) {
    return refused(state);
  }
  const std::int64_t due = due_of(*state.producer, arguments.after_ns, arguments.at_ns);
  return send(call, arguments.fields, due);
}

PyObject* publish_with(const Call& call, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  EngineState& state = state_of(call.self);
  if (refuse_fork(state) || refuse_closed(state)) return nullptr;
  drop_dead_references();
  if (count != 0 && !PyUnicode_Check(args[0])) {
    if (is_event(args[0])) {
      return send_event(call, reinterpret_cast<EventObject*>(args[0]), count, names);
    }
    return send_payload(call, args, count, names);
  }
  EventArguments arguments;
  if (state.by_reference) arguments.keep_reference();
  if (!arguments.parse(args, count, names, state.types.get())) return refused(state);
  return send(call, arguments.fields, due_of(*state.producer, arguments.after_ns, arguments.at_ns));
}

/// None where publish() would wait for room.
PyObject* try_publish(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return publish_with({self, Patience::kTry}, args, count, names);
}

PyObject* publish_now(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return publish_with({self, Patience::kNone}, args, count, names);
}

void deallocate(PyObject* self) {
  delete reinterpret_cast<PublisherObject*>(self)->state;
  PyTypeObject* type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"publish", fast(publish), METH_FASTCALL | METH_KEYWORDS,
     "publish(type, data=None, *, id=None, source=None, subject=None, time=None, key=None, "
     "priority=None, at=None, after=None)\n\nTakes one event in and returns its Receipt."},
    {"try_publish", fast(try_publish), METH_FASTCALL | METH_KEYWORDS,
     "The same, but None where it would wait for room."},
    {"publish_now", fast(publish_now), METH_FASTCALL | METH_KEYWORDS,
     "The same, but QueueFullError where it would wait for room."},
    {"publish_each", publish_each, METH_VARARGS,
     "publish_each(items, type, options, receipts)\n\nPublishes them one after the other and "
     "appends their receipts."},
    {nullptr, nullptr, 0, nullptr}};

}  // namespace

PyObject* publish(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return publish_with({self}, args, count, names);
}

PyObject* publish_fields(PyObject* publisher, EventFields& fields) {
  return send({publisher}, fields, 0);
}

std::int64_t due_of(Producer& producer, std::int64_t after_ns, std::int64_t at_ns) {
  constexpr std::int64_t kLongest = kSecond * 86'400 * 36'500;  // a hundred years
  if (after_ns < 0 && at_ns < 0) return 0;
  const std::int64_t now = producer.monitor().now();
  const std::int64_t delay = after_ns >= 0 ? after_ns : at_ns - producer.wall_of(now);
  return delay <= 0 ? 0 : std::min(now, INT64_MAX / 2) + std::min(delay, kLongest);
}

PyObject* new_publisher(const EngineStatePtr& state) {
  auto* self = PyObject_New(PublisherObject, publisher_type);
  if (self == nullptr) return nullptr;
  self->state = new EngineStatePtr(state);
  return reinterpret_cast<PyObject*>(self);
}

void bind_publisher(py::module_&) {
  PyType_Slot slots[] = {
      {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)}, {Py_tp_methods, methods}, {0, nullptr}};
  PyType_Spec spec{"veltrix._core._Publisher", sizeof(PublisherObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  publisher_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (publisher_type == nullptr) throw py::error_already_set();
}

}  // namespace veltrix
