#include "bindings/garbage.hpp"

#include "bindings/python_handler.hpp"

namespace veltrix {

namespace {

bool threads_may_run(const EngineState& state) {
  return state.engine && state.engine->begun() && !state.engine->stopped();
}

}  // namespace

int visit_references(const EngineState& state, visitproc visit, void* arg) {
  if (threads_may_run(state) || state.forked()) return 0;
  for (const PythonHandler* handler : state.handlers) {
    const int result = handler == nullptr ? 0 : handler->traverse(visit, arg);
    if (result != 0) return result;
  }
  Py_VISIT(state.step_thread.lifespan.get());
  Py_VISIT(state.step_thread.resources.get());
  Py_VISIT(state.loop_thread.resources.get());
  Py_VISIT(state.loop_host.get());
  Py_VISIT(state.payload_types.get());
  return 0;
}

void clear_references(EngineState& state) noexcept {
  if (threads_may_run(state) || state.forked()) return;
  drop_handlers(state);
  state.payload_types.reset();
}

}  // namespace veltrix
