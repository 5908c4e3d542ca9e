#pragma once
// A Python function that takes the events of a batch as one list: the GIL, one list and one call
// per batch.
//
// A call that raises is repeated in halves, until the row that makes it raise is alone; only that
// one has failed. Rows that ctx.settle() named before keep their outcomes. Calls go from the first
// row to the last, so that what is behind a failed row of its key is left out (Batch::takes()) and
// goes back. Every call has Events of its own.

#include "bindings/batch_call.hpp"
#include "bindings/python_handler.hpp"

namespace veltrix {

class PythonBatchHandler final : public PythonHandler {
 public:
  using PythonHandler::PythonHandler;

 private:
  /// One batch, on one thread.
  struct Run {
    Batch& batch;
    Settler& settler;
    PythonThread& thread;
  };
  void run_batch(Batch& batch, Settler& settler, PythonThread& thread) override;
  /// False: the call raised, and several rows have to be tried again.
  bool run_call(Run& run, std::size_t from, std::size_t end);
  /// False: a Python error is set.
  bool add_rows(Run& run, BatchCall& call, std::size_t from, std::size_t end);
  bool add_row(Run& run, BatchCall& call, std::size_t index);
  PyRef call(Run& run, BatchCall& call);
  Outcome judge_whole(PyObject* result);
  bool give_up(BatchCall& call, Outcome& alone);
  void detach(BatchCall& call);
  void settle_rows(Run& run, BatchCall& call, const Outcome* rest);
  void fail_all(Run& run);
  static void end_row(Run& run, std::size_t index, Outcome outcome);
};

}  // namespace veltrix
