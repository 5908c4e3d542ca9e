#include "bindings/context_object.hpp"

#include "bindings/python.hpp"

#include <cstddef>
#include <ctime>
#include <memory>

#include <structmember.h>

#include "veltrix/base/clock.hpp"
#include "veltrix/queue/delivery.hpp"

#include "bindings/event_object.hpp"

namespace veltrix {

namespace {

PyTypeObject* context_type = nullptr;
// Where nobody can ask the engine: by then housekeeping has seen that an attempt is too long.
constexpr std::int64_t kUntilFenced = 20 * kMillisecond;

/// What only the context of one event has. False: an AttributeError is set that says where to look.
bool of_one_event(PyObject* self, const char* name, const char* cure) {
  if (context_of(self)->event != nullptr) return true;
  PyErr_Format(PyExc_AttributeError, "the context of a batch has no '%s': %s", name, cure);
  return false;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(context_of(self)->event);
  Py_VISIT(context_of(self)->state);
  return 0;
}

int clear(PyObject* self) {
  Py_CLEAR(context_of(self)->event);
  Py_CLEAR(context_of(self)->state);
  return 0;
}

void deallocate(PyObject* self) {
  PyObject_GC_UnTrack(self);
  clear(self);
  Py_CLEAR(context_of(self)->queue);
  Py_CLEAR(context_of(self)->deadline);
  std::destroy_at(&context_of(self)->engine);
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_Del(self);
  Py_DECREF(type);
}

PyObject* get_idempotency_key(PyObject* self, void*) {
  if (!of_one_event(self, "idempotency_key", "make f'{event.source}#{event.id}@{ctx.queue}'")) {
    return nullptr;
  }
  // Source and id name the event, the queue the effect: the same on every attempt.
  const PyRef id = PyRef::steal(PyObject_GetAttrString(context_of(self)->event, "id"));
  const PyRef source = PyRef::steal(PyObject_GetAttrString(context_of(self)->event, "source"));
  if (!id || !source) return nullptr;
  return PyUnicode_FromFormat("%U#%U@%U", source.get(), id.get(), context_of(self)->queue);
}

PyObject* get_attempt(PyObject* self, void*) {
  if (!of_one_event(self, "attempt", "ask ctx.attempt_of(event)")) return nullptr;
  return PyLong_FromUnsignedLong(context_of(self)->attempt);
}

PyObject* get_sequence(PyObject* self, void*) {
  if (!of_one_event(self, "sequence", "each of its events has its own")) return nullptr;
  return PyLong_FromUnsignedLongLong(context_of(self)->sequence);
}

/// Housekeeping has given the attempt up: what its handler still returns changes nothing.
bool was_fenced(const ContextObject& context, Monitor& monitor) {
  auto* event = reinterpret_cast<EventObject*>(context.event);
  if (event->types == nullptr) return false;  // the attempt is over
  monitor.lock();
  const bool mine = context.delivery->attempt == context.attempt &&
                    context.delivery->state.load() == DeliveryState::kRunning;
  monitor.unlock();
  return !mine;
}

PyObject* get_cancelled(PyObject* self, void*) {
  const ContextObject* context = context_of(self);
  const EngineStatePtr engine = context->engine.lock();
  // acquire: what stop() did before
  const bool given_up =
      context->in_engine && (!engine || engine->monitor().drained.load(std::memory_order_acquire));
  bool late = context->ends_ns != 0 && steady_ns() >= context->ends_ns;
  if (late && context->delivery != nullptr && engine) {
    late = was_fenced(*context, engine->monitor());
  } else if (late) {
    late = steady_ns() >= context->ends_ns + kUntilFenced;
  }
  return PyBool_FromLong(given_up || late ? 1 : 0);
}

PyMemberDef members[] = {
    {"queue", T_OBJECT, offsetof(ContextObject, queue), READONLY, "Name of the queue."},
    {"state", T_OBJECT, offsetof(ContextObject, state), READONLY,
     "What @app.lifespan put there, or None."},
    {"deadline", T_OBJECT, offsetof(ContextObject, deadline), READONLY,
     "When the attempt times out, as time.monotonic() counts; None: never."},
    {nullptr, 0, 0, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"attempt", get_attempt, nullptr, "Number of this attempt; the first is 1.", nullptr},
    {"cancelled", get_cancelled, nullptr,
     "Nobody waits for this attempt any more: it is over its timeout, or the engine has stopped.",
     nullptr},
    {"sequence", get_sequence, nullptr, "The engine's sequence of the event.", nullptr},
    {"idempotency_key", get_idempotency_key, nullptr,
     "The same text on every attempt of this delivery, for services that take one.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

/// On the clock of time.monotonic(), as a handler can compare it. New reference, None where
/// there is no timeout, or no memory.
PyObject* deadline_in(std::int64_t timeout_ns) {
  if (timeout_ns == 0) return Py_NewRef(Py_None);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
  PyObject* deadline = PyFloat_FromDouble(seconds + static_cast<double>(timeout_ns) / 1e9);
  if (deadline != nullptr) return deadline;
  PyErr_Clear();
  return Py_NewRef(Py_None);
}

}  // namespace

PyObject* new_context(const AttemptFacts& facts) {
  auto* context = PyObject_GC_New(ContextObject, context_type);
  if (context == nullptr) return nullptr;
  context->event = Py_XNewRef(facts.event);
  context->queue = Py_NewRef(facts.queue);
  context->state = Py_NewRef(facts.state);
  context->deadline = deadline_in(facts.timeout_ns);
  context->attempt = facts.attempt;
  context->sequence = facts.sequence;
  context->ends_ns = facts.timeout_ns == 0 ? 0 : steady_ns() + facts.timeout_ns;
  context->call = facts.call;
  context->delivery = facts.delivery;
  context->in_engine = facts.engine != nullptr;
  new (&context->engine) std::weak_ptr<EngineState>();
  if (facts.engine != nullptr) context->engine = facts.engine->weak_from_this();
  PyObject_GC_Track(context);
  return reinterpret_cast<PyObject*>(context);
}

void bind_context(py::module_& module) {
  PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>("What a handler may know of its attempt.")},
                         {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                         {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                         {Py_tp_clear, reinterpret_cast<void*>(clear)},
                         {Py_tp_members, members},
                         {Py_tp_getset, attributes},
                         {Py_tp_methods, context_methods},
                         {0, nullptr}};
  PyType_Spec spec{"veltrix._core.Context", sizeof(ContextObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                       Py_TPFLAGS_IMMUTABLETYPE,
                   slots};
  context_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (context_type == nullptr) throw py::error_already_set();
  module.add_object("Context", reinterpret_cast<PyObject*>(context_type));
}

}  // namespace veltrix
