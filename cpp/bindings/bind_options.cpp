// The option structs, for `veltrix.pipeline` to fill in. Names and defaults are the C++ ones.

#include "bindings/bind_options.hpp"

#include "veltrix/match/route_key.hpp"
#include "veltrix/match/type_pattern.hpp"

#include "bindings/classes.hpp"

namespace veltrix {

namespace {

void bind_enums(py::module_& module) {
  py::native_enum<Order>(module, "Order", "enum.Enum", "What keeps its order in a queue.")
      .value("KEY", Order::kKey)
      .value("NONE", Order::kNone)
      .value("TOTAL", Order::kTotal)
      .finalize();
  py::native_enum<OnRetry>(module, "OnRetry", "enum.Enum", "What a retry does to those behind it.")
      .value("HOLD", OnRetry::kHold)
      .value("PASS", OnRetry::kPass)
      .finalize();
  py::native_enum<Late>(module, "Late", "enum.Enum", "What becomes of events out of their order.")
      .value("DELIVER", Late::kDeliver)
      .value("DEAD", Late::kDead)
      .value("DROP", Late::kDrop)
      .finalize();
  py::native_enum<Overflow>(module, "Overflow", "enum.Enum", "What happens at a full queue.")
      .value("BLOCK", Overflow::kBlock)
      .value("REJECT", Overflow::kReject)
      .value("DROP_NEWEST", Overflow::kDropNewest)
      .value("DROP_OLDEST", Overflow::kDropOldest)
      .value("DROP_LOWEST", Overflow::kDropLowest)
      .finalize();
  py::native_enum<Unmatched>(module, "Unmatched", "enum.Enum",
                             "What becomes of events that no route takes.")
      .value("DEAD", Unmatched::kDead)
      .value("DROP", Unmatched::kDrop)
      .value("REJECT", Unmatched::kReject)
      .value("QUEUE", Unmatched::kQueue)
      .finalize();
  py::native_enum<Policy>(module, "Policy", "enum.Enum", "How priorities share the executors.")
      .value("CLASSES", Policy::kClasses)
      .value("STRICT", Policy::kStrict)
      .finalize();
}

void bind_transform(py::module_& module) {
  py::class_<TransformSet>(module, "TransformSet")
      .def(py::init<std::string, std::string>(), py::arg("path"), py::arg("value"))
      .def_readwrite("path", &TransformSet::path)
      .def_readwrite("value", &TransformSet::value);
  py::class_<TransformOptions>(module, "TransformOptions")
      .def(py::init<>())
      .def_readwrite("type", &TransformOptions::type)
      .def_readwrite("set", &TransformOptions::set)
      .def_readwrite("drop", &TransformOptions::drop)
      .def_readwrite("key", &TransformOptions::key)
      .def_readwrite("publish", &TransformOptions::publish);
}

void bind_queue(py::module_& module) {
  py::class_<RetryOptions>(module, "RetryOptions")
      .def(py::init<>())
      .def_readwrite("max_attempts", &RetryOptions::max_attempts)
      .def_readwrite("backoff", &RetryOptions::backoff)
      .def_readwrite("max_backoff", &RetryOptions::max_backoff)
      .def_readwrite("max_age", &RetryOptions::max_age);
  py::class_<QueueOptions>(module, "QueueOptions")
      .def(py::init<>())
      .def_readwrite("name", &QueueOptions::name)
      .def_readwrite("handler", &QueueOptions::handler)
      .def_readwrite("sink", &QueueOptions::sink)
      .def_readwrite("transform", &QueueOptions::transform)
      .def_readwrite("priority", &QueueOptions::priority)
      .def_readwrite("order", &QueueOptions::order)
      .def_readwrite("on_retry", &QueueOptions::on_retry)
      .def_readwrite("sort_wait", &QueueOptions::sort_wait)
      .def_readwrite("sort_late", &QueueOptions::sort_late)
      .def_readwrite("latest_every", &QueueOptions::latest_every)
      .def_readwrite("batch_max_events", &QueueOptions::batch_max_events)
      .def_readwrite("batch_linger", &QueueOptions::batch_linger)
      .def_readwrite("concurrency", &QueueOptions::concurrency)
      .def_readwrite("weight", &QueueOptions::weight)
      .def_readwrite("max_wait", &QueueOptions::max_wait)
      .def_readwrite("timeout", &QueueOptions::timeout)
      .def_readwrite("ttl", &QueueOptions::ttl)
      .def_readwrite("retry", &QueueOptions::retry)
      .def_readwrite("bury_drops", &QueueOptions::bury_drops)
      .def_readwrite("by_reference", &QueueOptions::by_reference)
      .def_readwrite("dedup_by", &QueueOptions::dedup_by)
      .def_readwrite("dedup_window", &QueueOptions::dedup_window)
      .def_readwrite("dedup_events", &QueueOptions::dedup_events)
      .def_readwrite("capacity_events", &QueueOptions::capacity_events)
      .def_readwrite("capacity_bytes", &QueueOptions::capacity_bytes)
      .def_readwrite("capacity_per_key", &QueueOptions::capacity_per_key)
      .def_readwrite("reserve_priority", &QueueOptions::reserve_priority)
      .def_readwrite("reserve_share", &QueueOptions::reserve_share)
      .def_readwrite("overflow", &QueueOptions::overflow)
      .def_readwrite("overflow_timeout", &QueueOptions::overflow_timeout);
}

void bind_ends(py::module_& module) {
  py::class_<RouteOptions>(module, "RouteOptions")
      .def(py::init<>())
      .def_readwrite("name", &RouteOptions::name)
      .def_readwrite("type", &RouteOptions::type)
      .def_readwrite("where", &RouteOptions::where)
      .def_readwrite("unless", &RouteOptions::unless)
      .def_readwrite("key", &RouteOptions::key)
      .def_readwrite("priority", &RouteOptions::priority)
      .def_readwrite("priority_expression", &RouteOptions::priority_expression)
      .def_readwrite("to", &RouteOptions::to);
  py::class_<EnvelopeOptions>(module, "EnvelopeOptions")
      .def(py::init<>())
      .def_readwrite("type", &EnvelopeOptions::type)
      .def_readwrite("id", &EnvelopeOptions::id)
      .def_readwrite("source", &EnvelopeOptions::source)
      .def_readwrite("time", &EnvelopeOptions::time)
      .def_readwrite("key", &EnvelopeOptions::key)
      .def_readwrite("subject", &EnvelopeOptions::subject)
      .def_readwrite("priority", &EnvelopeOptions::priority);
  py::class_<SourceOptions>(module, "SourceOptions")
      .def(py::init<>())
      .def_readwrite("name", &SourceOptions::name)
      .def_readwrite("connector", &SourceOptions::connector)
      .def_readwrite("path", &SourceOptions::path)
      .def_readwrite("priority", &SourceOptions::priority)
      .def_readwrite("rejects", &SourceOptions::rejects)
      .def_readwrite("parallel", &SourceOptions::parallel)
      .def_readwrite("envelope", &SourceOptions::envelope)
      .def_readwrite("where", &SourceOptions::where)
      .def_readwrite("pattern", &SourceOptions::pattern);
  py::class_<SinkOptions>(module, "SinkOptions")
      .def(py::init<>())
      .def_readwrite("name", &SinkOptions::name)
      .def_readwrite("connector", &SinkOptions::connector)
      .def_readwrite("path", &SinkOptions::path);
}

void bind_engine_options(py::module_& module) {
  py::class_<EngineOptions>(module, "EngineOptions")
      .def(py::init<>())
      .def_readwrite("name", &EngineOptions::name)
      .def_readwrite("source", &EngineOptions::source)
      .def_readwrite("policy", &EngineOptions::policy)
      .def_readwrite("min_share", &EngineOptions::min_share)
      .def_readwrite("dedup_window", &EngineOptions::dedup_window)
      .def_readwrite("dedup_events", &EngineOptions::dedup_events)
      .def_readwrite("unmatched", &EngineOptions::unmatched)
      .def_readwrite("unmatched_queue", &EngineOptions::unmatched_queue)
      .def_readwrite("native_executors", &EngineOptions::native_executors)
      .def_readwrite("python_executors", &EngineOptions::python_executors)
      .def_readwrite("dead_letter_events", &EngineOptions::dead_letter_events);
  py::class_<PipelineOptions>(module, "PlanOptions")
      .def(py::init<>())
      .def_readwrite("engine", &PipelineOptions::engine)
      .def_readwrite("queues", &PipelineOptions::queues)
      .def_readwrite("routes", &PipelineOptions::routes)
      .def_readwrite("sources", &PipelineOptions::sources)
      .def_readwrite("sinks", &PipelineOptions::sinks);
}

void bind_checks(py::module_& module) {
  py::class_<TypePattern>(module, "TypePattern", "A type pattern, as routes have them.")
      .def(py::init([](const std::string& text) {
             auto parsed = parse_type_pattern(text);
             if (!parsed) throw_error(parsed.error());
             return std::move(*parsed);
           }),
           py::arg("text"), "Raises if it is not a type pattern.")
      .def(
          "matches",
          [](const TypePattern& self, const std::string& type) { return matches(self, type); },
          py::arg("type"), "Whether it takes that event type.");
  module.def(
      "check_key_path",
      [](const std::string& text) {
        if (auto parsed = check_key(text); !parsed) throw_error(parsed.error());
      },
      py::arg("text"), "Raises if it is neither a plain dotted path nor an expression.");
}

}  // namespace

void bind_options(py::module_& module) {
  bind_checks(module);
  bind_enums(module);
  bind_transform(module);
  bind_queue(module);
  bind_ends(module);
  bind_engine_options(module);
}

}  // namespace veltrix
