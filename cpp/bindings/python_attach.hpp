#pragma once
// Letting go of the GIL and taking it again, on a thread that may outlive the interpreter.
//
// CPython up to 3.13 ends a thread that asks for the GIL after finalisation has begun by
// pthread_exit(): a forced unwind. It would run destructors without the GIL, and it aborts the
// process at the first noexcept frame. So it is caught right where Python was entered, and the
// thread sleeps until the process is gone, which is what CPython does by itself from 3.14 on.
// py::gil_scoped_release takes the GIL in a destructor, hence is not used for calls that a daemon
// thread may sit in.

#include "bindings/python.hpp"

#include <cxxabi.h>

namespace veltrix {

[[noreturn]] void sleep_for_ever() noexcept;

/// Calls into Python; does not return if the interpreter ends meanwhile.
template <class Call>
auto enter_python(const Call& call) {
  try {
    return call();
  } catch (const abi::__forced_unwind&) {
    sleep_for_ever();
  }
}

/// Takes the GIL for the thread of `state`.
inline void attach(PyThreadState* state) noexcept {
  enter_python([state] { PyEval_RestoreThread(state); });
}

/// Without the GIL for its life.
class Detached {
 public:
  Detached() noexcept : state_(PyEval_SaveThread()) {}
  ~Detached() { attach(state_); }
  Detached(const Detached&) = delete;
  Detached& operator=(const Detached&) = delete;

 private:
  PyThreadState* const state_;
};

}  // namespace veltrix
