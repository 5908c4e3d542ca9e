// Running engines of this process: none of their threads may outlive the interpreter.
//
// CPython destroys or hangs a native thread that asks for the GIL after finalisation has begun, so
// an atexit hook, registered when the module is imported, stops and joins them all while the GIL
// can still be had. In a forked child the threads do not exist: nothing is joined there, every call
// is refused.

#include <algorithm>

#include <pthread.h>

#include "veltrix/base/clock.hpp"

#include "bindings/classes.hpp"
#include "bindings/engine_state.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {

constexpr std::int64_t kExitPatience = 3 * kSecond;
constexpr std::int64_t kLastWord = kSecond / 2;  // for the log, after handlers took all of it

std::vector<EngineStatePtr>& running() {
  static auto& all = *new std::vector<EngineStatePtr>();  // leaked; guarded by the GIL
  return all;
}

/// Stops all of them without draining. A handler that does not return in time keeps its engine: its
/// thread sleeps once it asks for the GIL of an interpreter that is gone (python_attach.hpp).
void stop_all(std::int64_t patience_ns) {
  const std::int64_t until = steady_ns() + patience_ns;
  while (!running().empty()) {
    EngineStatePtr state = running().back();
    running().pop_back();
    bool ended = false;
    if (!state->forked()) {
      const Detached detached;
      (void)state->engine->stop(0, signal_pending, std::max<std::int64_t>(until - steady_ns(), 0));
      const std::int64_t left = std::max<std::int64_t>(until - steady_ns(), kLastWord);
      ended = state->reporter->stop(left) && state->stopped();
    }
    if (!ended) {
      new EngineStatePtr(state);  // never destroyed
      continue;
    }
    const py::error_scope interrupted;
    drop_handlers(*state);
  }
  if (PyErr_Occurred()) throw py::error_already_set();
}

void begin_child() {
  after_fork();
  g_fork_generation.fetch_add(1, std::memory_order_relaxed);
  GilArbiter::instance().forget_waiters();
  Executor::forget_handler();
}

}  // namespace

void register_engine(const EngineStatePtr& state) { running().push_back(state); }

void unregister_engine(const EngineState* state) {
  std::erase_if(running(), [&](const EngineStatePtr& other) { return other.get() == state; });
}

bool refuse_fork(const EngineState& state) {
  if (!state.forked()) return false;
  set_error(ErrorCode::kForked,
            "this engine belongs to the process that this one was forked from; its threads do not "
            "exist here: make a new engine, or use the 'spawn' start method");
  return true;
}

bool signal_pending() {
  return enter_python([] {
    const py::gil_scoped_acquire held;
    return PyErr_Occurred() != nullptr || PyErr_CheckSignals() != 0;
  });
}

void bind_registry(py::module_& module) {
  pthread_atfork(before_fork, after_fork, begin_child);
  module.def(
      "stop_all", [] { stop_all(kExitPatience); },
      "Stops every running engine without draining (what exit does).");
  py::module_::import("atexit").attr("register")(module.attr("stop_all"));
}

}  // namespace veltrix
