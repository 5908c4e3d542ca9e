#pragma once
// How a receipt waits: without the GIL, in slices, so that Ctrl-C and stop() end it.

#include <functional>

#include "bindings/engine_state.hpp"

namespace veltrix {

/// Waits until `reached`, which is asked with and without the GIL. `timeout`: a duration, None or
/// null. False with a Python error set: timeout, stopped engine, called inside a handler, a signal.
bool wait_until(EngineState& state, PyObject* timeout, const std::function<bool()>& reached);

/// The only argument `timeout` of a METH_FASTCALL method; null when it is not given.
bool timeout_of(PyObject* const* args, Py_ssize_t count, PyObject* names, PyObject*& timeout);

}  // namespace veltrix
