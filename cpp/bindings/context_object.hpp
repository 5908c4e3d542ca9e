#pragma once
// `veltrix.Context`: what a handler may know of its attempt.

#include <cstdint>

#include "bindings/engine_state.hpp"

namespace veltrix {

class BatchCall;

struct AttemptFacts {
  EngineState* engine;       // null: in a worker process
  const Delivery* delivery;  // null: there, and of a batch
  PyObject* event;           // borrowed; null: of a batch
  PyObject* queue;           // borrowed str
  PyObject* state;           // borrowed: the executor's namespace, or None
  std::uint32_t attempt;
  std::uint64_t sequence;
  std::int64_t timeout_ns;    // from now on; 0: none
  BatchCall* call = nullptr;  // of a batch: what settle() tells; until end_call()
};

struct ContextObject {
  PyObject_HEAD PyObject* event;
  PyObject* queue;
  PyObject* state;
  PyObject* deadline;
  unsigned attempt;
  unsigned long long sequence;
  std::int64_t ends_ns;  // steady time of its timeout, 0: none
  BatchCall* call;
  std::weak_ptr<EngineState> engine;
  bool in_engine;
  const Delivery* delivery;
};
inline ContextObject* context_of(PyObject* self) { return reinterpret_cast<ContextObject*>(self); }

/// New reference; null with a Python error set.
PyObject* new_context(const AttemptFacts& facts);
/// The call is over: whoever keeps the context can settle nothing more.
inline void end_call(PyObject* context) noexcept { context_of(context)->call = nullptr; }
extern PyMethodDef context_methods[];  // batch_context.cpp
void bind_context(py::module_& module);

}  // namespace veltrix
