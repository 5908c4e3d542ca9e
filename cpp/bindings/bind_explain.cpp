// Where the events of a pipeline go, without an engine: for `explain`.

#include "veltrix/engine/plan.hpp"

#include "bindings/bind_options.hpp"
#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

std::unique_ptr<Plan> compile(const PipelineOptions& options) {
  auto plan = Plan::compile({options.engine, options.queues, options.routes}, 0);
  if (!plan) throw_error(plan.error());
  return std::move(*plan);
}

py::dict told(const RouteTable::Answer& answer) {
  py::dict out;
  out["route"] = answer.route;
  out["queue"] = answer.to;
  out["matched"] = answer.matched;
  out["reason"] = python_text(answer.reason);
  out["deciding"] = python_text(answer.deciding);
  out["values"] = python_text(answer.values);
  out["priority"] = answer.priority < 0 ? py::object(py::none()) : py::int_(answer.priority);
  return out;
}

py::list explain(const Plan& plan, const py::object& event) {
  if (!is_event(event.ptr())) throw py::type_error("explain takes an Event");
  const auto* object = reinterpret_cast<const EventObject*>(event.ptr());
  py::list out;
  for (const auto& answer : plan.routes->explain(EventView(*object->slot), type_text(object))) {
    out.append(told(answer));
  }
  return out;
}

}  // namespace

void bind_explain(py::module_& module) {
  py::class_<Plan>(module, "RoutePlan")
      .def(py::init(&compile), py::arg("options"))
      .def("explain", &explain, py::arg("event"), "Of each route whether it takes the event, why.");
}

}  // namespace veltrix
