#include "bindings/bind_worker.hpp"

#include "bindings/classes.hpp"
#include "bindings/context_object.hpp"
#include "bindings/event_object.hpp"

namespace veltrix {

namespace {

EventObject* event_of(const py::object& object) {
  if (!is_event(object.ptr())) throw py::type_error("an Event is handed over, nothing else");
  return reinterpret_cast<EventObject*>(object.ptr());
}

/// The event's JSON, whether its id was given, its delay and its due time (-1: none).
py::tuple event_to_wire(const py::object& object) {
  const EventObject* event = event_of(object);
  const bool given = (event->slot->flags & kGivenId) != 0;
  return py::make_tuple(object.attr("to_json")(), given, event->after_ns, event->at_ns);
}

py::object event_from_wire(const py::bytes& json, bool given, std::int64_t after_ns,
                           std::int64_t at_ns, const py::object& decode) {
  auto object = py::handle(reinterpret_cast<PyObject*>(event_type)).attr("from_json")(json);
  EventObject* event = event_of(object);
  // An id that we made gives way to the one that derives from the parent.
  if (!given) event->slot->flags &= static_cast<decltype(event->slot->flags)>(~kGivenId);
  event->after_ns = after_ns;
  event->at_ns = at_ns;
  if (!decode.is_none()) event->decode = Py_NewRef(decode.ptr());
  return object;
}

py::object make_context(const py::object& event, const py::str& queue, const py::object& state,
                        const py::tuple& counts) {
  const auto timeout = counts[2].cast<std::int64_t>();
  return py::reinterpret_steal<py::object>(
      new_context({nullptr, nullptr, event.ptr(), queue.ptr(), state.ptr(),
                   counts[0].cast<std::uint32_t>(), counts[1].cast<std::uint64_t>(), timeout}));
}

}  // namespace

void bind_worker(py::module_& module) {
  module.def("event_to_wire", event_to_wire, py::arg("event"));
  module.def("event_from_wire", event_from_wire, py::arg("json"), py::arg("given_id"),
             py::arg("after_ns"), py::arg("at_ns"), py::arg("decode") = py::none());
  module.def("make_context", make_context, py::arg("event"), py::arg("queue"), py::arg("state"),
             py::arg("counts"), "Counts: attempt, sequence, nanoseconds until the deadline or 0.");
}

}  // namespace veltrix
