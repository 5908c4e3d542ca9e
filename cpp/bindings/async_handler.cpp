#include "bindings/async_handler.hpp"

#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {

/// veltrix.loops.run_to_end(coroutine)
PyRef run_to_end(PyObject* coroutine) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.loops"));
  if (!module) return {};
  return enter_python([&] {
    return PyRef::steal(PyObject_CallMethod(module.get(), "run_to_end", "O", coroutine));
  });
}

}  // namespace

AsyncHandler::Attempt AsyncHandler::begin(Delivery& delivery, PythonThread& thread) {
  Attempt attempt;
  attempt.delivery = &delivery;
  attempt.may_be_last = may_be_last(delivery, state_.monitor().options(delivery.queue));
  attempt.event = new_event_of(delivery);
  if (!attempt.event) return attempt;
  auto* event = reinterpret_cast<EventObject*>(attempt.event.get());
  attempt.coroutine = PyRef::steal(call(event, delivery, thread));
  return attempt;
}

void AsyncHandler::end(Attempt& attempt, PyRef result, Settler& settler) {
  Delivery& delivery = *attempt.delivery;
  attempt.coroutine.reset();
  Outcome outcome = attempt.event ? conclude(std::move(result), std::move(attempt.event),
                                             *delivery.slot, settler, attempt.may_be_last)
                                  : failed(false);
  if (outcome.kind == OutcomeKind::kDone && outcome.follow_ups == nullptr) {
    settler.done(delivery);
  } else {
    settler.settle(delivery, std::move(outcome));
  }
  attempt.delivery = nullptr;
}

void AsyncHandler::run(Batch& batch, Settler& settler) noexcept {
  while (Delivery* delivery = batch.next()) {
    Attempt attempt = begin(*delivery, state_.loop_thread);
    PyRef result;
    if (attempt.coroutine) result = run_to_end(attempt.coroutine.get());
    end(attempt, std::move(result), settler);
  }
}

}  // namespace veltrix
