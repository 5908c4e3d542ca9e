#include "bindings/loop_run.hpp"

#include "veltrix/base/clock.hpp"

#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {

constexpr std::int64_t kSlice = kMillisecond;  // then the loop gets a turn

PyTypeObject* run_type = nullptr;

struct LoopRun {
  EngineStatePtr state;
  Worker* worker;  // null: the run is over
  PyRef look;
  AsyncHandler::Attempt attempt;
  PyRef context;  // as it was before the first event
  std::int64_t slice_began = 0;
  bool aside = false;
  bool look_again = false;

  LoopPool& pool() { return *state->engine->loop_pool(); }
  AsyncHandler& handler() {
    return static_cast<AsyncHandler&>(*state->handlers[worker->batch().queue().id]);
  }
  PySendResult send(PyObject* value, PyObject** out);
  PySendResult advance(PyObject* value, PyObject** out);
  void wait();
  bool begin_next();
  void conclude(PyRef result);
  PyRef cancel(PyObject* thrown);
  bool context_changed();
  void finish();
  void call_look();
};

struct LoopRunObject {
  PyObject_HEAD LoopRun* run;
};

LoopRun& run_of(PyObject* self) { return *reinterpret_cast<LoopRunObject*>(self)->run; }

/// Null with an error set, or a context equal to the one that is current.
PyRef current_context() { return PyRef::steal(PyContext_CopyCurrent()); }

bool LoopRun::context_changed() {
  const PyRef now = current_context();
  const int same = now ? PyObject_RichCompareBool(context.get(), now.get(), Py_EQ) : -1;
  if (same < 0) PyErr_Clear();  // values that do not compare are not the same
  return same != 1;
}

void LoopRun::conclude(PyRef result) {
  if (aside) worker->returned();
  aside = false;
  handler().end(attempt, std::move(result), *worker);
}

/// Starts the next event's coroutine. False: the batch is at its end.
bool LoopRun::begin_next() {
  while (Delivery* delivery = worker->batch().next()) {
    attempt = handler().begin(*delivery, state->loop_thread);
    if (attempt.coroutine) return true;
    conclude({});
  }
  return false;
}

void LoopRun::finish() {
  worker->finished();
  pool().end(*worker);
  worker = nullptr;
  look_again = true;
}

/// Lets the coroutine at work go on, and starts those behind it.
PySendResult LoopRun::advance(PyObject* value, PyObject** out) {
  *out = Py_NewRef(Py_None);
  while (true) {
    if (!attempt.coroutine && !begin_next()) {
      worker->finished();
      if (!pool().next(*worker)) {
        finish();
        return PYGEN_RETURN;
      }
      if (steady_ns() - slice_began < kSlice) continue;
      return PYGEN_NEXT;  // a bare yield: the loop goes round once
    }
    PyObject* got = nullptr;
    PyObject* coroutine = attempt.coroutine.get();
    const PySendResult sent = enter_python([&] { return PyIter_Send(coroutine, value, &got); });
    if (sent == PYGEN_NEXT) {
      wait();
      Py_SETREF(*out, got);
      return PYGEN_NEXT;
    }
    conclude(PyRef::steal(got));
    value = Py_None;
    if (!context_changed()) continue;
    finish();
    return PYGEN_RETURN;
  }
}

/// The coroutine at work waits for something.
void LoopRun::wait() {
  if (aside) {
    worker->waits();
    return;
  }
  worker->step_aside();
  aside = look_again = true;
}

PySendResult LoopRun::send(PyObject* value, PyObject** out) {
  if (worker == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "this run is over");
    return PYGEN_ERROR;
  }
  slice_began = steady_ns();
  if (!context) context = current_context();
  PySendResult result;
  {
    const HandlerScope inside(state->monitor());
    result = advance(value, out);
  }
  if (std::exchange(look_again, false)) call_look();
  return result;
}

void LoopRun::call_look() {
  const PyRef done = PyRef::steal(PyObject_CallNoArgs(look.get()));
  if (!done) PyErr_WriteUnraisable(look.get());
}

PyObject* returned(PySendResult result, PyObject* value) {
  if (result == PYGEN_NEXT) return value;
  Py_XDECREF(value);  // None: an iterator that ends says nothing
  return nullptr;
}

PyObject* next(PyObject* self) {
  PyObject* out = nullptr;
  const PySendResult result = run_of(self).send(Py_None, &out);
  return returned(result, out);
}

PySendResult am_send(PyObject* self, PyObject* value, PyObject** out) {
  return run_of(self).send(value, out);
}

PyObject* send_method(PyObject* self, PyObject* value) {
  PyObject* out = nullptr;
  const PySendResult result = run_of(self).send(value, &out);
  if (result == PYGEN_RETURN) PyErr_SetNone(PyExc_StopIteration);
  return returned(result, out);
}

/// The value of the StopIteration that is set, which is cleared.
PyRef stop_value() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  const PyRef held_type = PyRef::steal(type);
  const PyRef held_value = PyRef::steal(value);
  const PyRef held_trace = PyRef::steal(trace);
  return PyRef::steal(PyObject_GetAttrString(value, "value"));
}

/// The attempt gets what the task throws: null if it is over, and so is the run.
PyRef LoopRun::cancel(PyObject* thrown) {
  const HandlerScope inside(state->monitor());
  const PyRef method = PyRef::steal(PyObject_GetAttrString(attempt.coroutine.get(), "throw"));
  PyRef got;
  if (method) {
    got = enter_python([&] { return PyRef::steal(PyObject_Call(method.get(), thrown, nullptr)); });
  }
  if (got) {
    wait();
    return got;
  }
  conclude(PyErr_ExceptionMatches(PyExc_StopIteration) != 0 ? stop_value() : PyRef());
  finish();
  return {};
}

PyObject* throw_method(PyObject* self, PyObject* thrown) {
  LoopRun& run = run_of(self);
  if (run.worker != nullptr && run.attempt.coroutine) {
    PyRef got = run.cancel(thrown);
    if (got) return got.release();
  } else if (run.worker != nullptr) {
    run.finish();
  }
  if (std::exchange(run.look_again, false)) run.call_look();
  PyErr_SetNone(PyExc_StopIteration);
  return nullptr;
}

PyObject* close_method(PyObject* self, PyObject*) {
  LoopRun& run = run_of(self);
  if (run.worker == nullptr) Py_RETURN_NONE;
  if (run.attempt.coroutine) {
    const PyRef closed =
        PyRef::steal(PyObject_CallMethod(run.attempt.coroutine.get(), "close", nullptr));
    if (!closed) PyErr_WriteUnraisable(run.attempt.coroutine.get());
    PyErr_SetString(PyExc_RuntimeError, "the event loop was closed while the handler waited");
    run.conclude({});
  }
  run.finish();
  Py_RETURN_NONE;
}

PyObject* get_fenced(PyObject* self, void*) {
  const LoopRun& run = run_of(self);
  return PyBool_FromLong(run.worker != nullptr && run.worker->fenced() ? 1 : 0);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  LoopRun& run = run_of(self);
  Py_VISIT(run.look.get());
  Py_VISIT(run.attempt.coroutine.get());
  Py_VISIT(run.attempt.event.get());
  Py_VISIT(run.context.get());
  return 0;
}

int clear(PyObject* self) {
  run_of(self).look.reset();
  return 0;
}

void deallocate(PyObject* self) {
  PyObject_GC_UnTrack(self);
  LoopRun& run = run_of(self);
  if (run.worker != nullptr) {  // its task was thrown away: a closed loop, or the interpreter's end
    const py::error_scope kept;
    run.look = PyRef::borrow(Py_None);
    Py_XDECREF(close_method(self, nullptr));
  }
  delete &run;
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_Del(self);
  Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"send", send_method, METH_O, "As of a coroutine."},
    {"throw", throw_method, METH_VARARGS, "As of a coroutine."},
    {"close", close_method, METH_NOARGS, "Gives the attempt at work up, as failed."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"fenced", get_fenced, nullptr, "The attempt at work was given up.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyObject* new_loop_run(const EngineStatePtr& state, Worker& worker, PyObject* look) {
  auto* self = PyObject_GC_New(LoopRunObject, run_type);
  if (self == nullptr) return nullptr;
  self->run = new LoopRun{state, &worker, PyRef::borrow(look), {}, {}};
  auto* object = reinterpret_cast<PyObject*>(self);
  PyObject_GC_Track(object);
  return object;
}

void bind_loop_run(py::module_& module) {
  PyType_Slot slots[] = {
      {Py_tp_doc, const_cast<char*>("Runs a worker's batches; awaited by a task.")},
      {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
      {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
      {Py_tp_clear, reinterpret_cast<void*>(clear)},
      {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
      {Py_tp_iternext, reinterpret_cast<void*>(next)},
      {Py_am_await, reinterpret_cast<void*>(PyObject_SelfIter)},
      {Py_am_send, reinterpret_cast<void*>(am_send)},
      {Py_tp_methods, methods},
      {Py_tp_getset, attributes},
      {0, nullptr}};
  PyType_Spec spec{"veltrix._core.LoopRun", sizeof(LoopRunObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                   slots};
  run_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (run_type == nullptr) throw py::error_already_set();
  module.add_object("LoopRun", reinterpret_cast<PyObject*>(run_type));
}

}  // namespace veltrix
