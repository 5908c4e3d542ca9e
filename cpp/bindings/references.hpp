#pragma once
// Payloads by reference: slots that own a Python object. A slot may be given back on a thread
// without the GIL, so what it owned waits in a list for whoever has the GIL next.

#include "veltrix/engine/monitor.hpp"

#include "bindings/event_object.hpp"

namespace veltrix {

/// Before the first event.
void install_reference_hooks();
/// Lets go of what has been given back; under the GIL. One load when there is nothing.
void drop_dead_references() noexcept;
/// Every queue of the event takes payloads by reference; also where it has no queue.
bool all_by_reference(const Monitor& monitor, const Slot& slot) noexcept;
/// The same event with its payload encoded; null with a Python error set.
PyRef snapshot_of(EventObject* event);
/// The object of a slot of DataKind::kReference, borrowed.
inline PyObject* referenced_object(const Slot& slot) noexcept {
  return static_cast<PyObject*>(referenced_by(slot));
}

}  // namespace veltrix
