#include "bindings/waiting.hpp"

#include <algorithm>

#include "veltrix/base/clock.hpp"

#include "bindings/classes.hpp"
#include "bindings/python_attach.hpp"

namespace veltrix {

const PyObject* running_loop() {
  const PyRef name = PyRef::steal(PyUnicode_FromString("asyncio"));
  // Where nobody has imported it, nobody runs a loop.
  const PyRef asyncio = PyRef::steal(name ? PyImport_GetModule(name.get()) : nullptr);
  if (!asyncio) {
    PyErr_Clear();
    return nullptr;
  }
  const PyRef loop = PyRef::steal(PyObject_CallMethod(asyncio.get(), "_get_running_loop", nullptr));
  if (!loop) PyErr_Clear();
  return loop.get() == Py_None ? nullptr : loop.get();
}

bool deadline_of(PyObject* timeout, std::int64_t& deadline) {
  deadline = INT64_MAX;
  if (timeout == nullptr || timeout == Py_None) return true;
  const PyRef ns = PyRef::steal(PyObject_CallOneArg(classes().parse_duration, timeout));
  if (ns) deadline = steady_ns() + PyLong_AsLongLong(ns.get());
  return bool(ns);
}

bool wait_until(EngineState& state, std::int64_t deadline, const std::function<bool()>& reached) {
  if (refuse_fork(state)) return false;
  Monitor& monitor = state.monitor();
  while (!reached()) {
    if (Executor::inside_handler_of(monitor)) {
      set_error(ErrorCode::kDeadlock,
                "a handler must not wait for a receipt: it holds its executor");
      return false;
    }
    if (!state.engine || state.stopped()) {
      set_error(ErrorCode::kEngineStopped, state.engine ? "the engine stopped before this was known"
                                                        : "run the simulation first");
      return false;
    }
    if (state.loop != nullptr && running_loop() == state.loop) {
      set_error(ErrorCode::kDeadlock,
                "this would stop the event loop that runs the handlers; `await receipt`, or "
                "`await receipt.asettled()`, waits without");
      return false;
    }
    const std::int64_t left = deadline - steady_ns();
    if (left <= 0) {
      set_error(ErrorCode::kTimeout, "not known within the timeout; the event itself goes on");
      return false;
    }
    {
      const Detached detached;
      const std::uint32_t ticket = monitor.receipts.prepare();
      if (reached() || state.stopped()) {
        monitor.receipts.cancel();
      } else {
        monitor.receipts.wait(ticket, std::min(left, 50 * kMillisecond));
      }
    }
    if (PyErr_CheckSignals() != 0) return false;
  }
  return true;
}

bool timeout_of(PyObject* const* args, Py_ssize_t count, PyObject* names, PyObject*& timeout) {
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  const bool known =
      named == 0 || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "timeout") == 0;
  if (count + named <= 1 && known) {
    timeout = count + named == 1 ? args[0] : nullptr;
    return true;
  }
  PyErr_SetString(PyExc_TypeError, "the only argument is timeout");
  return false;
}

}  // namespace veltrix
