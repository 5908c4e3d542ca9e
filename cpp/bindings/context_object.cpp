#include "bindings/context_object.hpp"

#include "bindings/python.hpp"

#include <cstddef>
#include <ctime>

#include <structmember.h>

namespace veltrix {

namespace {

struct ContextObject {
  PyObject_HEAD PyObject* event;
  PyObject* queue;
  PyObject* state;
  PyObject* deadline;
  unsigned attempt;
  unsigned long long sequence;
  char cancelled;
};

PyTypeObject* context_type = nullptr;

ContextObject* context_of(PyObject* self) { return reinterpret_cast<ContextObject*>(self); }

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
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_Del(self);
  Py_DECREF(type);
}

PyObject* get_idempotency_key(PyObject* self, void*) {
  // Source and id name the event, the queue the effect: the same on every attempt.
  const PyRef id = PyRef::steal(PyObject_GetAttrString(context_of(self)->event, "id"));
  const PyRef source = PyRef::steal(PyObject_GetAttrString(context_of(self)->event, "source"));
  if (!id || !source) return nullptr;
  return PyUnicode_FromFormat("%U#%U@%U", source.get(), id.get(), context_of(self)->queue);
}

PyMemberDef members[] = {
    {"attempt", T_UINT, offsetof(ContextObject, attempt), READONLY,
     "Number of this attempt; the first is 1."},
    {"sequence", T_ULONGLONG, offsetof(ContextObject, sequence), READONLY,
     "The engine's sequence of the event."},
    {"queue", T_OBJECT, offsetof(ContextObject, queue), READONLY, "Name of the queue."},
    {"state", T_OBJECT, offsetof(ContextObject, state), READONLY,
     "What @app.lifespan put there, or None."},
    {"deadline", T_OBJECT, offsetof(ContextObject, deadline), READONLY,
     "When the attempt times out, as time.monotonic() counts; None: never."},
    {"cancelled", T_BOOL, offsetof(ContextObject, cancelled), READONLY,
     "Whether the delivery was cancelled meanwhile."},
    {nullptr, 0, 0, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"idempotency_key", get_idempotency_key, nullptr,
     "The same text on every attempt of this delivery, for services that take one.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

namespace {

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
  context->event = Py_NewRef(facts.event);
  context->queue = Py_NewRef(facts.queue);
  context->state = Py_NewRef(facts.state);
  context->deadline = deadline_in(facts.timeout_ns);
  context->attempt = facts.attempt;
  context->sequence = facts.sequence;
  context->cancelled = 0;
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
