#pragma once
// The attempt at work on this thread, for whoever is called by a handler: what it publishes carries
// its trace on. A pointer to facts on the handler's stack: entering costs two stores.

#include "bindings/python.hpp"

#include <cstdint>

namespace veltrix {

struct EventObject;

class CurrentAttempt {
 public:
  /// `event` and `queue` are borrowed, under the GIL.
  CurrentAttempt(EventObject* its_event, PyObject* its_queue, std::uint32_t number) noexcept
      : event(its_event), queue(its_queue), attempt(number), outer_(t_current) {
    t_current = this;
  }
  ~CurrentAttempt() { t_current = outer_; }
  CurrentAttempt(const CurrentAttempt&) = delete;
  CurrentAttempt& operator=(const CurrentAttempt&) = delete;

  /// Of this thread; null: it runs no handler.
  static const CurrentAttempt* get() noexcept { return t_current; }

  EventObject* const event;
  PyObject* const queue;
  const std::uint32_t attempt;

 private:
  const CurrentAttempt* const outer_;  // a simulation inside a handler
  static inline thread_local const CurrentAttempt* t_current = nullptr;
};

void bind_current_attempt(py::module_& module);

}  // namespace veltrix
