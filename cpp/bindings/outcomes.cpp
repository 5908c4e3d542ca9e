// From Python exceptions and signals to outcomes.

#include "bindings/classes.hpp"
#include "bindings/python_handler.hpp"

namespace veltrix {

namespace {

std::string text_of(PyObject* object) {
  const PyRef text = PyRef::steal(PyObject_Str(object));
  Py_ssize_t size = 0;
  const char* bytes = text ? PyUnicode_AsUTF8AndSize(text.get(), &size) : nullptr;
  if (bytes == nullptr) {
    PyErr_Clear();
    return "(no text)";
  }
  return std::string(bytes, std::min<std::size_t>(static_cast<std::size_t>(size), kMaxErrorText));
}

/// The traceback as Python prints it, its end kept where it is too long.
std::string traceback_of(PyObject* value) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("traceback"));
  const PyRef lines =
      PyRef::steal(module ? PyObject_CallMethod(module.get(), "format_exception", "O", value)
                          : nullptr);
  const PyRef empty = PyRef::steal(PyUnicode_FromString(""));
  const PyRef joined = PyRef::steal(lines && empty ? PyUnicode_Join(empty.get(), lines.get())
                                                   : nullptr);
  Py_ssize_t size = 0;
  const char* bytes = joined ? PyUnicode_AsUTF8AndSize(joined.get(), &size) : nullptr;
  if (bytes == nullptr) {
    PyErr_Clear();
    return text_of(value);
  }
  const auto length = static_cast<std::size_t>(size);
  const std::size_t skip = length > kMaxErrorText ? length - kMaxErrorText : 0;
  return std::string(bytes + skip, length - skip);
}

std::string attribute_text(PyObject* object, const char* name) {
  const PyRef value = PyRef::steal(PyObject_GetAttrString(object, name));
  if (!value) {
    PyErr_Clear();
    return {};
  }
  return text_of(value.get());
}

}  // namespace

bool outcome_of_signal(PyObject* object, Outcome& outcome) {
  const Classes& known = classes();
  const auto is = [&](PyObject* type) {
    return type != nullptr && PyObject_IsInstance(object, type) == 1;
  };
  if (is(known.retry)) {
    outcome.kind = OutcomeKind::kRetry;
    outcome.failure = std::make_unique<Failure>(Failure{"retry", text_of(object)});
    const PyRef after = PyRef::steal(PyObject_GetAttrString(object, "after_ns"));
    if (after && after.get() != Py_None) outcome.retry_after = PyLong_AsLongLong(after.get());
    PyErr_Clear();
    return true;
  }
  if (is(known.dead_letter)) {
    outcome.kind = OutcomeKind::kDead;
    outcome.failure =
        std::make_unique<Failure>(Failure{"dead_letter", attribute_text(object, "reason")});
    return true;
  }
  if (!is(known.drop)) return false;
  outcome.kind = OutcomeKind::kDrop;
  outcome.failure = std::make_unique<Failure>(Failure{attribute_text(object, "reason"), {}});
  return true;
}

Outcome outcome_of_error(bool full) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const PyRef held_type = PyRef::steal(type);
  const PyRef held_value = PyRef::steal(value);
  const PyRef held_trace = PyRef::steal(trace);
  Outcome outcome;
  if (outcome_of_signal(value, outcome)) return outcome;
  const std::string name = reinterpret_cast<PyTypeObject*>(type)->tp_name;
  return Outcome::failed(OutcomeKind::kRetry, name.substr(name.rfind('.') + 1),
                         full ? traceback_of(value) : text_of(value));
}

}  // namespace veltrix
