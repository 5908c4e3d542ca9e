#pragma once

#include "bindings/engine_state.hpp"

namespace veltrix {

void bind_engine(py::module_& module);
void bind_step_engine(py::module_& module);
void bind_loop(py::module_& module);
void bind_watch(py::module_& module);
/// `_core.Watch` of the engine's receipts, or of the room in its queues.
py::object new_watch(const EngineStatePtr& state, bool room);
/// `_core.LoopPool` of an engine with handlers for an event loop, else None.
py::object new_loop_pool(const EngineStatePtr& state);
/// Before the start: `host(pool)` runs the loop on a thread of the engine's.
void host_loop(const EngineStatePtr& state, const py::object& host);

}  // namespace veltrix
