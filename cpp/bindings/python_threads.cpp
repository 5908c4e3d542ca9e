#include "bindings/python_threads.hpp"

#include "bindings/engine_state.hpp"
#include "bindings/forks.hpp"
#include "bindings/gil_arbiter.hpp"

namespace veltrix {

namespace {
// A pointer: the destructor of a thread_local PyRef could run without the GIL.
thread_local PythonThread* t_thread = nullptr;

/// veltrix.lifespans.NAME(argument)
PyRef call_lifespans(const char* name, PyObject* argument) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.lifespans"));
  if (!module) return {};
  return enter_user_code(
      [&] { return PyRef::steal(PyObject_CallMethod(module.get(), name, "O", argument)); });
}

}  // namespace

PythonThread& this_python_thread() { return *t_thread; }

bool PythonThread::enter(PyObject* make_lifespan) {
  if (entered || make_lifespan == nullptr) return true;
  const PyRef opened = call_lifespans("enter", make_lifespan);
  if (!opened) return false;
  lifespan = PyRef::borrow(PyTuple_GET_ITEM(opened.get(), 0));
  resources = PyRef::borrow(PyTuple_GET_ITEM(opened.get(), 1));
  entered = true;
  return true;
}

void PythonThread::leave() {
  if (!entered) return;
  entered = false;
  if (!call_lifespans("leave", lifespan.get())) PyErr_WriteUnraisable(lifespan.get());
  lifespan.reset();
  resources.reset();
}

void PythonThreads::thread_started() noexcept {
  t_thread = new PythonThread();
  t_thread->state = new_thread_state();
}

void PythonThreads::about_to_wait() noexcept {
  if (t_thread->attached_ns == 0) return;
  t_thread->attached_ns = 0;
  GilArbiter::instance().release();
}

void PythonThreads::thread_stopping() noexcept {
  attach(t_thread->state);
  enter_python([] { t_thread->leave(); });
  PyThreadState* state = t_thread->state;
  delete t_thread;
  t_thread = nullptr;
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
}

}  // namespace veltrix
