#include "bindings/python_batch_handler.hpp"

#include "bindings/context_object.hpp"

namespace veltrix {

namespace {

Outcome copy_of(const Outcome& outcome) {
  Outcome copy;
  copy.kind = outcome.kind;
  copy.retry_after = outcome.retry_after;
  if (outcome.failure != nullptr) copy.failure = std::make_unique<Failure>(*outcome.failure);
  return copy;
}

/// The first row of the second half of those from `from` to `end` that are not over.
std::size_t middle_of(const Batch& batch, std::size_t from, std::size_t end) {
  std::vector<std::size_t> waiting;
  batch.collect(from, end, waiting);
  return waiting.size() < 2 ? end : waiting[waiting.size() / 2];
}

}  // namespace

void PythonBatchHandler::run_batch(Batch& batch, Settler& settler, PythonThread& thread) {
  Run run{batch, settler, thread};
  std::vector<std::size_t> ends{batch.size()};  // of the calls to come; the next one last
  std::size_t from = 0;
  while (!ends.empty() && !(state_.step && state_.interrupted)) {
    const std::size_t end = ends.back();
    if (!batch.begin_call(end)) return;
    if (!thread.enter(lifespan_.get())) return fail_all(run);
    if (run_call(run, from, end)) {
      from = end;
      ends.pop_back();
    } else if (const std::size_t middle = middle_of(batch, from, end); middle != end) {
      ends.push_back(middle);
    }
  }
}

bool PythonBatchHandler::run_call(Run& run, std::size_t from, std::size_t end) {
  BatchCall call(end - from, rules());
  Outcome rest;
  bool split = false;
  if (!add_rows(run, call, from, end)) {
    split = give_up(call, rest);
  } else if (!call.rows().empty()) {
    const PyRef result = this->call(run, call);
    if (result) {
      rest = judge_whole(result.get());
    } else {
      split = give_up(call, rest);
    }
  }
  detach(call);
  settle_rows(run, call, split ? nullptr : &rest);
  return !split;
}

bool PythonBatchHandler::add_rows(Run& run, BatchCall& call, std::size_t from, std::size_t end) {
  for (std::size_t index = from; index < end; ++index) {
    if (run.batch.takes(index) && !add_row(run, call, index)) return false;
  }
  return true;
}

/// What a test lets fail, and what does not decode, has its outcome before the function is called.
bool PythonBatchHandler::add_row(Run& run, BatchCall& call, std::size_t index) {
  BatchCall::Row row;
  row.index = index;
  row.attempt = run.batch.attempt_at(index);
  row.last_attempt = may_be_last(row.attempt, run.batch.queue().options);
  if (raise_injected()) {
    end_row(run, index, raised(row.last_attempt));
    return true;
  }
  Slot* slot = run.batch.row(index).slot;
  row.event = PyRef::steal(new_event(slot, state_.types.get(), decoder_.get()));
  if (row.event && (wants_data_ || decoder_)) {
    run.batch.prefetch(index + Batch::kAhead);
    PyRef payload = PyRef::steal(event_data(&row.object()));
    if (!payload && row.object().bad_payload) {
      Outcome outcome = raised(row.last_attempt);
      judge_payload(row.object(), outcome);
      end_row(run, index, std::move(outcome));
      return true;
    }
    if (!payload) row.event.reset();
    if (wants_data_) row.payload = std::move(payload);
  }
  const bool made = static_cast<bool>(row.event);
  call.add(std::move(row));
  return made;
}

PyRef PythonBatchHandler::call(Run& run, BatchCall& call) {
  const auto count = static_cast<Py_ssize_t>(call.rows().size());
  const PyRef list = PyRef::steal(PyList_New(count));
  if (!list) return {};
  Py_ssize_t place = 0;
  for (const BatchCall::Row& row : call.rows()) {
    PyList_SET_ITEM(list.get(), place++, Py_NewRef(row.item()));
  }
  PyObject* args[3] = {nullptr, list.get(), nullptr};
  if (!wants_context_) return PyRef::steal(call_function(args + 1, 1));
  PyObject* resources = run.thread.resources ? run.thread.resources.get() : Py_None;
  // In virtual time handlers take none, and no attempt times out.
  const std::int64_t timeout = state_.step ? 0 : run.batch.queue().options.timeout;
  const PyRef context = PyRef::steal(
      new_context({&state_, nullptr, nullptr, queue_name_.get(), resources, 0, 0, timeout, &call}));
  if (!context) return {};
  args[2] = context.get();
  PyRef result = PyRef::steal(call_function(args + 1, 2));
  end_call(context.get());
  return result;
}

/// What the function returned holds for all rows that have no outcome of their own.
Outcome PythonBatchHandler::judge_whole(PyObject* result) {
  Outcome outcome;
  if (result != Py_None && !outcome_of_signal(result, outcome))
    warn_of_result(result, "return None or a signal");
  return outcome;
}

/// The call failed with the error that is set. True: some of its rows are to be tried again;
/// false: there is one row only, and it has failed.
bool PythonBatchHandler::give_up(BatchCall& call, Outcome& alone) {
  const bool interrupted = state_.step && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0;
  auto& rows = call.rows();
  if (call.unsettled() == 0) {
    PyErr_WriteUnraisable(function_.get());  // raised when nothing was left to decide
    return false;
  }
  if (rows.size() > 1 && !interrupted) {
    PyErr_Clear();
    return true;
  }
  alone = rows.front().event ? raised(rows.front().last_attempt) : failed(false);
  if (rows.front().event) judge_payload(rows.front().object(), alone);
  return rows.size() > 1;
}

/// The call is over: an Event that somebody still holds is copied off its slot.
void PythonBatchHandler::detach(BatchCall& call) {
  for (BatchCall::Row& row : call.rows()) {
    if (!row.event || Py_REFCNT(row.event.get()) == 1 || detach_event(&row.object())) continue;
    if (row.settled) continue;
    call.settle(row,
                Outcome::failed(OutcomeKind::kRetry, "MemoryError", "no memory to copy the event"));
  }
}

/// In order of the batch. Where a row is to be retried, those behind it in its key that have no
/// outcome of their own go back. `rest`: the outcome of those without one; null: they are tried
/// again.
void PythonBatchHandler::settle_rows(Run& run, BatchCall& call, const Outcome* rest) {
  for (std::size_t place = 0; place < call.rows().size(); ++place) {
    const BatchCall::Row& row = call.rows()[place];
    if (row.settled) {
      end_row(run, row.index, call.take_outcome(place));
    } else if (rest == nullptr) {
      continue;
    } else if (rest->kind != OutcomeKind::kDone) {
      end_row(run, row.index, copy_of(*rest));
    } else if (run.batch.takes(row.index)) {
      run.batch.end_row(row.index);
      run.settler.done(run.batch.row(row.index));
    }
  }
}

/// The lifespan could not be entered, which is no row's fault.
void PythonBatchHandler::fail_all(Run& run) {
  const Outcome outcome = failed(true);
  for (std::size_t index = 0; index < run.batch.size(); ++index) {
    if (run.batch.takes(index)) end_row(run, index, copy_of(outcome));
  }
}

void PythonBatchHandler::end_row(Run& run, std::size_t index, Outcome outcome) {
  run.batch.end_row(index);
  run.settler.settle(run.batch.row(index), std::move(outcome));
}

}  // namespace veltrix
