#pragma once
// Payloads by reference: slots that own a Python object. A slot may be given back on a thread
// without the GIL, so what it owned waits in a list for whoever has the GIL next.

#include "veltrix/engine/producer.hpp"

#include "bindings/event_object.hpp"

namespace veltrix {

/// Before the first event.
void install_reference_hooks();
/// Lets go of what has been given back; under the GIL. One load when there is nothing.
void drop_dead_references() noexcept;
/// Every queue that the event could go to takes payloads by reference (also where it has none), and
/// no condition looks at the payload.
bool takes_reference(Producer& producer, EventFields& fields) noexcept;
/// The same event with its payload encoded; null with a Python error set.
PyRef snapshot_of(EventObject* event);
/// The object of a slot of DataKind::kReference, borrowed.
inline PyObject* referenced_object(const Slot& slot) noexcept {
  return static_cast<PyObject*>(referenced_by(slot));
}

}  // namespace veltrix
