#pragma once
// Dead letters and timelines as plain Python values, and what can be done about them; the same for
// the engine and the step engine.

#include <optional>
#include <string>

#include "bindings/engine_state.hpp"

namespace veltrix {

/// One dict a dead letter, oldest first, each with a copy of its event. `key`: of that key only.
py::list dead_letters_of(EngineState& state, const std::optional<std::string>& key);
/// `letters`: pairs of a letter's number and an Event to run in its place, or None. Gives how many
/// were accepted anew.
std::size_t redrive_letters(EngineState& state, const py::list& letters, std::int64_t spacing);
/// Names of the queues in which something of that id was dropped.
py::list cancel_event(EngineState& state, const std::string& id, const std::string& source);
/// One dict an event with that id.
py::list timelines_of(EngineState& state, const std::string& id);

/// The methods of both engine classes.
template <class Bound>
void def_operations(Bound& bound) {
  using Object = typename Bound::type;
  bound
      .def(
          "dead_letters",
          [](Object& self, const std::optional<std::string>& key) {
            return dead_letters_of(self.state(), key);
          },
          py::arg("key") = py::none())
      .def(
          "redrive",
          [](Object& self, const py::list& letters, std::int64_t spacing) {
            return redrive_letters(self.state(), letters, spacing);
          },
          py::arg("letters"), py::arg("spacing") = 0)
      .def(
          "cancel",
          [](Object& self, const std::string& id, const std::string& source) {
            return cancel_event(self.state(), id, source);
          },
          py::arg("id"), py::arg("source") = "")
      .def(
          "timeline",
          [](Object& self, const std::string& id) { return timelines_of(self.state(), id); },
          py::arg("id"));
}

}  // namespace veltrix
