#include "bindings/forks.hpp"

#include <mutex>

#include <unistd.h>

#include "bindings/py_ref.hpp"

namespace veltrix {

namespace {

std::mutex& thread_states() {
  static std::mutex& mutex = *new std::mutex();  // leaked: threads may outlive static destructors
  return mutex;
}

}  // namespace

PyThreadState* new_thread_state() noexcept {
  const std::lock_guard guard(thread_states());
  return PyThreadState_New(PyInterpreterState_Main());
}

void before_fork() noexcept { thread_states().lock(); }
void after_fork() noexcept { thread_states().unlock(); }

void leave_forked_child() noexcept {
  const PyRef error = take_error();
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.forks"));
  PyObject* raised = error ? error.get() : Py_None;
  if (module) PyObject_CallMethod(module.get(), "leave_child", "O", raised);
  ::_exit(1);  // no module, no memory
}

}  // namespace veltrix
