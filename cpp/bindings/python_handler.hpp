#pragma once
// A Python function as a queue's handler: the GIL once per batch, one call per event.

#include <deque>
#include <string>

#include "bindings/engine_state.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_threads.hpp"

namespace veltrix {

/// How a handler is called; `veltrix.pipeline` reads it off the function's signature.
struct HandlerSpec {
  py::object function;
  bool wants_context = false;
  std::string argument = "event";   // or "data": the payload alone
  py::object decoder = py::none();  // bytes -> payload
  py::object lifespan = py::none();
  std::string name;
  py::tuple retry_on;         // exception classes; empty = all of them
  py::tuple dead_on;          // … that make a dead letter at once; go before retry_on
  bool on_loop = false;       // an `async def`, for the event loop
  std::uint32_t threads = 0;  // of the queue's own
};

/// The same two tuples, borrowed.
struct ErrorRules {
  PyObject* retry_on = nullptr;
  PyObject* dead_on = nullptr;
};

class PythonHandler : public Handler {
 public:
  /// `state` outlives the handler (it owns the engine that owns it).
  PythonHandler(EngineState& state, const HandlerSpec& spec, std::uint16_t queue,
                const std::string& queue_name);
  ~PythonHandler() override;

  void run(Batch& batch, Settler& settler) noexcept override;

  /// The next attempts fail with this exception instead of calling the function (step engine).
  void inject(PyObject* exception, std::uint32_t times);
  /// Under the GIL, when no thread runs it any more.
  void drop_references() noexcept;
  /// For the garbage collector: everything that drop_references() drops.
  int traverse(visitproc visit, void* arg) const;

 protected:
  /// The GIL is held.
  virtual void run_batch(Batch& batch, Settler& settler, PythonThread& thread);
  /// The function's result, with `event` as it asks for it; null: a Python error is set.
  PyObject* call(EventObject* event, const Delivery& delivery, PythonThread& thread);
  PyRef new_event_of(const Delivery& delivery) const;
  /// What a result, or the error that is set (null), means; `event` is let go.
  Outcome conclude(PyRef result, PyRef event, const Slot& parent, Settler& settler,
                   bool last_attempt);
  /// Whether a failure of this attempt is the delivery's end: then it keeps its traceback.
  static bool may_be_last(std::uint16_t attempt, const QueueOptions& options) noexcept {
    return attempt >= options.retry.max_attempts || options.retry.max_age > 0;
  }
  static void hand_in(Delivery& delivery, Outcome outcome, Settler& settler) noexcept;
  PyObject* call_function(PyObject* const* args, std::size_t count);
  /// The error that is set, whoever raised it: an attempt to repeat.
  Outcome failed(bool last_attempt, const ErrorRules& rules = {});
  /// The same, raised by the function: the queue's rules decide.
  Outcome raised(bool last_attempt) { return failed(last_attempt, rules()); }
  ErrorRules rules() const { return {retry_on_.get(), dead_on_.get()}; }
  /// If a test wants the next attempt to fail: sets that error.
  bool raise_injected();
  void warn_of_result(PyObject* result, const char* cure);

  EngineState& state_;
  const std::uint16_t queue_;
  PyRef function_, decoder_, lifespan_, queue_name_, retry_on_, dead_on_;
  const std::string name_;
  const bool wants_context_;
  const bool wants_data_;

 private:
  Outcome run_one(Delivery& delivery, Settler& settler, PythonThread& thread, bool last_attempt);
  Outcome judge(PyObject* result, const Slot& parent, Settler& settler, bool last_attempt);
  Outcome consume(PyObject* generator, const Slot& parent, Settler& settler, bool last_attempt);
  bool emit(PyObject* yielded, const Slot& parent, Settler& settler, Outcome& outcome);
  bool warned_ = false;
  struct Injection {
    PyRef exception;
    std::uint32_t times;
  };
  std::deque<Injection> injections_;
};

/// The codes of outcomes that vx.Retry and vx.DeadLetter asked for.
inline constexpr const char* kRetrySignal = "retry";
inline constexpr const char* kDeadLetterSignal = "dead_letter";

/// The Python error that is set, as an outcome; clears it. `full`: with the traceback's text.
Outcome outcome_of_error(bool full, const ErrorRules& rules);
/// The same of an exception that may have been raised or not.
Outcome outcome_of_exception(PyObject* exception, bool full, const ErrorRules& rules);
/// A payload that did not decode makes a failure final.
void judge_payload(const EventObject& event, Outcome& outcome);
/// If it is one of vx.Retry, vx.DeadLetter, vx.Drop: its outcome. False: it is none of them.
bool outcome_of_signal(PyObject* object, Outcome& outcome);
/// A follow-up event of `parent`, number `position`, built and routed; null: dropped at the door.
Result<Slot*> make_follow_up(EventObject* event, const Slot& parent, std::uint16_t queue,
                             std::size_t position, Producer& producer);

}  // namespace veltrix
