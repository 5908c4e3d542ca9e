#pragma once
// How calls wait for the engine: without the GIL, in slices, so that Ctrl-C and stop() end it; and
// never on a thread whose event loop would stand still.

#include <cstdint>
#include <functional>

#include "bindings/engine_state.hpp"

namespace veltrix {

/// The event loop that runs on this thread, or null; to compare, not to use.
const PyObject* running_loop();

/// `timeout` from now on, by steady_ns(): a duration; None or null: never. False with an error set.
bool deadline_of(PyObject* timeout, std::int64_t& deadline);

/// Waits until `reached`, which is asked with and without the GIL. False with a Python error set:
/// the deadline is over, stopped engine, called inside a handler or on an event loop, a signal.
bool wait_until(EngineState& state, std::int64_t deadline, const std::function<bool()>& reached);

/// The only argument `timeout` of a METH_FASTCALL method; null when it is not given.
bool timeout_of(PyObject* const* args, Py_ssize_t count, PyObject* names, PyObject*& timeout);

}  // namespace veltrix
