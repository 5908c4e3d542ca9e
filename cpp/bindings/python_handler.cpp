#include "bindings/python_handler.hpp"

#include "bindings/classes.hpp"
#include "bindings/context_object.hpp"
#include "bindings/current_attempt.hpp"
#include "bindings/forks.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/gil_meter.hpp"
#include "bindings/references.hpp"

namespace veltrix {

PythonHandler::PythonHandler(EngineState& state, const HandlerSpec& spec, std::uint16_t queue,
                             const std::string& queue_name)
    : state_(state),
      queue_(queue),
      function_(PyRef::borrow(spec.function.ptr())),
      decoder_(spec.decoder.is_none() ? PyRef() : PyRef::borrow(spec.decoder.ptr())),
      lifespan_(spec.lifespan.is_none() ? PyRef() : PyRef::borrow(spec.lifespan.ptr())),
      queue_name_(PyRef::steal(PyUnicode_FromString(queue_name.c_str()))),
      retry_on_(PyRef::borrow(spec.retry_on.ptr())),
      dead_on_(PyRef::borrow(spec.dead_on.ptr())),
      name_(spec.name),
      wants_context_(spec.wants_context),
      wants_data_(spec.argument == "data") {}

PythonHandler::~PythonHandler() {
  // The engine may die on a thread without the GIL, or after the interpreter: then leak.
  if (Py_IsInitialized() != 0 && PyGILState_Check() != 0) return;
  function_.release();
  decoder_.release();
  lifespan_.release();
  queue_name_.release();
  retry_on_.release();
  dead_on_.release();
  for (Injection& injection : injections_) injection.exception.release();
}

void PythonHandler::drop_references() noexcept {
  function_.reset();
  decoder_.reset();
  lifespan_.reset();
  queue_name_.reset();
  retry_on_.reset();
  dead_on_.reset();
  injections_.clear();
}

int PythonHandler::traverse(visitproc visit, void* arg) const {
  for (const PyRef* ref : {&function_, &decoder_, &lifespan_, &retry_on_, &dead_on_}) {
    Py_VISIT(ref->get());
  }
  for (const Injection& injection : injections_) Py_VISIT(injection.exception.get());
  return 0;
}

void PythonHandler::inject(PyObject* exception, std::uint32_t times) {
  injections_.push_back({PyRef::borrow(exception), times});
}

bool PythonHandler::raise_injected() {
  if (injections_.empty()) return false;
  const PyRef exception = PyRef::borrow(injections_.front().exception.get());
  if (--injections_.front().times == 0) injections_.pop_front();
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
  return true;
}

PyObject* PythonHandler::call_function(PyObject* const* args, std::size_t count) {
  return enter_user_code([=, function = function_.get()] {
    return PyObject_Vectorcall(function, args, count | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  });
}

void PythonHandler::run(Batch& batch, Settler& settler) noexcept {
  if (state_.step) {  // the caller holds the GIL
    run_batch(batch, settler, state_.step_thread);
    return;
  }
  PythonThread& thread = this_python_thread();
  GilArbiter& arbiter = GilArbiter::instance();
  GilMeter meter(batch);
  if (thread.attached_ns == 0) {
    arbiter.acquire(thread.state, batch.priority());
    batch.restart_clock();
    thread.attached_ns = batch.begun_ns();
    meter.attached();
  }
  drop_dead_references();
  run_batch(batch, settler, thread);
  batch.stop_clock();
  meter.finished(state_.monitor(), name_);
  if (!arbiter.may_keep(thread.attached_ns)) {
    thread.attached_ns = 0;
    arbiter.release();
  }
}

void PythonHandler::run_batch(Batch& batch, Settler& settler, PythonThread& thread) {
  GilArbiter& arbiter = GilArbiter::instance();
  const QueueOptions& options = batch.queue().options;
  while (Delivery* delivery = batch.next()) {
    const bool last = may_be_last(delivery->attempt, options);
    hand_in(*delivery, run_one(*delivery, settler, thread, last), settler);
    if (arbiter.should_yield(batch.priority())) break;
  }
}

void PythonHandler::hand_in(Delivery& delivery, Outcome outcome, Settler& settler) noexcept {
  if (outcome.kind == OutcomeKind::kDone && outcome.follow_ups == nullptr) {
    settler.done(delivery);
  } else {
    settler.settle(delivery, std::move(outcome));
  }
}

PyRef PythonHandler::new_event_of(const Delivery& delivery) const {
  return PyRef::steal(new_event(delivery.slot, state_.types.get(), decoder_.get()));
}

Outcome PythonHandler::run_one(Delivery& delivery, Settler& settler, PythonThread& thread,
                               bool last_attempt) {
  if (!thread.enter(lifespan_.get())) return failed(last_attempt);
  PyRef event = new_event_of(delivery);
  if (!event) return failed(false);
  auto* object = reinterpret_cast<EventObject*>(event.get());
  const CurrentAttempt at_work(object, queue_name_.get(), delivery.attempt);
  PyRef result = PyRef::steal(call(object, delivery, thread));
  return conclude(std::move(result), std::move(event), *delivery.slot, settler, last_attempt);
}

Outcome PythonHandler::conclude(PyRef result, PyRef event, const Slot& parent, Settler& settler,
                                bool last_attempt) {
  Outcome outcome;
  if (!result) {
    outcome = raised(last_attempt);
  } else if (result.get() != Py_None) {
    outcome = judge(result.get(), parent, settler, last_attempt);
  }
  result.reset();
  auto* object = reinterpret_cast<EventObject*>(event.get());
  judge_payload(*object, outcome);
  if (Py_REFCNT(event.get()) > 1 && !detach_event(object)) {
    return Outcome::failed(OutcomeKind::kRetry, "MemoryError", "no memory to copy the event");
  }
  return outcome;
}

Outcome PythonHandler::failed(bool last_attempt, const ErrorRules& rules) {
  // In a simulation the handler runs on the thread of whoever pressed Ctrl-C: that ends the run.
  if (state_.step && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0) {
    state_.interrupted = true;
    state_.step->interrupt();
    return outcome_of_error(last_attempt, {});
  }
  return outcome_of_error(last_attempt, rules);
}

PyObject* PythonHandler::call(EventObject* event, const Delivery& delivery, PythonThread& thread) {
  if (raise_injected()) return nullptr;
  PyRef payload;
  PyObject* args[3] = {nullptr, reinterpret_cast<PyObject*>(event), nullptr};
  if (wants_data_) {
    payload = PyRef::steal(event_data(event));
    if (!payload) return nullptr;
    args[1] = payload.get();
  }
  if (!wants_context_) {
    return call_function(args + 1, 1);
  }
  PyObject* resources = thread.resources ? thread.resources.get() : Py_None;
  // In virtual time handlers take none, and no attempt times out.
  const std::int64_t timeout = state_.step ? 0 : state_.monitor().options(queue_).timeout;
  const PyRef context = PyRef::steal(
      new_context({&state_, &delivery, reinterpret_cast<PyObject*>(event), queue_name_.get(),
                   resources, delivery.attempt, delivery.slot->sequence, timeout}));
  if (!context) return nullptr;
  args[2] = context.get();
  return call_function(args + 1, 2);
}

Outcome PythonHandler::judge(PyObject* result, const Slot& parent, Settler& settler,
                             bool last_attempt) {
  if (PyGen_CheckExact(result)) return consume(result, parent, settler, last_attempt);
  Outcome outcome;
  if (outcome_of_signal(result, outcome)) return outcome;
  warn_of_result(result, "return None or a signal, or yield events");
  return outcome;
}

void PythonHandler::warn_of_result(PyObject* result, const char* cure) {
  if (warned_) return;
  warned_ = true;
  if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "handler '%s' returned a %s, which is ignored; %s",
                       name_.c_str(), Py_TYPE(result)->tp_name, cure) != 0) {
    PyErr_WriteUnraisable(function_.get());
  }
}

}  // namespace veltrix
