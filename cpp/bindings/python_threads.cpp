#include "bindings/python_threads.hpp"

#include "bindings/engine_state.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {
// A pointer: the destructor of a thread_local PyRef could run without the GIL.
thread_local PythonThread* t_thread = nullptr;
}  // namespace

PythonThread& this_python_thread() { return *t_thread; }

bool PythonThread::enter(PyObject* make_lifespan) {
  if (entered || make_lifespan == nullptr) return true;
  const PyRef types = PyRef::steal(PyImport_ImportModule("types"));
  if (!types) return false;
  resources = PyRef::steal(PyObject_CallMethod(types.get(), "SimpleNamespace", nullptr));
  if (!resources) return false;
  lifespan = PyRef::steal(PyObject_CallOneArg(make_lifespan, resources.get()));
  if (!lifespan) return false;
  const PyRef yielded = PyRef::steal(PyIter_Next(lifespan.get()));
  if (!yielded) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "the lifespan did not yield");
    return false;
  }
  entered = true;
  return true;
}

void PythonThread::leave() {
  if (!entered) return;
  entered = false;
  const PyRef yielded = PyRef::steal(PyIter_Next(lifespan.get()));
  if (PyErr_Occurred()) PyErr_WriteUnraisable(lifespan.get());
  lifespan.reset();
  resources.reset();
}

void PythonThreads::thread_started() noexcept {
  t_thread = new PythonThread();
  t_thread->state = PyThreadState_New(PyInterpreterState_Main());
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
