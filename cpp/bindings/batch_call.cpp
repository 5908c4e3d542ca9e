#include "bindings/batch_call.hpp"

namespace veltrix {

namespace {
constexpr std::size_t kTwice = SIZE_MAX;

bool says_done(PyObject* said) {
  return said == Py_None ||
         (PyUnicode_Check(said) != 0 && PyUnicode_CompareWithASCIIString(said, "done") == 0);
}
/// For messages; an Event by its id, since its payload may not decode.
PyRef shown(PyObject* item) {
  PyRef text =
      PyRef::steal(is_event(item) ? PyObject_GetAttrString(item, "id") : PyObject_Repr(item));
  if (text && is_event(item)) {
    text = PyRef::steal(PyUnicode_FromFormat("the event with id %R", text.get()));
  }
  if (!text) PyErr_Clear();
  return text ? std::move(text) : PyRef::steal(PyUnicode_FromString(Py_TYPE(item)->tp_name));
}

void refuse(PyObject* item, const char* why) {
  const PyRef text = shown(item);
  if (text) PyErr_Format(PyExc_ValueError, "%.200U %s", text.get(), why);
}
}  // namespace

BatchCall::Row* BatchCall::find(PyObject* item) {
  if (places_.empty()) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto [place, fresh] = places_.emplace(rows_[i].item(), i);
      if (!fresh) place->second = kTwice;
    }
  }
  const auto found = places_.find(item);
  if (found == places_.end()) {
    refuse(item, "is no row of this call; name the very object that stands in the list");
    return nullptr;
  }
  if (found->second == kTwice) {
    refuse(item,
           "stands in the list more than once; take list[vx.Event[...]], whose rows can be told "
           "apart");
    return nullptr;
  }
  return &rows_[found->second];
}

BatchCall::Row* BatchCall::find_unsettled(PyObject* item) {
  Row* row = find(item);
  if (row == nullptr || !row->settled) return row;
  refuse(item, "is settled already; settle each row once");
  return nullptr;
}

bool BatchCall::read(const Row& row, PyObject* said, const ErrorRules& rules, Outcome& outcome) {
  if (says_done(said) || outcome_of_signal(said, outcome)) return true;
  if (PyExceptionInstance_Check(said) == 0) {
    refuse(said,
           "is no outcome; write None, 'done', vx.Retry(), vx.DeadLetter('why'), vx.Drop() or an "
           "exception");
    return false;
  }
  const PyRef event = PyRef::borrow(row.event.get());
  const bool last_attempt = row.last_attempt;
  outcome = outcome_of_exception(said, last_attempt, rules);
  judge_payload(*reinterpret_cast<EventObject*>(event.get()), outcome);
  return true;
}

void BatchCall::settle(Row& row, Outcome outcome) {
  if (outcomes_.empty()) outcomes_.resize(rows_.size());
  outcomes_[static_cast<std::size_t>(&row - rows_.data())] = std::move(outcome);
  row.settled = true;
  ++settled_;
}

}  // namespace veltrix
