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
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.forks"));
  PyObject* error = value == nullptr ? Py_None : value;
  if (module) PyObject_CallMethod(module.get(), "leave_child", "O", error);
  ::_exit(1);  // no module, no memory
}

}  // namespace veltrix
