#pragma once
// `veltrix.Receipt`: what publish gives back. It holds a reference to the event's slot and reads
// what becomes of it; the core knows nothing of receipts. Thrown away at once, it costs two counter
// updates.

#include "bindings/engine_state.hpp"

namespace veltrix {

/// `publisher`: keeps the engine's state, and so the slot's memory, alive. `slot`: a reference that
/// the receipt takes over; null: the event was dropped at the door, as `unmatched: drop` says.
PyObject* new_receipt(PyObject* publisher, Slot* slot);
void bind_receipt(py::module_& module);

}  // namespace veltrix
