#pragma once
// `veltrix.Receipt`: what publish gives back. It holds a reference to the event's slot and reads
// what becomes of it; the core knows nothing of receipts. Thrown away at once, it costs two counter
// updates.

#include "bindings/engine_state.hpp"

namespace veltrix {

/// `publisher`: keeps the engine's state, and so the slot's memory, alive. `slot`: a reference that
/// the receipt takes over; null: the event was dropped at the door, as `dropped` says.
PyObject* new_receipt(PyObject* publisher, Slot* slot,
                      SlotState dropped = SlotState::kUnmatched);
void bind_receipt(py::module_& module);

struct ReceiptObject {
  PyObject_HEAD Slot* slot;
  PyObject* publisher;
  SlotState dropped;  // without a slot
};

inline ReceiptObject* receipt_of(PyObject* self) { return reinterpret_cast<ReceiptObject*>(self); }
inline SlotState state_in(const ReceiptObject* receipt) {
  return receipt->slot == nullptr ? receipt->dropped
                                  : receipt->slot->state.load(std::memory_order_acquire);
}

// receipt_waiting.cpp: how to wait for it, and for what it tells.
extern PyMethodDef receipt_methods[];
PyObject* await_receipt(PyObject* self);

}  // namespace veltrix
