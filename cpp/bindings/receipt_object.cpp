#include "bindings/receipt_object.hpp"

#include <algorithm>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/queue/delivery.hpp"

#include "bindings/classes.hpp"
#include "bindings/publisher.hpp"
#include "bindings/receipt_waiting.hpp"

namespace veltrix {

namespace {

struct ReceiptObject {
  PyObject_HEAD Slot* slot;
  PyObject* publisher;
};

PyTypeObject* receipt_type = nullptr;
constexpr int kFreeReceipts = 64;
ReceiptObject* g_free[kFreeReceipts];  // guarded by the GIL
int g_free_count = 0;

ReceiptObject* receipt_of(PyObject* self) { return reinterpret_cast<ReceiptObject*>(self); }

SlotState state_in(const ReceiptObject* receipt) {
  return receipt->slot == nullptr ? SlotState::kUnmatched
                                  : receipt->slot->state.load(std::memory_order_acquire);
}

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

bool await_acceptance(ReceiptObject* receipt, PyObject* timeout) {
  EngineState& state = state_of(receipt->publisher);
  if (!wait_until(state, timeout, [&] { return state_in(receipt) != SlotState::kPublished; })) {
    return false;
  }
  if (state_in(receipt) == SlotState::kConflict) {
    set_error(ErrorCode::kConflict,
              "its source and id were accepted with another payload; give it an id of its own");
    return false;
  }
  if (state_in(receipt) != SlotState::kRejected) return true;
  set_error(ErrorCode::kCommitFailed, "the event could not be stored; publish it again");
  return false;
}

PyObject* accepted(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* timeout = nullptr;
  if (!timeout_of(args, count, names, timeout)) return nullptr;
  if (!await_acceptance(receipt_of(self), timeout)) return nullptr;
  return Py_NewRef(self);
}

const char* outcome_name(DeliveryState state) {
  return state == DeliveryState::kDone ? "done" : state == DeliveryState::kDead ? "dead" : "drop";
}

/// What became of each delivery so far; of a duplicate: of the first one's. False: not over yet.
bool look_up(ReceiptObject* receipt, Monitor& monitor, std::vector<DeliveryState>& out) {
  out.clear();
  const bool duplicate = state_in(receipt) == SlotState::kDuplicate;
  if (duplicate) monitor.lock();
  std::size_t place = 0;
  for (const Delivery* d = &first_delivery(*receipt->slot); d != nullptr; d = d->sibling, ++place) {
    if (!duplicate) {
      out.push_back(d->state.load(std::memory_order_acquire));
      continue;
    }
    const auto fate = monitor.machine().dispatcher().fates().find(receipt->slot->sequence, place);
    if (!fate) break;  // too long ago: nothing is told
    out.push_back(*fate);
  }
  if (duplicate) monitor.unlock();
  return std::all_of(out.begin(), out.end(),
                     [](DeliveryState state) { return state >= DeliveryState::kDone; });
}

PyObject* settled(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* timeout = nullptr;
  if (!timeout_of(args, count, names, timeout)) return nullptr;
  ReceiptObject* receipt = receipt_of(self);
  if (!await_acceptance(receipt, timeout)) return nullptr;
  PyRef outcomes = PyRef::steal(PyDict_New());
  if (!outcomes || state_in(receipt) == SlotState::kUnmatched) return outcomes.release();
  EngineState& state = state_of(receipt->publisher);
  std::vector<DeliveryState> states;
  if (!wait_until(state, timeout, [&] { return look_up(receipt, state.monitor(), states); })) {
    return nullptr;
  }
  const Delivery* d = &first_delivery(*receipt->slot);
  for (const DeliveryState fate : states) {
    const auto outcome = PyRef::steal(PyUnicode_FromString(outcome_name(fate)));
    const std::string& queue = state.monitor().options(d->queue).name;
    if (!outcome || PyDict_SetItemString(outcomes.get(), queue.c_str(), outcome.get()) != 0) {
      return nullptr;
    }
    d = d->sibling;
  }
  return outcomes.release();
}

PyObject* get_id(PyObject* self, void*) {
  const ReceiptObject* receipt = receipt_of(self);
  if (receipt->slot == nullptr) Py_RETURN_NONE;
  std::array<char, kUuidTextSize> scratch;
  const std::string_view id = EventView(*receipt->slot).id(scratch);
  return PyUnicode_DecodeUTF8(id.data(), static_cast<Py_ssize_t>(id.size()), nullptr);
}

PyObject* get_state(PyObject* self, void*) {
  static constexpr const char* kNames[] = {"published", "accepted",  "duplicate",
                                           "rejected",  "unmatched", "conflict"};
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

PyCFunction fast(PyObject* (*function)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef methods[] = {
    {"accepted", fast(accepted), METH_FASTCALL | METH_KEYWORDS,
     "accepted(timeout=None)\n\nWaits until the event is accepted, or known to be a duplicate."},
    {"settled", fast(settled), METH_FASTCALL | METH_KEYWORDS,
     "settled(timeout=None)\n\nWaits until all its deliveries are over: {queue: outcome}."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"id", get_id, nullptr, "The event's id.", nullptr},
    {"state", get_state, nullptr,
     "'published', 'accepted', 'duplicate', 'rejected', 'unmatched' or 'conflict'.", nullptr},
    {"sequence", get_sequence, nullptr, "The engine's sequence once accepted, else None.", nullptr},
    {"duplicate_of", get_duplicate, nullptr,
     "Of a duplicate: the sequence of the event that it repeats; else None.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyObject* new_receipt(PyObject* publisher, Slot* slot) {
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
  receipt->publisher = Py_NewRef(publisher);
  return reinterpret_cast<PyObject*>(receipt);
}

void bind_receipt(py::module_& module) {
  PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>("What becomes of a published event.")},
                         {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                         {Py_tp_repr, reinterpret_cast<void*>(repr)},
                         {Py_tp_methods, methods},
                         {Py_tp_getset, attributes},
                         {0, nullptr}};
  PyType_Spec spec{
      "veltrix._core.Receipt", sizeof(ReceiptObject), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, slots};
  receipt_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (receipt_type == nullptr) throw py::error_already_set();
  module.add_object("Receipt", reinterpret_cast<PyObject*>(receipt_type));
}

}  // namespace veltrix
