#include "bindings/current_attempt.hpp"

#include "bindings/event_object.hpp"

namespace veltrix {

void bind_current_attempt(py::module_& module) {
  module.def(
      "current_attempt",
      []() -> py::object {
        const CurrentAttempt* attempt = CurrentAttempt::get();
        if (attempt == nullptr) return py::none();
        const py::handle event(reinterpret_cast<PyObject*>(attempt->event));
        return py::make_tuple(event.attr("id"), py::handle(attempt->queue), attempt->attempt);
      },
      "Event id, queue and number of the attempt at work on this thread, or None.");
}

}  // namespace veltrix
