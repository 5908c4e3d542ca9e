#pragma once
// An `async def` function as a queue's handler: a coroutine for each event, run by the engine's
// event loop (loop_run.hpp). In virtual time each runs to its end at once.

#include "bindings/python_handler.hpp"

namespace veltrix {

class AsyncHandler final : public PythonHandler {
 public:
  using PythonHandler::PythonHandler;

  /// Of a step engine, the only one that calls it.
  void run(Batch& batch, Settler& settler) noexcept override;

  /// One attempt at work.
  struct Attempt {
    Delivery* delivery = nullptr;
    PyRef event;
    PyRef coroutine;  // null: it could not be made, a Python error is set
    std::uint16_t number = 0;
    bool may_be_last = false;
    EventObject* object() const noexcept { return reinterpret_cast<EventObject*>(event.get()); }
  };
  Attempt begin(Delivery& delivery, PythonThread& thread);
  /// Lets its coroutine go on.
  PySendResult send(Attempt& attempt, PyObject* value, PyObject** out);
  /// The same, with an exception for it: null and an error when it ends by that.
  PyRef send_error(Attempt& attempt, PyObject* thrown);
  /// `result`: what the coroutine returned; null: the Python error that is set.
  void end(Attempt& attempt, PyRef result, Settler& settler);
};

}  // namespace veltrix
