// publish_many()'s loop: items of any kind that publish() takes, dicts of its arguments, payloads
// of one type, or JSON lines in a buffer.

#include <vector>

#include "veltrix/event/json_reader.hpp"

#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"
#include "bindings/publisher.hpp"
#include "bindings/waiting_room.hpp"

namespace veltrix {

namespace {

constexpr std::size_t kItemsPerLook = 1'024;  // at signals

/// The arguments by name that every item gets, or that a dict holds.
class Named {
 public:
  /// False: a Python error is set. `skip`: places that are left free in front.
  bool take(PyObject* dict, std::size_t skip) {
    names_ = PyRef::steal(PyTuple_New(PyDict_GET_SIZE(dict)));
    if (!names_) return false;
    values_.assign(skip, nullptr);
    Py_ssize_t at = 0;
    PyObject *name = nullptr, *value = nullptr;
    for (Py_ssize_t i = 0; PyDict_Next(dict, &at, &name, &value) != 0; ++i) {
      if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "an event's arguments have names: {'type': …, 'data': …}");
        return false;
      }
      PyTuple_SET_ITEM(names_.get(), i, Py_NewRef(name));
      values_.push_back(value);
    }
    return true;
  }
  PyObject** values() noexcept { return values_.data(); }
  PyObject* names() const noexcept { return names_.get(); }

 private:
  PyRef names_;
  std::vector<PyObject*> values_;  // borrowed
};

bool append(PyObject* receipts, PyObject* receipt) {
  const PyRef held = PyRef::steal(receipt);
  return held && PyList_Append(receipts, receipt) == 0;
}

PyObject* publish_dict(PyObject* self, PyObject* dict) {
  const PyRef copy = PyRef::steal(PyDict_Copy(dict));  // publishing may run code that changes it
  Named named;
  if (!copy || !named.take(copy.get(), 0)) return nullptr;
  return publish(self, named.values(), 0, named.names());
}

bool publish_items(PyObject* self, PyObject* items, PyObject* type, PyObject* options,
                   PyObject* receipts) {
  const PyRef iterator = PyRef::steal(PyObject_GetIter(items));
  Named common;
  if (!iterator || !common.take(options, 2)) return false;
  common.values()[0] = type;
  for (std::size_t i = 1;; ++i) {
    const PyRef item = PyRef::steal(PyIter_Next(iterator.get()));
    if (!item) return PyErr_Occurred() == nullptr;
    PyObject* receipt = nullptr;
    if (type != Py_None) {
      common.values()[1] = item.get();
      receipt = publish(self, common.values(), 2, common.names());
    } else if (PyDict_CheckExact(item.get())) {
      receipt = publish_dict(self, item.get());
    } else {
      PyObject* one = item.get();
      receipt = publish(self, &one, 1, nullptr);
    }
    if (!append(receipts, receipt)) return false;
    if (i % kItemsPerLook == 0 && PyErr_CheckSignals() != 0) return false;
  }
}

bool publish_lines(PyObject* self, std::string_view lines, PyObject* receipts) {
  for (std::size_t i = 1; !lines.empty(); ++i) {
    const std::size_t end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    EventFields fields;
    auto read = shared_reader().read(line, false, fields);
    if (!read) {
      state_of(self).producer->count_rejected();
      set_error(read.error());
      return false;
    }
    if (!append(receipts, publish_fields(self, fields))) return false;
    if (i % kItemsPerLook == 0 && PyErr_CheckSignals() != 0) return false;
  }
  return true;
}

/// As publish() refuses it, also where there is nothing to publish.
bool may_publish(PyObject* self) {
  return !refuse_fork(state_of(self)) && !refuse_closed(state_of(self));
}

}  // namespace

PyObject* publish_each(PyObject* self, PyObject* args) {
  PyObject *items = nullptr, *type = nullptr, *options = nullptr, *receipts = nullptr;
  if (!PyArg_ParseTuple(args, "OOO!O!", &items, &type, &PyDict_Type, &options, &PyList_Type,
                        &receipts) ||
      !may_publish(self)) {
    return nullptr;
  }
  bool all = false;
  if (PyBytes_Check(items)) {
    const std::string_view lines(PyBytes_AS_STRING(items),
                                 static_cast<std::size_t>(PyBytes_GET_SIZE(items)));
    all = publish_lines(self, lines, receipts);
  } else {
    all = publish_items(self, items, type, options, receipts);
  }
  if (!all) return nullptr;
  Py_RETURN_NONE;
}

}  // namespace veltrix
