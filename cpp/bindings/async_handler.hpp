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
    bool may_be_last = false;
  };
  Attempt begin(Delivery& delivery, PythonThread& thread);
  /// `result`: what the coroutine returned; null: the Python error that is set.
  void end(Attempt& attempt, PyRef result, Settler& settler);
};

}  // namespace veltrix
