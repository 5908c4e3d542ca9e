// The half of PythonHandler that runs generator functions: each yielded event is a follow-up.

#include "bindings/forks.hpp"
#include "bindings/python_handler.hpp"
#include "bindings/references.hpp"

namespace veltrix {

Outcome PythonHandler::consume(PyObject* generator, const Slot& parent, Settler& settler,
                               bool last_attempt) {
  Outcome outcome;
  while (true) {
    PyObject* yielded = nullptr;
    const PySendResult sent =
        enter_user_code([&] { return PyIter_Send(generator, Py_None, &yielded); });
    const PyRef value = PyRef::steal(yielded);
    bool go_on = sent == PYGEN_NEXT && emit(value.get(), parent, settler, outcome);
    if (go_on) continue;
    if (sent == PYGEN_RETURN) {
      Outcome ended =
          value.get() == Py_None ? Outcome() : judge(value.get(), parent, settler, false);
      ended.follow_ups = std::move(outcome.follow_ups);
      if (ended.kind == OutcomeKind::kDone) return ended;
      outcome = std::move(ended);
    } else {
      auto emitted = std::move(outcome.follow_ups);
      outcome = raised(last_attempt);
      outcome.follow_ups = std::move(emitted);
    }
    break;
  }
  // Outcome and follow-ups are one unit: an attempt that was not done emits nothing.
  if (outcome.follow_ups != nullptr) {
    for (Slot* slot : *outcome.follow_ups) settler.producer().discard(slot);
    outcome.follow_ups.reset();
  }
  return outcome;
}

bool PythonHandler::emit(PyObject* yielded, const Slot& parent, Settler& settler,
                         Outcome& outcome) {
  PyRef made;
  if (!is_event(yielded)) {
    PyObject* known = state_.payload_types
                          ? PyDict_GetItemWithError(state_.payload_types.get(),
                                                    reinterpret_cast<PyObject*>(Py_TYPE(yielded)))
                          : nullptr;
    if (known == nullptr) {
      if (!PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "handler '%s' yielded a %s; yield vx.Event(type, data)",
                     name_.c_str(), Py_TYPE(yielded)->tp_name);
      }
      return false;
    }
    made = PyRef::steal(PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(event_type),
                                                     PyTuple_GET_ITEM(known, 0), yielded, nullptr));
    if (!made) return false;
    yielded = made.get();
  }
  if (reinterpret_cast<EventObject*>(yielded)->slot->data_kind() == DataKind::kReference) {
    made = snapshot_of(reinterpret_cast<EventObject*>(yielded));
    if (!made) return false;
    yielded = made.get();
  }
  if (outcome.follow_ups == nullptr) outcome.follow_ups = std::make_unique<std::vector<Slot*>>();
  const std::size_t position = outcome.follow_ups->size();
  if (position >= kMaxFollowUps) {
    PyErr_Format(PyExc_RuntimeError, "handler '%s' yielded more than %zu events in one attempt",
                 name_.c_str(), kMaxFollowUps);
    return false;
  }
  auto slot = make_follow_up(reinterpret_cast<EventObject*>(yielded), parent, queue_, position,
                             settler.producer());
  if (slot && *slot != nullptr) outcome.follow_ups->push_back(*slot);
  if (!slot) {  // never fails the parent
    settler.producer().count_rejected();
    state_.monitor().warn(queue_, "follow_up_rejected",
                          "handler '" + name_ + "': its event " + std::to_string(position + 1) +
                              " was not taken: " + slot.error().message);
  }
  return true;
}

}  // namespace veltrix
