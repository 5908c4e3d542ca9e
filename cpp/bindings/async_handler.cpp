#include "bindings/async_handler.hpp"

#include "bindings/current_attempt.hpp"
#include "bindings/forks.hpp"

namespace veltrix {

namespace {

/// veltrix.loops.run_to_end(coroutine)
PyRef run_to_end(PyObject* coroutine) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.loops"));
  if (!module) return {};
  return enter_user_code([&] {
    return PyRef::steal(PyObject_CallMethod(module.get(), "run_to_end", "O", coroutine));
  });
}

}  // namespace

AsyncHandler::Attempt AsyncHandler::begin(Delivery& delivery, PythonThread& thread) {
  Attempt attempt;
  attempt.delivery = &delivery;
  attempt.number = delivery.attempt;
  attempt.may_be_last = may_be_last(delivery.attempt, state_.monitor().options(delivery.queue));
  attempt.event = new_event_of(delivery);
  if (!attempt.event) return attempt;
  const CurrentAttempt at_work(attempt.object(), queue_name_.get(), attempt.number);
  attempt.coroutine = PyRef::steal(call(attempt.object(), delivery, thread));
  return attempt;
}

PySendResult AsyncHandler::send(Attempt& attempt, PyObject* value, PyObject** out) {
  const CurrentAttempt at_work(attempt.object(), queue_name_.get(), attempt.number);
  PyObject* coroutine = attempt.coroutine.get();
  return enter_user_code([=] { return PyIter_Send(coroutine, value, out); });
}

PyRef AsyncHandler::send_error(Attempt& attempt, PyObject* thrown) {
  const CurrentAttempt at_work(attempt.object(), queue_name_.get(), attempt.number);
  const PyRef method = PyRef::steal(PyObject_GetAttrString(attempt.coroutine.get(), "throw"));
  if (!method) return {};
  return enter_user_code(
      [&] { return PyRef::steal(PyObject_Call(method.get(), thrown, nullptr)); });
}

void AsyncHandler::end(Attempt& attempt, PyRef result, Settler& settler) {
  Delivery& delivery = *attempt.delivery;
  attempt.coroutine.reset();
  Outcome outcome = attempt.event ? conclude(std::move(result), std::move(attempt.event),
                                             *delivery.slot, settler, attempt.may_be_last)
                                  : failed(false);
  hand_in(delivery, std::move(outcome), settler);
  attempt.delivery = nullptr;
}

void AsyncHandler::run(Batch& batch, Settler& settler) noexcept {
  while (Delivery* delivery = batch.next()) {
    Attempt attempt = begin(*delivery, state_.loop_thread);
    PyRef result;
    if (attempt.coroutine) {
      const CurrentAttempt at_work(attempt.object(), queue_name_.get(), attempt.number);
      result = run_to_end(attempt.coroutine.get());
    }
    end(attempt, std::move(result), settler);
  }
}

}  // namespace veltrix
