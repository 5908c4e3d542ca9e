#pragma once
// What each Python executor thread keeps: its thread state, for all its life (making one costs 7
// us, using it 60 ns), and the resources of `@app.lifespan`.

#include "bindings/py_ref.hpp"

namespace veltrix {

struct PythonThread {
  PyThreadState* state = nullptr;  // null: of a step engine, whose caller holds the GIL already
  PyRef lifespan;                  // the generator, suspended at its yield
  PyRef resources;                 // the namespace it filled
  bool entered = false;
  std::int64_t attached_ns = 0;  // since when it has the GIL, 0: it has not

  /// Enters the lifespan when the first batch comes. False: a Python error is set.
  bool enter(PyObject* make_lifespan);
  void leave();
};

/// Of an executor, on its own thread.
PythonThread& this_python_thread();

}  // namespace veltrix
