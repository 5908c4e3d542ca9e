#include "bindings/waiting_room.hpp"

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/executor.hpp"

#include "bindings/classes.hpp"
#include "bindings/python_attach.hpp"
#include "bindings/waiting.hpp"

namespace veltrix {

namespace {

void full(EngineState& state, int queue) {
  const QueueOptions& options = state.monitor().options(static_cast<std::uint16_t>(queue));
  set_error(ErrorCode::kQueueFull, "queue '" + options.name + "' is full (" +
                                       std::to_string(options.capacity_events) + " events, " +
                                       std::to_string(options.capacity_bytes) +
                                       " bytes); raise its capacity, add workers, or publish less");
}

/// Whether publish waits where that queue is full. A handler must not wait for room that only
/// handlers of the same engine make; a step engine has nobody who makes it.
bool blocks(EngineState& state, int queue) {
  const QueueOptions& options = state.monitor().options(static_cast<std::uint16_t>(queue));
  return options.overflow == Overflow::kBlock && state.engine &&
         !Executor::inside_handler_of(state.monitor());
}

}  // namespace

bool make_room(EngineState& state, Slot& slot, Patience patience) {
  Producer& producer = *state.producer;
  Monitor& monitor = state.monitor();
  int queue = producer.reserve(slot);
  if (queue < 0) return true;
  const std::int64_t timeout = monitor.options(static_cast<std::uint16_t>(queue)).overflow_timeout;
  const std::int64_t deadline = steady_ns() + timeout;
  if (patience == Patience::kTry && blocks(state, queue)) return false;
  bool again = patience == Patience::kAsTheQueueSays;
  while (again && blocks(state, queue)) {
    if (running_loop() != nullptr) {
      set_error(ErrorCode::kQueueFull,
                "queue '" + monitor.options(static_cast<std::uint16_t>(queue)).name +
                    "' is full, and to wait for room would stop the event loop of this thread; "
                    "`await engine.apublish(...)` waits without");
      return false;
    }
    const std::uint32_t ticket = monitor.room.prepare();
    queue = producer.reserve(slot);
    if (queue < 0) {
      monitor.room.cancel();
      return true;
    }
    {
      const Detached detached;
      again = producer.wait_for_room(ticket, deadline);
    }
    if (PyErr_CheckSignals() != 0) return false;
  }
  if (is_open(state)) full(state, queue);
  return false;
}

bool refuse_closed(EngineState& state) {
  if (!state.engine || (state.engine->begun() && is_open(state))) return false;
  const char* why = "the engine is not started; call start(), or use it in `with`";
  if (state.engine->begun()) why = state.stopped() ? "the engine has stopped" : "the engine stops";
  set_error(ErrorCode::kEngineStopped, why);
  return true;
}

bool is_open(EngineState& state) {
  const Monitor& monitor = state.monitor();
  if (!monitor.closed.load(std::memory_order_acquire)) return true;
  return Executor::inside_handler_of(monitor) && !monitor.drained.load(std::memory_order_acquire);
}

bool still_open(EngineState& state) {
  if (is_open(state)) return true;
  if (PyErr_Occurred() == nullptr) {
    set_error(ErrorCode::kEngineStopped, "the engine was stopped while this was published");
  }
  return false;
}

}  // namespace veltrix
