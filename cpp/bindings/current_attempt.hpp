#pragma once
// The attempt at work on this thread, for whoever is called by a handler: what it publishes carries
// its trace on. A pointer to facts on the handler's stack: entering costs two stores.

#include "bindings/python.hpp"

#include <array>
#include <cstdint>

#include "veltrix/base/uuid.hpp"
#include "veltrix/event/event_fields.hpp"

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

/// What an event that says nothing of it takes over from the one that it comes of: the trace and
/// the correlation. `scratch` holds the text of the id while `fields` is in use.
void inherit_trace(EventFields& fields, const EventView& from,
                   std::array<char, kUuidTextSize>& scratch);

void bind_current_attempt(py::module_& module);

}  // namespace veltrix
