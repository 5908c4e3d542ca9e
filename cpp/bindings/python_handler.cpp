#include "bindings/python_handler.hpp"

#include "bindings/classes.hpp"
#include "bindings/context_object.hpp"
#include "bindings/gil_arbiter.hpp"

namespace veltrix {

namespace {
Outcome invalid_payload() {
  Outcome outcome = outcome_of_error(false);
  outcome.kind = OutcomeKind::kDead;
  outcome.failure->code = "invalid_payload";
  return outcome;
}
}  // namespace

PythonHandler::PythonHandler(EngineState& state, const HandlerSpec& spec, std::uint16_t queue,
                             const std::string& queue_name)
    : state_(state),
      queue_(queue),
      function_(PyRef::borrow(spec.function.ptr())),
      decoder_(spec.decoder.is_none() ? PyRef() : PyRef::borrow(spec.decoder.ptr())),
      lifespan_(spec.lifespan.is_none() ? PyRef() : PyRef::borrow(spec.lifespan.ptr())),
      queue_name_(PyRef::steal(PyUnicode_FromString(queue_name.c_str()))),
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
  for (Injection& injection : injections_) injection.exception.release();
}

void PythonHandler::drop_references() noexcept {
  function_.reset();
  decoder_.reset();
  lifespan_.reset();
  injections_.clear();
}

void PythonHandler::inject(PyObject* exception, std::uint32_t times) {
  injections_.push_back({PyRef::borrow(exception), times});
}

PyRef PythonHandler::injected() {
  if (injections_.empty()) return {};
  PyRef exception = PyRef::borrow(injections_.front().exception.get());
  if (--injections_.front().times == 0) injections_.pop_front();
  return exception;
}

void PythonHandler::run(Batch& batch, Settler& settler) noexcept {
  PythonThread& thread = this_python_thread();
  GilArbiter& arbiter = GilArbiter::instance();
  if (thread.state == nullptr) {  // a step engine: the caller holds the GIL
    run_batch(batch, settler, thread);
    return;
  }
  arbiter.acquire(thread.state, batch.priority());
  batch.restart_clock();
  run_batch(batch, settler, thread);
  batch.stop_clock();
  arbiter.release();
}

void PythonHandler::run_batch(Batch& batch, Settler& settler, PythonThread& thread) {
  GilArbiter& arbiter = GilArbiter::instance();
  const std::uint32_t max_attempts = batch.queue().options.retry.max_attempts;
  while (Delivery* delivery = batch.next()) {
    Outcome outcome = run_one(*delivery, settler, thread, delivery->attempt >= max_attempts);
    if (outcome.kind == OutcomeKind::kDone && outcome.follow_ups == nullptr) {
      settler.done(*delivery);
    } else {
      settler.settle(*delivery, std::move(outcome));
    }
    if (arbiter.should_yield(batch.priority())) break;
  }
}

Outcome PythonHandler::run_one(Delivery& delivery, Settler& settler, PythonThread& thread,
                               bool last_attempt) {
  if (!thread.enter(lifespan_.get())) return outcome_of_error(last_attempt);
  const PyRef event =
      PyRef::steal(new_event(delivery.slot, state_.types.get(), decoder_.get()));
  if (!event) return outcome_of_error(false);
  auto* object = reinterpret_cast<EventObject*>(event.get());
  Outcome outcome;
  {
    const PyRef result = PyRef::steal(call(object, delivery, thread));
    if (result.get() == Py_None) {
    } else if (result) {
      outcome = judge(result.get(), *delivery.slot, settler, last_attempt);
    } else if (object->bad_payload) {
      outcome = invalid_payload();
    } else {
      outcome = outcome_of_error(last_attempt);
    }
  }
  if (Py_REFCNT(event.get()) > 1 && !detach_event(object)) {
    return Outcome::failed(OutcomeKind::kRetry, "MemoryError", "no memory to copy the event");
  }
  return outcome;
}

PyObject* PythonHandler::call(EventObject* event, const Delivery& delivery, PythonThread& thread) {
  if (!injections_.empty()) {
    const PyRef exception = injected();
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
    return nullptr;
  }
  PyRef payload;
  PyObject* args[3] = {nullptr, reinterpret_cast<PyObject*>(event), nullptr};
  if (wants_data_) {
    payload = PyRef::steal(event_data(event));
    if (!payload) return nullptr;
    args[1] = payload.get();
  }
  if (!wants_context_) {
    return PyObject_Vectorcall(function_.get(), args + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                               nullptr);
  }
  PyObject* resources = thread.resources ? thread.resources.get() : Py_None;
  const PyRef context = PyRef::steal(new_context({reinterpret_cast<PyObject*>(event),
                                                  queue_name_.get(), resources, delivery.attempt,
                                                  delivery.slot->sequence}));
  if (!context) return nullptr;
  args[2] = context.get();
  return PyObject_Vectorcall(function_.get(), args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                             nullptr);
}

Outcome PythonHandler::judge(PyObject* result, const Slot& parent, Settler& settler,
                             bool last_attempt) {
  if (PyGen_CheckExact(result)) return consume(result, parent, settler, last_attempt);
  Outcome outcome;
  if (outcome_of_signal(result, outcome)) return outcome;
  if (!warned_) {
    warned_ = true;
    if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                         "handler '%s' returned a %s, which is ignored; return None or a signal, or "
                         "yield events",
                         name_.c_str(), Py_TYPE(result)->tp_name) != 0) {
      PyErr_WriteUnraisable(function_.get());
    }
  }
  return outcome;
}

Outcome PythonHandler::consume(PyObject* generator, const Slot& parent, Settler& settler,
                               bool last_attempt) {
  Outcome outcome;
  while (true) {
    PyObject* yielded = nullptr;
    const PySendResult sent = PyIter_Send(generator, Py_None, &yielded);
    const PyRef value = PyRef::steal(yielded);
    bool go_on = sent == PYGEN_NEXT && emit(value.get(), parent, settler, outcome);
    if (go_on) continue;
    if (sent == PYGEN_RETURN) {
      Outcome ended = value.get() == Py_None ? Outcome() : judge(value.get(), parent, settler, false);
      ended.follow_ups = std::move(outcome.follow_ups);
      if (ended.kind == OutcomeKind::kDone) return ended;
      outcome = std::move(ended);
    } else {
      auto emitted = std::move(outcome.follow_ups);
      outcome = outcome_of_error(last_attempt);
      outcome.follow_ups = std::move(emitted);
    }
    break;
  }
  // Outcome and follow-ups are one unit: an attempt that was not done emits nothing.
  if (outcome.follow_ups != nullptr) {
    for (Slot* slot : *outcome.follow_ups) settler.producer().discard(slot);
    outcome.follow_ups.reset();
  }
  return outcome;
}

bool PythonHandler::emit(PyObject* yielded, const Slot& parent, Settler& settler,
                         Outcome& outcome) {
  PyRef made;
  if (!is_event(yielded)) {
    PyObject* known =
        state_.payload_types
            ? PyDict_GetItemWithError(state_.payload_types.get(),
                                      reinterpret_cast<PyObject*>(Py_TYPE(yielded)))
            : nullptr;
    if (known == nullptr) {
      if (!PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "handler '%s' yielded a %s; yield vx.Event(type, data)",
                     name_.c_str(), Py_TYPE(yielded)->tp_name);
      }
      return false;
    }
    made = PyRef::steal(PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(event_type),
                                                     PyTuple_GET_ITEM(known, 0), yielded, nullptr));
    if (!made) return false;
    yielded = made.get();
  }
  if (outcome.follow_ups == nullptr) outcome.follow_ups = std::make_unique<std::vector<Slot*>>();
  const std::size_t position = outcome.follow_ups->size();
  if (position >= kMaxFollowUps) {
    PyErr_Format(PyExc_RuntimeError, "handler '%s' yielded more than %zu events in one attempt",
                 name_.c_str(), kMaxFollowUps);
    return false;
  }
  auto slot = make_follow_up(reinterpret_cast<EventObject*>(yielded), parent, queue_, position,
                             settler.producer());
  if (slot && *slot != nullptr) outcome.follow_ups->push_back(*slot);
  if (!slot) settler.producer().count_rejected();  // never fails the parent
  return true;
}

}  // namespace veltrix
