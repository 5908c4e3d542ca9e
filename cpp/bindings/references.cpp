#include "bindings/references.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"
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

bool takes_reference(Producer& producer, EventFields& fields) noexcept {
  if (fields.type_id == kNoType) fields.type_id = producer.types().intern(fields.type);
  const Monitor& monitor = producer.monitor();
  const Plan& plan = monitor.plan();
  const TypePlan& routing = plan.routes->plan_of(fields.type_id, fields.type);
  const auto takes = [&](std::uint16_t queue) { return monitor.options(queue).by_reference; };
  if (routing.takes_nothing()) return !plan.unmatched_target || takes(plan.unmatched_target->queue);
  return !routing.asked.data &&
         std::all_of(routing.targets.begin(), routing.targets.end(),
                     [&](const TargetPlan& target) { return takes(target.queue); }) &&
         std::all_of(routing.candidates.begin(), routing.candidates.end(),
                     [&](const Candidate& candidate) { return takes(candidate.rule.queue); });
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
