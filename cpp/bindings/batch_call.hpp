#pragma once
// One call of a batch handler: the rows in its list, and what ctx.settle() says of single ones.
// Guarded by the GIL; a thread that the function started may settle rows, too.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "bindings/python_handler.hpp"

namespace veltrix {

class BatchCall {
 public:
  struct Row {
    std::size_t index;  // in the batch
    std::uint16_t attempt;
    bool last_attempt;
    bool settled = false;
    PyRef event;
    PyRef payload;  // of list[T]: what stands in the list in its place
    PyObject* item() const noexcept { return payload ? payload.get() : event.get(); }
    EventObject& object() const noexcept { return *reinterpret_cast<EventObject*>(event.get()); }
  };

  BatchCall(std::size_t most, const ErrorRules& rules) : rules_(rules) { rows_.reserve(most); }

  void add(Row row) { rows_.push_back(std::move(row)); }
  std::vector<Row>& rows() noexcept { return rows_; }
  /// How many have no outcome of their own.
  std::size_t unsettled() const noexcept { return rows_.size() - settled_; }
  /// The outcome of a settled row; taken away.
  Outcome take_outcome(std::size_t place) { return std::move(outcomes_[place]); }

  /// The row that is this very object in the list; null with a Python error set.
  Row* find(PyObject* item);
  /// The same, and it is not settled yet.
  Row* find_unsettled(PyObject* item);
  /// What `said` means for that row. False: a Python error is set. Runs code of the user's, so that
  /// the call may be over afterwards.
  static bool read(const Row& row, PyObject* said, const ErrorRules& rules, Outcome& outcome);
  void settle(Row& row, Outcome outcome);
  const ErrorRules& rules() const noexcept { return rules_; }

 private:
  const ErrorRules rules_;
  std::vector<Row> rows_;
  std::vector<Outcome> outcomes_;  // parallel to rows_, from the first settle() on
  std::size_t settled_ = 0;
  std::unordered_map<PyObject*, std::size_t> places_;  // made with the first find()
};

}  // namespace veltrix
