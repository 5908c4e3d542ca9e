#include "bindings/references.hpp"

#include <atomic>
#include <mutex>
#include <vector>

#include "veltrix/queue/delivery.hpp"

#include "bindings/classes.hpp"
#include "bindings/event_arguments.hpp"

namespace veltrix {

namespace {

struct Dead {
  std::atomic<bool> any{false};
  std::mutex mutex;
  std::vector<PyObject*> objects;  // GUARDED_BY(mutex)
};

Dead& dead() {
  static Dead& all = *new Dead();  // leaked: slots may outlive static destructors
  return all;
}

void take(void* object) noexcept { Py_INCREF(static_cast<PyObject*>(object)); }

int drop_pending(void*) {
  drop_dead_references();
  return 0;
}

void drop(void* object) noexcept {
  bool first = false;
  try {
    const std::lock_guard guard(dead().mutex);
    dead().objects.push_back(static_cast<PyObject*>(object));
    first = !dead().any.exchange(true, std::memory_order_acq_rel);
  } catch (const std::bad_alloc&) {
    return;  // it is leaked rather than dropped without the GIL
  }
  // If nobody publishes and no handler runs, the main thread does it, once.
  if (first && Py_IsInitialized() != 0) Py_AddPendingCall(drop_pending, nullptr);
}

}  // namespace

bool all_by_reference(const Monitor& monitor, const Slot& slot) noexcept {
  if (is_untaken(slot.state.load(std::memory_order_relaxed))) return true;
  for (const Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
    if (!monitor.options(d->queue).by_reference) return false;
  }
  return true;
}

PyRef snapshot_of(EventObject* event) {
  EventFields fields;
  EventView(*event->slot).fields(type_text(event), fields);
  fields.type_id = kNoType;
  EventArguments plain;
  if (!plain.take_snapshot(fields)) return {};
  auto slot = build_slot(nullptr, fields);
  if (!slot) {
    set_error(slot.error());
    return {};
  }
  PyRef copy = PyRef::steal(new_own_event(*slot));
  if (!copy) return copy;
  auto* made = reinterpret_cast<EventObject*>(copy.get());
  made->after_ns = event->after_ns;
  made->at_ns = event->at_ns;
  return copy;
}

void install_reference_hooks() { set_reference_hooks({take, drop}); }

void drop_dead_references() noexcept {
  if (!dead().any.load(std::memory_order_relaxed)) return;
  std::vector<PyObject*> objects;
  {
    const std::lock_guard guard(dead().mutex);
    objects.swap(dead().objects);
    dead().any.store(false, std::memory_order_relaxed);
  }
  for (PyObject* object : objects) Py_DECREF(object);  // may run any code: no lock is held
}

}  // namespace veltrix
