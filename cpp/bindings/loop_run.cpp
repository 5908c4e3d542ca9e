#include "bindings/loop_run.hpp"

#include "veltrix/base/clock.hpp"

#include "bindings/references.hpp"

namespace veltrix {

namespace {

constexpr std::int64_t kSlice = kMillisecond;  // then the loop gets a turn

/// Null with an error set, or a context equal to the one that is current.
PyRef current_context() { return PyRef::steal(PyContext_CopyCurrent()); }

/// The value of the StopIteration that is set, which is cleared.
PyRef stop_value() {
  const py::error_already_set stop;
  return PyRef::steal(PyObject_GetAttrString(stop.value().ptr(), "value"));
}

}  // namespace

bool LoopRun::context_changed() {
  const PyRef now = current_context();
  const int same = now ? PyObject_RichCompareBool(context_.get(), now.get(), Py_EQ) : -1;
  if (same < 0) PyErr_Clear();  // values that do not compare are not the same
  return same != 1;
}

void LoopRun::conclude(PyRef result) {
  if (aside_) worker_->returned();
  aside_ = false;
  handler().end(attempt_, std::move(result), *worker_);
}

/// Starts the next event's coroutine. False: the batch is at its end.
bool LoopRun::begin_next() {
  while (Delivery* delivery = worker_->batch().next()) {
    attempt_ = handler().begin(*delivery, state_->loop_thread);
    if (attempt_.coroutine) return true;
    conclude({});
  }
  return false;
}

void LoopRun::finish() {
  worker_->finished();
  pool().end(*worker_);
  worker_ = nullptr;
  look_again_ = true;
}

/// Lets the coroutine at work go on, and starts those behind it.
PySendResult LoopRun::advance(PyObject* value, PyObject** out) {
  *out = Py_NewRef(Py_None);
  while (true) {
    if (!attempt_.coroutine && !begin_next()) {
      worker_->finished();
      if (!pool().next(*worker_)) {
        finish();
        return PYGEN_RETURN;
      }
      if (steady_ns() - slice_began_ < kSlice) continue;
      return PYGEN_NEXT;  // a bare yield: the loop goes round once
    }
    PyObject* got = nullptr;
    if (handler().send(attempt_, value, &got) == PYGEN_NEXT) {
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
  if (aside_) {
    worker_->waits();
    return;
  }
  worker_->step_aside();
  aside_ = look_again_ = true;
}

PySendResult LoopRun::send(PyObject* value, PyObject** out) {
  if (worker_ == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "this run is over");
    return PYGEN_ERROR;
  }
  slice_began_ = steady_ns();
  drop_dead_references();
  if (!context_) context_ = current_context();
  PySendResult result;
  {
    const HandlerScope inside(state_->monitor());
    result = advance(value, out);
  }
  look_if_asked();
  return result;
}

void LoopRun::look_if_asked() {
  if (!std::exchange(look_again_, false)) return;
  const PyRef done = PyRef::steal(PyObject_CallNoArgs(look_.get()));
  if (!done) PyErr_WriteUnraisable(look_.get());
}

PyRef LoopRun::cancel(PyObject* thrown) {
  if (worker_ == nullptr) return {};
  PyRef got;
  if (attempt_.coroutine) {
    const HandlerScope inside(state_->monitor());
    got = handler().send_error(attempt_, thrown);
    if (got) {
      wait();
      return got;
    }
    conclude(PyErr_ExceptionMatches(PyExc_StopIteration) != 0 ? stop_value() : PyRef());
  }
  finish();
  look_if_asked();
  return got;
}

int LoopRun::traverse(visitproc visit, void* arg) const {
  Py_VISIT(look_.get());
  Py_VISIT(attempt_.coroutine.get());
  Py_VISIT(attempt_.event.get());
  Py_VISIT(context_.get());
  return 0;
}

void LoopRun::close() {
  if (worker_ == nullptr) return;
  if (attempt_.coroutine) {
    const PyRef closed =
        PyRef::steal(PyObject_CallMethod(attempt_.coroutine.get(), "close", nullptr));
    if (!closed) PyErr_WriteUnraisable(attempt_.coroutine.get());
    PyErr_SetString(PyExc_RuntimeError, "the event loop was closed while the handler waited");
    conclude({});
  }
  finish();
}

}  // namespace veltrix
