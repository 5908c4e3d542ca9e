// `_core.StepEngine`, behind veltrix.testing.Simulation.

#include "bindings/bind_engine.hpp"
#include "bindings/bind_statistics.hpp"
#include "bindings/classes.hpp"
#include "bindings/construction.hpp"
#include "bindings/dead_letters.hpp"
#include "bindings/garbage.hpp"
#include "bindings/publisher.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

const char* outcome_name(DeliveryState state) {
  switch (state) {
    case DeliveryState::kDone:
      return "done";
    case DeliveryState::kDead:
      return "dead";
    case DeliveryState::kDropped:
      return "drop";
    default:
      return "retry";
  }
}

class PyStepEngine {
 public:
  PyStepEngine(const PipelineOptions& options, const HandlerSpecs& specs, std::uint64_t seed)
      : state_(make_step_engine(options, specs, seed)), name_(options.engine.name) {}

  py::object publisher() const {
    return py::reinterpret_steal<py::object>(new_publisher(state_)).attr("publish");
  }

  /// The handlers run here, under the caller's GIL.
  void run(std::optional<std::int64_t> until) {
    state_->step->run(until.value_or(-1));
    if (std::exchange(state_->interrupted, false)) PyErr_SetNone(PyExc_KeyboardInterrupt);
    if (PyErr_Occurred()) throw py::error_already_set();
  }

  void fail(const std::string& queue, const py::object& exception, std::uint32_t times) {
    PythonHandler* handler = state_->handlers[number_of(queue)];
    if (handler == nullptr) {
      throw_error({ErrorCode::kInvalidOption, "queue '" + queue + "' has a sink, not a handler"});
    }
    if (times != 0) handler->inject(exception.ptr(), times);
  }

  py::list attempts(const std::string& queue) {
    const std::size_t number = number_of(queue);
    py::list out;
    for (const AttemptRecord& record : state_->step->attempts()) {
      if (record.queue == number) out.append(to_dict(record));
    }
    return out;
  }

  py::dict stats() {
    py::dict out = veltrix::to_dict(state_->step->statistics());
    out["name"] = name_;
    out["running"] = false;
    out["sources"] = py::list();
    out["executors"] = py::list();
    return out;
  }
  EngineState& state() const { return *state_; }
  const EngineStatePtr& state_ptr() const { return state_; }
  void close() { state_->step_thread.leave(); }
  void set_loop_resources(const py::object& resources) {
    state_->loop_thread.resources = PyRef::borrow(resources.ptr());
  }
  std::int64_t now() const { return state_->step->now(); }
  void set_payload_types(const py::dict& types) {
    state_->payload_types = PyRef::borrow(types.ptr());
  }

 private:
  py::dict to_dict(const AttemptRecord& record) {
    Monitor& monitor = state_->monitor();
    const std::string_view type =
        record.slot->type == kNoType ? std::string_view() : monitor.types.text(record.slot->type);
    py::dict out;
    out["event"] = copied_event(*record.slot, type);
    out["attempt"] = record.attempt;
    out["outcome"] = outcome_name(record.state);
    out["code"] = python_text(record.code);
    out["text"] = python_text(record.text);
    out["started"] = record.at_ns;
    out["finished"] = record.at_ns;
    return out;
  }

  std::size_t number_of(const std::string& queue) {
    for (std::size_t i = 0; i < state_->monitor().queue_count(); ++i) {
      if (state_->monitor().options(static_cast<std::uint16_t>(i)).name == queue) return i;
    }
    throw_error({ErrorCode::kInvalidOption, "there is no queue '" + queue + "'"});
  }

  EngineStatePtr state_;
  const std::string name_;
};

}  // namespace

void bind_step_engine(py::module_& module) {
  py::class_<PyStepEngine> engine(module, "StepEngine",
                                  "The engine without threads, in virtual time.",
                                  collectable<PyStepEngine>());
  def_operations(engine);
  engine
      .def(py::init<const PipelineOptions&, const HandlerSpecs&, std::uint64_t>(), py::arg("plan"),
           py::arg("handlers"), py::arg("seed") = 0)
      .def_property_readonly("publish", &PyStepEngine::publisher, "The publishing function.")
      .def("run", &PyStepEngine::run, py::arg("until") = py::none())
      .def("now", &PyStepEngine::now)
      .def("set_loop_resources", &PyStepEngine::set_loop_resources, py::arg("resources"))
      .def("close", &PyStepEngine::close, "Leaves the lifespan, if a handler entered it.")
      .def("fail", &PyStepEngine::fail, py::arg("queue"), py::arg("exception"),
           py::arg("times") = 1)
      .def("attempts", &PyStepEngine::attempts, py::arg("queue"))
      .def("stats", &PyStepEngine::stats)
      .def("set_payload_types", &PyStepEngine::set_payload_types, py::arg("types"));
}

}  // namespace veltrix
