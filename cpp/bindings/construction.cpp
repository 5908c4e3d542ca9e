#include "bindings/construction.hpp"

#include <algorithm>

#include "veltrix/connect/jsonl/jsonl_sink.hpp"
#include "veltrix/connect/jsonl/jsonl_source.hpp"
#include "veltrix/engine/sink_handler.hpp"
#include "veltrix/engine/transform_handler.hpp"

#include "bindings/async_handler.hpp"
#include "bindings/classes.hpp"
#include "bindings/python_attach.hpp"
#include "bindings/python_batch_handler.hpp"
#include "bindings/references.hpp"

namespace veltrix {

namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw_error({ErrorCode::kInvalidOption, message});
}

PlanOptions plan_of(const PipelineOptions& options) {
  return {options.engine, options.queues, options.routes};
}

/// Writes nothing: in a simulation what a sink would write counts as written.
class NoSink final : public Sink {
 public:
  Result<void> open() override { return {}; }
  Result<void> write(const EventView&, std::string_view) override { return {}; }
  Result<void> flush() override { return {}; }
  Result<void> close() override { return {}; }
};

std::unique_ptr<Sink> make_sink(const PipelineOptions& options, const QueueOptions& queue) {
  const auto found = std::find_if(options.sinks.begin(), options.sinks.end(),
                                  [&](const SinkOptions& s) { return s.name == queue.sink; });
  if (found == options.sinks.end()) {
    refuse("queue '" + queue.name + "': there is no sink '" + queue.sink + "'");
  }
  JsonlSinkOptions sink;
  sink.name = found->name;
  sink.path = found->path;
  return std::make_unique<JsonlSink>(std::move(sink));
}

/// For a queue without Python; null: it has some.
std::unique_ptr<Handler> make_native(const PipelineOptions& options, const QueueOptions& queue,
                                     bool with_sinks) {
  std::unique_ptr<const Transform> transform;
  if (!queue.transform.is_empty()) {
    auto made = Transform::compile(queue);
    if (!made) throw_error(made.error());
    transform = std::move(*made);
  }
  if (!queue.sink.empty()) {
    std::unique_ptr<Sink> sink = std::make_unique<NoSink>();
    if (with_sinks) sink = make_sink(options, queue);
    return std::make_unique<SinkHandler>(std::move(sink), std::move(transform));
  }
  if (transform == nullptr) return nullptr;
  if (!queue.transform.publish) refuse("queue '" + queue.name + "': its transform leads nowhere");
  return std::make_unique<TransformHandler>(std::move(transform));
}

std::unique_ptr<PythonHandler> make_handler(EngineState& state, const HandlerSpec& spec,
                                            std::uint16_t number, const QueueOptions& queue) {
  if (spec.on_loop) return std::make_unique<AsyncHandler>(state, spec, number, queue.name);
  if (queue.batch_max_events == 0) {
    return std::make_unique<PythonHandler>(state, spec, number, queue.name);
  }
  return std::make_unique<PythonBatchHandler>(state, spec, number, queue.name);
}

std::vector<QueueHandler> make_handlers(const PipelineOptions& options, const HandlerSpecs& specs,
                                        EngineState& state, bool with_sinks) {
  std::vector<QueueHandler> handlers;
  for (const QueueOptions& queue : options.queues) {
    const auto number = static_cast<std::uint16_t>(handlers.size());
    state.by_reference |= queue.by_reference;
    if (auto native = make_native(options, queue, with_sinks)) {
      handlers.push_back({std::move(native), kNativePool});
      continue;
    }
    const auto spec = specs.find(queue.name);
    if (spec == specs.end()) refuse("queue '" + queue.name + "' has no handler");
    const HandlerSpec& how = spec->second;
    handlers.push_back({make_handler(state, how, number, queue),
                        how.on_loop ? kLoopPool : kPythonPool, how.threads});
  }
  return handlers;
}

/// By queue; null where Python has no part. For the state once the engine owns the handlers, and
/// not before: until then they go with whatever fails.
std::vector<PythonHandler*> python_among(const std::vector<QueueHandler>& handlers) {
  std::vector<PythonHandler*> found;
  for (const QueueHandler& queue : handlers) {
    found.push_back(dynamic_cast<PythonHandler*>(queue.handler.get()));
  }
  return found;
}

void add_sources(const PipelineOptions& options, Engine& engine, EngineState& state) {
  for (const SourceOptions& source : options.sources) {
    JsonlSourceOptions jsonl;
    jsonl.name = source.name;
    jsonl.paths = source.path;
    jsonl.priority = source.priority;
    jsonl.rejects = source.rejects;
    jsonl.parallel = source.parallel;
    jsonl.records = records_of(source);
    auto made = std::make_unique<JsonlSource>(std::move(jsonl));
    state.sources.push_back(made.get());
    auto added = engine.add_source({std::move(made), source.priority});
    if (!added) throw_error(added.error());
  }
}

void finish(EngineState& state) {
  state.types = std::make_unique<TypeStrings>(state.monitor().types);
  state.producer = state.engine ? &state.monitor().open_producer() : &state.step->producer();
}

}  // namespace

EngineStatePtr make_engine(const PipelineOptions& options, const HandlerSpecs& specs) {
  auto state = std::make_shared<EngineState>();
  auto handlers = make_handlers(options, specs, *state, true);
  auto python = python_among(handlers);
  auto engine = Engine::create(plan_of(options), std::move(handlers), state->threads);
  if (!engine) throw_error(engine.error());
  state->engine = std::move(*engine);
  state->handlers = std::move(python);
  state->reporter = std::make_unique<Reporter>(state->monitor());
  add_sources(options, *state->engine, *state);
  finish(*state);
  return state;
}

EngineStatePtr make_step_engine(const PipelineOptions& options, const HandlerSpecs& specs,
                                std::uint64_t seed) {
  auto state = std::make_shared<EngineState>();
  auto handlers = make_handlers(options, specs, *state, false);
  auto python = python_among(handlers);
  auto step = StepEngine::create(plan_of(options), std::move(handlers), seed);
  if (!step) throw_error(step.error());
  state->step = std::move(*step);
  state->handlers = std::move(python);
  finish(*state);
  return state;
}

EngineState::~EngineState() {
  if (forked()) {  // the threads are another process's: nothing to join
    (void)engine.release();
    (void)reporter.release();
    return;
  }
  step_thread.leave();
  drop_handlers(*this);
  reporter.reset();
  const Detached detached;
  engine.reset();
  step.reset();
}

void drop_handlers(EngineState& state) noexcept {
  for (PythonHandler* handler : state.handlers) {
    if (handler != nullptr) handler->drop_references();
  }
  drop_dead_references();
  state.loop_host.reset();
  state.loop_thread.resources.reset();
  if (state.reporter != nullptr) state.reporter->drop_references();
}

}  // namespace veltrix
