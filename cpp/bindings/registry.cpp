// Running engines of this process: none of their threads may outlive the interpreter.
//
// CPython destroys or hangs a native thread that asks for the GIL after finalisation has begun, so an
// atexit hook, registered when the module is imported, stops and joins them all while the GIL can still
// be had. In a forked child the threads do not exist: nothing is joined there, every call is refused.

#include <pthread.h>

#include <algorithm>
#include <atomic>

#include "bindings/classes.hpp"
#include "bindings/engine_state.hpp"

namespace veltrix {

namespace {

std::atomic<unsigned> g_generation{0};

std::vector<EngineStatePtr>& running() {
  static auto& all = *new std::vector<EngineStatePtr>();  // leaked; guarded by the GIL
  return all;
}


void stop_all() {
  while (!running().empty()) {
    EngineStatePtr state = running().back();
    running().pop_back();
    if (state->generation != fork_generation()) {
      new EngineStatePtr(state);  // of another process: its threads are not here; never destroyed
      continue;
    }
    {
      const py::gil_scoped_release released;
      (void)state->engine->stop(0);
    }
    drop_handlers(*state);
  }
}

}  // namespace

void register_engine(const EngineStatePtr& state) { running().push_back(state); }

void unregister_engine(const EngineState* state) {
  std::erase_if(running(), [&](const EngineStatePtr& other) { return other.get() == state; });
}

unsigned fork_generation() noexcept { return g_generation.load(std::memory_order_relaxed); }

bool refuse_fork(const EngineState& state) {
  if (state.generation == fork_generation()) return false;
  set_error(ErrorCode::kForked,
            "this engine belongs to the process that this one was forked from; its threads do not "
            "exist here: make a new engine, or use the 'spawn' start method");
  return true;
}

bool signal_pending() {
  const py::gil_scoped_acquire held;
  return PyErr_CheckSignals() != 0;
}

void bind_registry(py::module_& module) {
  pthread_atfork(nullptr, nullptr,
                 [] { g_generation.fetch_add(1, std::memory_order_relaxed); });
  py::module_::import("atexit").attr("register")(py::cpp_function(stop_all));
  module.def("stop_all", stop_all, "Stops every running engine without draining (what exit does).");
}

}  // namespace veltrix
