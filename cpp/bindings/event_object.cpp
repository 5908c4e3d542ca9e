#include "bindings/event_object.hpp"

#include <cstddef>

#include <structmember.h>

#include "veltrix/base/hash.hpp"

namespace veltrix {

PyTypeObject* event_type = nullptr;

namespace {

constexpr int kFreeEvents = 1'024;  // 100 KB; a batch of them comes and goes
EventObject* g_free[kFreeEvents];   // guarded by the GIL
int g_free_count = 0;

EventObject* allocate() {
  EventObject* event;
  if (g_free_count != 0) {
    event = g_free[--g_free_count];
    PyObject_Init(reinterpret_cast<PyObject*>(event), event_type);
  } else {
    event = PyObject_GC_New(EventObject, event_type);
    if (event == nullptr) return nullptr;
  }
  event->slot = nullptr;
  event->types = nullptr;
  event->data = event->decode = event->weak_references = nullptr;
  event->after_ns = event->at_ns = -1;
  event->bad_payload = false;
  return event;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  auto* event = reinterpret_cast<EventObject*>(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(event->data);
  Py_VISIT(event->decode);
  return 0;
}

int clear(PyObject* self) {
  Py_CLEAR(reinterpret_cast<EventObject*>(self)->data);
  return 0;
}

void deallocate(PyObject* self) {
  auto* event = reinterpret_cast<EventObject*>(self);
  // Tracked only once a payload was decoded: nothing else can take part in a cycle.
  if (PyObject_GC_IsTracked(self)) PyObject_GC_UnTrack(self);
  if (event->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  if (event->slot != nullptr && event->types == nullptr) release(event->slot);
  Py_CLEAR(event->data);
  Py_CLEAR(event->decode);
  PyTypeObject* type = Py_TYPE(self);
  if (g_free_count < kFreeEvents) {
    g_free[g_free_count++] = event;
  } else {
    PyObject_GC_Del(self);
  }
  Py_DECREF(type);
}

PyObject* repr(PyObject* self) {
  const PyRef type = PyRef::steal(PyObject_GetAttrString(self, "type"));
  const PyRef id = PyRef::steal(PyObject_GetAttrString(self, "id"));
  const PyRef data = PyRef::steal(PyObject_GetAttrString(self, "data"));
  if (!type || !id || !data) return nullptr;
  return PyUnicode_FromFormat("Event(%R, %R, id=%R)", type.get(), data.get(), id.get());
}

Py_hash_t hash(PyObject* self) {
  const EventView view(*reinterpret_cast<EventObject*>(self)->slot);
  std::array<char, kUuidTextSize> scratch;
  const Hash128 both = hash128(view.get(Attribute::kSource), view.id(scratch), 0);
  const auto value = static_cast<Py_hash_t>(both.low);
  return value == -1 ? -2 : value;
}

/// Equal: the same event, member for member.
PyObject* compare(PyObject* a, PyObject* b, int operation) {
  if (!is_event(b) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
  const PyRef left = PyRef::steal(PyObject_CallMethod(a, "to_json", nullptr));
  const PyRef right = PyRef::steal(PyObject_CallMethod(b, "to_json", nullptr));
  if (!left || !right) return nullptr;
  return PyObject_RichCompare(left.get(), right.get(), operation);
}

PyObject* make(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  // Only reached through tp_new directly (copyreg and friends); calls take the vectorcall way.
  return PyObject_Call(reinterpret_cast<PyObject*>(type), args, kwargs);
}

PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(EventObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

template <class Function>
void* slot_of(Function function) {
  return reinterpret_cast<void*>(function);
}

}  // namespace

std::string_view type_text(const EventObject* event) noexcept {
  if (event->slot->type != kNoType && event->types != nullptr) {
    return event->types->text(event->slot->type);
  }
  return EventView(*event->slot).get(Attribute::kType);
}

PyObject* new_event(Slot* slot, TypeStrings* types, PyObject* decode) {
  EventObject* event = allocate();
  if (event == nullptr) return nullptr;
  event->slot = slot;
  event->types = types;
  event->decode = Py_XNewRef(decode);
  return reinterpret_cast<PyObject*>(event);
}

PyObject* new_own_event(Slot* slot) {
  PyObject* event = new_event(slot, nullptr, nullptr);
  if (event == nullptr) release(slot);
  return event;
}

static Slot* copy_slot(const Slot& slot, std::string_view text) noexcept {
  EventFields fields;
  EventView(slot).fields(text, fields);
  fields.type_id = kNoType;
  auto copy = build_slot(nullptr, fields);
  if (!copy) return nullptr;
  (*copy)->sequence = slot.sequence;
  return *copy;
}

PyObject* copy_event(const Slot& slot, std::string_view text) {
  Slot* copy = copy_slot(slot, text);
  return copy != nullptr ? new_own_event(copy) : PyErr_NoMemory();
}

bool detach_event(EventObject* event) noexcept {
  Slot* copy = copy_slot(*event->slot, type_text(event));
  if (copy == nullptr) return false;
  event->slot = copy;
  event->types = nullptr;
  return true;
}

void bind_event(py::module_& module) {
  PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>("An immutable CloudEvents 1.0 event.")},
                         {Py_tp_new, slot_of(make)},
                         {Py_tp_dealloc, slot_of(deallocate)},
                         {Py_tp_traverse, slot_of(traverse)},
                         {Py_tp_clear, slot_of(clear)},
                         {Py_tp_repr, slot_of(repr)},
                         {Py_tp_hash, slot_of(hash)},
                         {Py_tp_richcompare, slot_of(compare)},
                         {Py_tp_methods, event_methods},
                         {Py_tp_members, members},
                         {Py_tp_getset, event_attributes},
                         {0, nullptr}};
  PyType_Spec spec{"veltrix._core.Event", sizeof(EventObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE, slots};
  event_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (event_type == nullptr) throw py::error_already_set();
  event_type->tp_vectorcall = event_vectorcall;
  module.add_object("Event", reinterpret_cast<PyObject*>(event_type));
}

}  // namespace veltrix
