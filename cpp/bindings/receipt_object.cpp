#include "bindings/receipt_object.hpp"

#include "bindings/publisher.hpp"

namespace veltrix {

namespace {

PyTypeObject* receipt_type = nullptr;
constexpr int kFreeReceipts = 64;
ReceiptObject* g_free[kFreeReceipts];  // guarded by the GIL
int g_free_count = 0;

void deallocate(PyObject* self) {
  ReceiptObject* receipt = receipt_of(self);
  if (receipt->slot != nullptr) release(receipt->slot);
  Py_DECREF(receipt->publisher);
  if (g_free_count < kFreeReceipts) {
    g_free[g_free_count++] = receipt;
    return;
  }
  PyTypeObject* type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

PyObject* get_owner(PyObject* self, void*) {
  return PyLong_FromVoidPtr(&state_of(receipt_of(self)->publisher));
}

PyObject* get_id(PyObject* self, void*) {
  const ReceiptObject* receipt = receipt_of(self);
  if (receipt->slot == nullptr) Py_RETURN_NONE;
  std::array<char, kUuidTextSize> scratch;
  const std::string_view id = EventView(*receipt->slot).id(scratch);
  return PyUnicode_DecodeUTF8(id.data(), static_cast<Py_ssize_t>(id.size()), nullptr);
}

PyObject* get_state(PyObject* self, void*) {
  static constexpr const char* kNames[] = {"published", "accepted", "duplicate", "rejected",
                                           "unmatched", "conflict", "filtered"};
  return PyUnicode_FromString(kNames[static_cast<std::size_t>(state_in(receipt_of(self)))]);
}

PyObject* sequence_if(PyObject* self, SlotState wanted) {
  const ReceiptObject* receipt = receipt_of(self);
  if (state_in(receipt) != wanted) Py_RETURN_NONE;
  return PyLong_FromUnsignedLongLong(receipt->slot->sequence);
}

PyObject* get_sequence(PyObject* self, void*) { return sequence_if(self, SlotState::kAccepted); }
PyObject* get_duplicate(PyObject* self, void*) { return sequence_if(self, SlotState::kDuplicate); }

PyObject* repr(PyObject* self) {
  const PyRef id = PyRef::steal(get_id(self, nullptr));
  const PyRef state = PyRef::steal(get_state(self, nullptr));
  return PyUnicode_FromFormat("Receipt(id=%R, state=%R)", id.get(), state.get());
}

PyGetSetDef attributes[] = {
    {"id", get_id, nullptr, "The event's id.", nullptr},
    {"state", get_state, nullptr,
     "'published', 'accepted', 'duplicate', 'rejected', 'unmatched', 'filtered' or 'conflict'.",
     nullptr},
    {"sequence", get_sequence, nullptr, "The engine's sequence once accepted, else None.", nullptr},
    {"duplicate_of", get_duplicate, nullptr,
     "Of a duplicate: the sequence of the event that it repeats; else None.", nullptr},
    {"_owner", get_owner, nullptr, "Names its engine.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyObject* new_receipt(PyObject* publisher, Slot* slot, SlotState dropped) {
  ReceiptObject* receipt;
  if (g_free_count != 0) {
    receipt = g_free[--g_free_count];
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(receipt), 1);
  } else {
    receipt = PyObject_New(ReceiptObject, receipt_type);
    if (receipt == nullptr) {
      if (slot != nullptr) release(slot, 2);
      return nullptr;
    }
  }
  receipt->slot = slot;
  receipt->dropped = dropped;
  receipt->publisher = Py_NewRef(publisher);
  return reinterpret_cast<PyObject*>(receipt);
}

void bind_receipt(py::module_& module) {
  PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>("What becomes of a published event.")},
                         {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                         {Py_tp_repr, reinterpret_cast<void*>(repr)},
                         {Py_tp_methods, receipt_methods},
                         {Py_tp_getset, attributes},
                         {Py_am_await, reinterpret_cast<void*>(await_receipt)},
                         {0, nullptr}};
  PyType_Spec spec{
      "veltrix._core.Receipt", sizeof(ReceiptObject), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, slots};
  receipt_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (receipt_type == nullptr) throw py::error_already_set();
  module.add_object("Receipt", reinterpret_cast<PyObject*>(receipt_type));
}

}  // namespace veltrix
