#pragma once
// `_core.LoopRun`: what a task of the event loop awaits to run a worker's batches. It starts the
// coroutine of one event after the other; one that does not have to wait for anything costs neither
// a task nor a turn of the loop. When one does wait, the worker steps aside, the pool looks for
// another worker, and the task waits for it. A run ends when nothing is ready, or after an event
// that left context variables behind: the next event shall not see them.

#include "bindings/async_handler.hpp"

namespace veltrix {

class LoopRun {
 public:
  LoopRun(const EngineStatePtr& state, Worker& worker, PyObject* look)
      : state_(state), worker_(&worker), look_(PyRef::borrow(look)) {}

  /// Goes on; what the task shall wait for, or PYGEN_RETURN when the run is over.
  PySendResult send(PyObject* value, PyObject** out);
  /// The attempt at work gets what the task throws: null if it is over, and so is the run.
  PyRef cancel(PyObject* thrown);
  /// The loop is gone: what is at work has failed.
  void close();
  /// The attempt at work was given up.
  bool fenced() const noexcept { return worker_ != nullptr && worker_->fenced(); }
  int traverse(visitproc visit, void* arg) const;

 private:
  LoopPool& pool() { return *state_->engine->loop_pool(); }
  AsyncHandler& handler() {
    return static_cast<AsyncHandler&>(*state_->handlers[worker_->batch().queue().id]);
  }
  PySendResult advance(PyObject* value, PyObject** out);
  void wait();
  bool begin_next();
  void conclude(PyRef result);
  bool context_changed();
  void finish();
  void look_if_asked();

  EngineStatePtr state_;
  Worker* worker_;  // null: the run is over
  PyRef look_;
  AsyncHandler::Attempt attempt_;
  PyRef context_;  // as it was before the first event
  std::int64_t slice_began_ = 0;
  bool aside_ = false;
  bool look_again_ = false;
};

/// A new reference: a run of `worker`, which has picked. `look` is called when the pool shall look
/// for more work.
PyObject* new_loop_run(const EngineStatePtr& state, Worker& worker, PyObject* look);
void bind_loop_run(py::module_& module);

}  // namespace veltrix
