// The Python type of LoopRun: an iterator and a coroutine in one.

#include "bindings/loop_run.hpp"

namespace veltrix {

namespace {

PyTypeObject* run_type = nullptr;

struct LoopRunObject {
  PyObject_HEAD LoopRun* run;
};

LoopRun& run_of(PyObject* self) { return *reinterpret_cast<LoopRunObject*>(self)->run; }

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

PyObject* throw_method(PyObject* self, PyObject* thrown) {
  PyRef got = run_of(self).cancel(thrown);
  if (got) return got.release();
  PyErr_SetNone(PyExc_StopIteration);
  return nullptr;
}

PyObject* close_method(PyObject* self, PyObject*) {
  run_of(self).close();
  Py_RETURN_NONE;
}

PyObject* get_fenced(PyObject* self, void*) {
  return PyBool_FromLong(run_of(self).fenced() ? 1 : 0);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  return run_of(self).traverse(visit, arg);
}

void deallocate(PyObject* self) {
  PyObject_GC_UnTrack(self);
  {
    const py::error_scope kept;
    run_of(self).close();  // of a task that was thrown away: with its loop, or at the very end
  }
  delete &run_of(self);
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
  self->run = new LoopRun(state, worker, look);
  auto* object = reinterpret_cast<PyObject*>(self);
  PyObject_GC_Track(object);
  return object;
}

void bind_loop_run(py::module_& module) {
  PyType_Slot slots[] = {
      {Py_tp_doc, const_cast<char*>("Runs a worker's batches; awaited by a task.")},
      {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
      {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
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
