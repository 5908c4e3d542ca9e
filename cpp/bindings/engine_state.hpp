#pragma once
// What belongs to one engine on Python's side of the border. Held by the Engine object, by its
// publisher and its receipts, and by the registry while the engine runs. Guarded by the GIL unless
// said otherwise.

#include <memory>
#include <vector>

#include "veltrix/engine/engine.hpp"
#include "veltrix/engine/producer.hpp"
#include "veltrix/engine/step_engine.hpp"

#include "bindings/forks.hpp"
#include "bindings/py_ref.hpp"
#include "bindings/python_threads.hpp"
#include "bindings/reporter.hpp"
#include "bindings/type_strings.hpp"

namespace veltrix {

class JsonlSource;
class PythonHandler;
struct EngineState;

/// Keeps each Python executor's thread state, and its `lifespan` resources.
class PythonThreads final : public ThreadHooks {
 public:
  void thread_started() noexcept override;
  void thread_stopping() noexcept override;
  void about_to_wait() noexcept override;
};

struct EngineState : std::enable_shared_from_this<EngineState> {
  ~EngineState();

  // Exactly one of the two.
  std::unique_ptr<Engine> engine;
  std::unique_ptr<StepEngine> step;

  std::unique_ptr<Reporter> reporter;  // of an engine

  PythonThreads threads;
  PythonThread step_thread;  // of the step engine: its `lifespan` resources
  PythonThread loop_thread;  // of the event loop: the same, kept by veltrix.loops
  bool interrupted = false;  // of the step engine: Ctrl-C inside a handler
  std::unique_ptr<TypeStrings> types;
  Producer* producer = nullptr;             // of all Python threads
  std::vector<PythonHandler*> handlers;     // by queue; null: native. Owned by the engine
  std::vector<const JsonlSource*> sources;  // owned by the engine
  PyRef payload_types;                      // dict: class -> (type, encoder)
  PyRef loop_host;                          // runs the event loop on its own thread
  const PyObject* loop = nullptr;           // the caller's, where that runs handlers; to compare

  bool by_reference = false;  // some queue takes payloads by reference

  unsigned generation = fork_generation();

  Monitor& monitor() { return engine ? engine->monitor() : step->monitor(); }
  bool stopped() const { return engine && engine->stopped(); }
  /// Made in a process that this one was forked from. A step engine has no threads to miss.
  bool forked() const noexcept { return !step && generation != fork_generation(); }
};

using EngineStatePtr = std::shared_ptr<EngineState>;

/// Lets go of what handlers refer to, once no thread runs them any more: breaks reference cycles.
void drop_handlers(EngineState& state) noexcept;

// The registry of running engines: joined before the interpreter goes down (atexit), given up in a
// forked child. See registry.cpp.
void register_engine(const EngineStatePtr& state);
void unregister_engine(const EngineState* state);
/// kForked as a Python error, if the engine was made in a process that this one was forked from.
bool refuse_fork(const EngineState& state);
void bind_registry(py::module_& module);

/// Signals have arrived and their Python handlers raised (takes the GIL for a moment).
bool signal_pending();

}  // namespace veltrix
