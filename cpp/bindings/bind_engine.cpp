// `_core.Engine` and `_core.HandlerSpec`.

#include "bindings/bind_engine.hpp"

#include "bindings/bind_statistics.hpp"
#include "bindings/classes.hpp"
#include "bindings/construction.hpp"
#include "bindings/dead_letters.hpp"
#include "bindings/garbage.hpp"
#include "bindings/publisher.hpp"
#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {

class PyEngine {
 public:
  PyEngine(const PipelineOptions& options, const HandlerSpecs& specs)
      : state_(make_engine(options, specs)), name_(options.engine.name) {}

  py::object publisher() const {
    const auto object = py::reinterpret_steal<py::object>(new_publisher(state_));
    return object.attr("publish");
  }

  /// `host`: None where somebody else's event loop runs the handlers that need one.
  void start(const py::object& host) {
    check_fork();
    if (!state_->engine->begun() && !host.is_none()) host_loop(state_, host);
    auto started = [&] {
      const Detached detached;
      return state_->engine->start();
    }();
    if (!started) throw_error(started.error());
    state_->reporter->start();
    unregister_engine(state_.get());
    register_engine(state_);
  }

  py::object watch_room() const { return new_watch(state_, true); }
  py::object loop_pool() const { return new_loop_pool(state_); }

  py::dict stop(std::int64_t grace) {
    check_fork();
    const EngineStatePtr held = state_;
    // Closed under the GIL: whatever publish() has taken in before is seen by the drain.
    if (!Executor::inside_handler_of(state_->monitor())) state_->monitor().closed.store(true);
    bool ended = false;
    auto report = [&] {
      const Detached detached;
      auto stopped = state_->engine->stop(grace, signal_pending);
      ended = state_->stopped() && state_->reporter->stop(Engine::kPatience);
      return stopped;
    }();
    if (!report) throw_error(report.error());
    if (ended) {
      const py::error_scope interrupted;  // a Ctrl-C may be pending; what is dropped may run code
      unregister_engine(state_.get());
      drop_handlers(*state_);
    }
    if (PyErr_Occurred()) throw py::error_already_set();
    return to_dict(*report);
  }

  py::dict drain(std::optional<std::int64_t> timeout) {
    check_fork();
    if (Executor::inside_handler_of(state_->monitor())) {
      throw_error({ErrorCode::kDeadlock,
                   "drain() inside a handler would wait for that handler; call it elsewhere"});
    }
    const DrainReport report = [&] {
      const Detached detached;
      return state_->engine->drain(timeout.value_or(-1), signal_pending);
    }();
    if (PyErr_Occurred()) throw py::error_already_set();
    return to_dict(report);
  }

  bool inside_handler() const { return Executor::inside_handler_of(state_->monitor()); }

  py::dict stats() const {
    check_fork();
    const EngineStatistics statistics = [&] {
      const Detached detached;
      return state_->engine->statistics();
    }();
    py::dict out = to_dict(statistics);
    out["name"] = name_;
    out["running"] = state_->engine->running();
    out["sources"] = sources_of(*state_);
    out["executors"] = executors_of(*state_);
    return out;
  }

  void set_payload_types(const py::dict& types) {
    state_->payload_types = PyRef::borrow(types.ptr());
  }
  void set_report(const py::object& report) { state_->reporter->set(report.ptr()); }
  void warn(const std::string& code, const std::string& text) {
    const EngineStatePtr held = state_;
    const Detached detached;
    held->monitor().warn(kNoQueue, code, text);
  }
  EngineState& state() const {
    check_fork();
    return *state_;
  }
  const EngineStatePtr& state_ptr() const { return state_; }
  py::list sources() const {
    check_fork();
    return sources_of(*state_);
  }

 private:
  void check_fork() const {
    if (refuse_fork(*state_)) throw py::error_already_set();
  }
  EngineStatePtr state_;
  const std::string name_;
};

}  // namespace

void bind_engine(py::module_& module) {
  py::class_<HandlerSpec>(module, "HandlerSpec", "How a Python handler is called.")
      .def(py::init([](py::object function, bool wants_context, std::string argument,
                       py::object decoder, py::object lifespan, std::string name,
                       py::tuple retry_on, py::tuple dead_on, bool on_loop, std::uint32_t threads) {
             return HandlerSpec{std::move(function),
                                wants_context,
                                std::move(argument),
                                std::move(decoder),
                                std::move(lifespan),
                                std::move(name),
                                std::move(retry_on),
                                std::move(dead_on),
                                on_loop,
                                threads};
           }),
           py::arg("function"), py::kw_only(), py::arg("wants_context") = false,
           py::arg("argument") = "event", py::arg("decoder") = py::none(),
           py::arg("lifespan") = py::none(), py::arg("name") = "",
           py::arg("retry_on") = py::tuple(), py::arg("dead_on") = py::tuple(),
           py::arg("on_loop") = false, py::arg("threads") = 0);
  py::class_<PyEngine> engine(module, "Engine", "The native engine.", collectable<PyEngine>());
  def_operations(engine);
  engine
      .def(py::init<const PipelineOptions&, const HandlerSpecs&>(), py::arg("plan"),
           py::arg("handlers"))
      .def_property_readonly("publish", &PyEngine::publisher, "The publishing function.")
      .def("start", &PyEngine::start, py::arg("host"))
      .def("loop_pool", &PyEngine::loop_pool)
      .def("watch_room", &PyEngine::watch_room)
      .def("stop", &PyEngine::stop, py::arg("drain_timeout"), "Nanoseconds; 0: do not drain.")
      .def("drain", &PyEngine::drain, py::arg("timeout"), "Nanoseconds; None: no limit.")
      .def(
          "finished",
          [](PyEngine& e, std::int64_t timeout) {
            return e.drain(timeout)["drained"].cast<bool>();
          },
          py::arg("timeout"))
      .def("inside_handler", &PyEngine::inside_handler, "Whether one of its own runs here.")
      .def("stats", &PyEngine::stats)
      .def("set_payload_types", &PyEngine::set_payload_types, py::arg("types"))
      .def("set_report", &PyEngine::set_report, py::arg("report"), "Who is told of dead letters.")
      .def("warn", &PyEngine::warn, py::arg("code"), py::arg("text"), "Tells people something.")
      .def("sources", &PyEngine::sources);
}

}  // namespace veltrix
