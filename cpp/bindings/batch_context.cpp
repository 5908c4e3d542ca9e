// What the context of a batch can do: settle single rows, and tell of their attempts.

#include "bindings/batch_call.hpp"
#include "bindings/context_object.hpp"

namespace veltrix {

namespace {

/// The call that a context belongs to, while it lasts; null with a Python error set.
BatchCall* call_of(PyObject* self, const char* method) {
  const ContextObject* context = context_of(self);
  if (context->call != nullptr) return context->call;
  if (context->event != nullptr) {
    PyErr_Format(PyExc_TypeError,
                 "%s() is for handlers with batch=; this one takes single events: return or raise "
                 "vx.Retry, vx.DeadLetter or vx.Drop, and read ctx.attempt",
                 method);
  } else {
    PyErr_Format(PyExc_ValueError, "%s(): the batch is over", method);
  }
  return nullptr;
}

PyObject* settle(PyObject* self, PyObject* args, PyObject* kwargs) {
  static const char* names[] = {"event", "outcome", nullptr};
  PyObject* item = nullptr;
  PyObject* said = Py_None;
  if (PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:settle", const_cast<char**>(names), &item,
                                  &said) == 0) {
    return nullptr;
  }
  BatchCall* call = call_of(self, "settle");
  const BatchCall::Row* row = call != nullptr ? call->find_unsettled(item) : nullptr;
  if (row == nullptr) return nullptr;
  Outcome outcome;
  if (!BatchCall::read(*row, said, call->rules(), outcome)) return nullptr;
  // To read it may have run code: in the meantime anything can have happened.
  call = call_of(self, "settle");
  BatchCall::Row* same = call != nullptr ? call->find_unsettled(item) : nullptr;
  if (same == nullptr) return nullptr;
  call->settle(*same, std::move(outcome));
  Py_RETURN_NONE;
}

PyObject* attempt_of(PyObject* self, PyObject* item) {
  BatchCall* call = call_of(self, "attempt_of");
  const BatchCall::Row* row = call != nullptr ? call->find(item) : nullptr;
  return row != nullptr ? PyLong_FromUnsignedLong(row->attempt) : nullptr;
}

}  // namespace

PyMethodDef context_methods[] = {
    {"settle", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(settle)),
     METH_VARARGS | METH_KEYWORDS,
     "settle(event, outcome=None)\n--\n\nGives one row of a batch its own outcome."},
    {"attempt_of", attempt_of, METH_O,
     "attempt_of(event)\n--\n\nNumber of a row's attempt; the first is 1."},
    {nullptr, nullptr, 0, nullptr}};

}  // namespace veltrix
