#pragma once
// `_core.LoopRun`: what a task of the event loop awaits to run a worker's batches. It starts the
// coroutine of one event after the other; one that does not have to wait for anything costs neither
// a task nor a turn of the loop. When one does wait, the worker steps aside, the pool looks for
// another worker, and the task waits for it. A run ends when nothing is ready, or after an event
// that left context variables behind: the next event shall not see them.

#include "bindings/async_handler.hpp"

namespace veltrix {

/// A new reference: a run of `worker`, which has picked. `look` is called when the pool shall look
/// for more work.
PyObject* new_loop_run(const EngineStatePtr& state, Worker& worker, PyObject* look);
void bind_loop_run(py::module_& module);

}  // namespace veltrix
