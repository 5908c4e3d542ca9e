#include "bindings/python_values.hpp"

#include <cstring>

#include "veltrix/base/limits.hpp"
#include "veltrix/cel/operations.hpp"

#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_attach.hpp"
#include "bindings/python_text.hpp"
#include "bindings/python_times.hpp"

namespace veltrix {

using cel::Value;

namespace {

constexpr std::size_t kMaxQuoted = 300;

/// One object with all that it holds. Stops at the first that is no value, with an error set.
class Conversion {
 public:
  Conversion(std::string_view place, cel::Workspace& work) : place_(place), work_(work) {}

  bool take(PyObject* object, Value& out) {
    if (++depth_ > kMaxJsonDepth) return refuse("is nested deeper than 64, or contains itself");
    const bool taken = take_scalar(object, out);
    --depth_;
    return taken;
  }

 private:
  bool take_scalar(PyObject* object, Value& out) {
    if (PyUnicode_Check(object)) return take_text(object, out);
    if (object == Py_None) return give(Value::null(), out);
    if (PyBool_Check(object)) return give(Value::of(object == Py_True), out);
    if (PyLong_Check(object)) return take_integer(object, out);
    if (PyFloat_Check(object)) return give(Value::of(PyFloat_AS_DOUBLE(object)), out);
    if (PyBytes_Check(object)) return take_bytes(object, out);
    return take_container(object, out);
  }

  bool take_container(PyObject* object, Value& out) {
    if (PyDict_Check(object)) return take_dict(object, out);
    if (PyList_Check(object)) return take_items(object, out);
    if (PyTuple_Check(object)) return take_items(object, out);
    if (is_event(object)) return take_event(object, out);
    const TimeKind kind = time_kind_of(object);
    if (kind == TimeKind::kNone) return take_foreign(object, out);
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    if (const char* fault = read_time(object, kind, seconds, nanoseconds)) return refuse(fault);
    return give(kind == TimeKind::kTimestamp ? Value::timestamp(seconds, nanoseconds)
                                             : Value::duration(seconds, nanoseconds),
                out);
  }

  bool take_text(PyObject* object, Value& out) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text == nullptr) {
      PyErr_Clear();
      return refuse("holds a lone surrogate, which is no text");
    }
    std::string_view kept;
    if (!keep({text, static_cast<std::size_t>(size)}, kept)) return false;
    return give(Value::string(kept), out);
  }

  bool take_bytes(PyObject* object, Value& out) {
    std::string_view kept;
    const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(object));
    if (!keep({PyBytes_AS_STRING(object), size}, kept)) return false;
    return give(Value::bytes(kept), out);
  }

  bool take_integer(PyObject* object, Value& out) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow == 0) return give(Value::of(static_cast<std::int64_t>(number)), out);
    if (overflow > 0) {
      const unsigned long long big = PyLong_AsUnsignedLongLong(object);
      if (PyErr_Occurred() == nullptr) return give(Value::of(std::uint64_t{big}), out);
      PyErr_Clear();
    }
    return refuse("holds an integer that fits neither int nor uint (64 bits)", "overflow");
  }

  bool take_items(PyObject* object, Value& out) {
    const bool list = PyList_Check(object);
    const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(object));
    Value* items = room<Value>(size);
    if (items == nullptr) return false;
    for (std::size_t i = 0; i < size; ++i) {
      const auto place = static_cast<Py_ssize_t>(i);
      // What an item converts itself with may have cut the list short.
      if (list && place >= PyList_GET_SIZE(object)) return refuse("changed while it was read");
      const PyRef item = PyRef::borrow(PySequence_Fast_GET_ITEM(object, place));
      if (!take(item.get(), items[i])) return false;
    }
    return give(Value::list({items, size}), out);
  }

  bool take_dict(PyObject* object, Value& out) {
    const Py_ssize_t size = PyDict_GET_SIZE(object);
    auto* entries = room<cel::MapEntry>(static_cast<std::size_t>(size));
    if (entries == nullptr) return false;
    Py_ssize_t next = 0, count = 0;
    PyObject *key = nullptr, *value = nullptr;
    while (PyDict_Next(object, &next, &key, &value) != 0) {
      const PyRef held_key = PyRef::borrow(key), held = PyRef::borrow(value);
      if (count == size || PyDict_GET_SIZE(object) != size) {
        return refuse("changed while it was read");
      }
      cel::MapEntry& entry = entries[count++];
      if (!take_key(key, entry.key) || !take(value, entry.value)) return false;
    }
    return give(Value::map({entries, static_cast<std::size_t>(count)}), out);
  }

  bool take_key(PyObject* key, Value& out) {
    if (PyUnicode_Check(key) || PyLong_Check(key)) return take_scalar(key, out);
    return refuse(std::string("has a key of type ") + Py_TYPE(key)->tp_name +
                  "; keys are str, int or bool");
  }

  /// As its JSON says it: the same that a filter sees of an event.
  bool take_event(PyObject* object, Value& out) {
    const PyRef json = PyRef::steal(PyObject_CallMethod(object, "to_json", nullptr));
    if (!json) return false;
    std::string_view kept;
    const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(json.get()));
    if (!keep({PyBytes_AS_STRING(json.get()), size}, kept)) return false;
    out = cel::from_json(kept, work_);
    return !out.is_error() || refuse(std::string(name_of(out.reason)), name_of(out.reason));
  }

  /// What has a plain form: a Struct, a dataclass, a pydantic model, a number of NumPy.
  bool take_foreign(PyObject* object, Value& out) {
    const PyRef plain = PyRef::steal(
        enter_python([&] { return PyObject_CallOneArg(classes().plain_value, object); }));
    if (plain) return take(plain.get(), out);
    if (!PyErr_ExceptionMatches(PyExc_Exception)) return false;  // Ctrl-C
    const py::error_already_set error;
    return refuse("cannot be a value of an expression: " +
                  utf8_text(error.value().ptr(), kMaxQuoted));
  }

  bool keep(std::string_view bytes, std::string_view& out) {
    // With the padding that whoever parses JSON may read over.
    char* copy = work_.arena.text(bytes.size() + kJsonPadding);
    if (copy == nullptr) return too_large();
    std::memcpy(copy, bytes.data(), bytes.size());
    out = {copy, bytes.size()};
    return true;
  }

  template <class T>
  T* room(std::size_t count) {
    T* found = work_.arena.array<T>(count + 1);  // never of no bytes at all
    if (found == nullptr) too_large();
    return found;
  }

  bool too_large() { return refuse("is larger than 4 MiB", "too_much_memory"); }

  bool refuse(const std::string& what, std::string_view reason = "bad_conversion") {
    return evaluation_error(reason, std::string(place_) + " " + what);
  }

  static bool give(const Value& value, Value& out) noexcept {
    out = value;
    return true;
  }

  std::string_view place_;
  cel::Workspace& work_;
  std::size_t depth_ = 0;
};

}  // namespace

bool value_of(PyObject* object, std::string_view place, cel::Workspace& work, Value& out) {
  return Conversion(place, work).take(object, out);
}

}  // namespace veltrix
