#include <algorithm>
#include <vector>

#include "veltrix/queue/delivery.hpp"

#include "bindings/bind_engine.hpp"
#include "bindings/classes.hpp"
#include "bindings/publisher.hpp"
#include "bindings/receipt_object.hpp"
#include "bindings/waiting.hpp"

namespace veltrix {

namespace {

/// Whether it is accepted; false with an error set: it never will be.
bool was_taken(const ReceiptObject* receipt) {
  if (state_in(receipt) == SlotState::kConflict) {
    set_error(ErrorCode::kConflict,
              "its source and id were accepted with another payload; give it an id of its own");
    return false;
  }
  if (state_in(receipt) != SlotState::kRejected) return true;
  set_error(ErrorCode::kCommitFailed, "the event could not be stored; publish it again");
  return false;
}

bool await_acceptance(ReceiptObject* receipt, std::int64_t deadline) {
  EngineState& state = state_of(receipt->publisher);
  return wait_until(state, deadline, [&] { return state_in(receipt) != SlotState::kPublished; }) &&
         was_taken(receipt);
}

PyObject* accepted(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* timeout = nullptr;
  std::int64_t deadline = 0;
  if (!timeout_of(args, count, names, timeout) || !deadline_of(timeout, deadline)) return nullptr;
  if (!await_acceptance(receipt_of(self), deadline)) return nullptr;
  return Py_NewRef(self);
}

const char* outcome_name(DeliveryState state) {
  return state == DeliveryState::kDone ? "done" : state == DeliveryState::kDead ? "dead" : "drop";
}

/// What became of each delivery so far; of a duplicate: of the first one's. False: not over yet.
bool look_up(ReceiptObject* receipt, Monitor& monitor, std::vector<DeliveryState>& out) {
  out.clear();
  const bool duplicate = state_in(receipt) == SlotState::kDuplicate;
  if (duplicate) monitor.lock();
  std::size_t place = 0;
  for (const Delivery* d = &first_delivery(*receipt->slot); d != nullptr; d = d->sibling, ++place) {
    if (!duplicate) {
      out.push_back(d->state.load(std::memory_order_acquire));
      continue;
    }
    const auto fate = monitor.machine().dispatcher().fates().find(receipt->slot->sequence, place);
    if (!fate) break;  // too long ago: nothing is told
    out.push_back(*fate);
  }
  if (duplicate) monitor.unlock();
  return std::all_of(out.begin(), out.end(),
                     [](DeliveryState state) { return state >= DeliveryState::kDone; });
}

PyObject* outcomes_of(ReceiptObject* receipt, const std::vector<DeliveryState>& states) {
  PyRef outcomes = PyRef::steal(PyDict_New());
  if (!outcomes || is_untaken(state_in(receipt))) return outcomes.release();
  EngineState& state = state_of(receipt->publisher);
  const Delivery* d = &first_delivery(*receipt->slot);
  for (const DeliveryState fate : states) {
    const auto outcome = PyRef::steal(PyUnicode_FromString(outcome_name(fate)));
    const std::string& queue = state.monitor().options(d->queue).name;
    if (!outcome || PyDict_SetItemString(outcomes.get(), queue.c_str(), outcome.get()) != 0) {
      return nullptr;
    }
    d = d->sibling;
  }
  return outcomes.release();
}

PyObject* settled(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* timeout = nullptr;
  std::int64_t deadline = 0;  // of both waits
  if (!timeout_of(args, count, names, timeout) || !deadline_of(timeout, deadline)) return nullptr;
  ReceiptObject* receipt = receipt_of(self);
  if (!await_acceptance(receipt, deadline)) return nullptr;
  std::vector<DeliveryState> states;
  EngineState& state = state_of(receipt->publisher);
  if (!is_untaken(state_in(receipt)) &&
      !wait_until(state, deadline, [&] { return look_up(receipt, state.monitor(), states); })) {
    return nullptr;
  }
  return outcomes_of(receipt, states);
}

/// For event loops: what accepted() or settled() would return at once, None while it would wait.
PyObject* peek(PyObject* self, PyObject* outcomes) {
  ReceiptObject* receipt = receipt_of(self);
  EngineState& state = state_of(receipt->publisher);
  if (refuse_fork(state)) return nullptr;
  const bool known = state_in(receipt) != SlotState::kPublished;
  if (known && !was_taken(receipt)) return nullptr;
  std::vector<DeliveryState> states;
  if (known && outcomes != Py_True) return Py_NewRef(self);
  if (known && (is_untaken(state_in(receipt)) || look_up(receipt, state.monitor(), states))) {
    return outcomes_of(receipt, states);
  }
  if (state.engine && !state.stopped()) Py_RETURN_NONE;
  return set_error(ErrorCode::kEngineStopped, "the engine stopped before this was known");
}

PyObject* watch(PyObject* self, PyObject*) {
  const auto* publisher = reinterpret_cast<PublisherObject*>(receipt_of(self)->publisher);
  return guarded([&] { return new_watch(*publisher->state, false).release().ptr(); });
}

/// veltrix.waits.<name>(self, …)
PyObject* in_waits(PyObject* self, const char* name, PyObject* timeout) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("veltrix.waits"));
  if (!module) return nullptr;
  return PyObject_CallMethod(module.get(), name, "OO", self, timeout);
}

PyObject* asettled(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* timeout = Py_None;
  if (!timeout_of(args, count, names, timeout)) return nullptr;
  return in_waits(self, "settled", timeout == nullptr ? Py_None : timeout);
}

}  // namespace

PyObject* await_receipt(PyObject* self) {
  const PyRef coroutine = PyRef::steal(in_waits(self, "accepted", Py_None));
  return coroutine ? PyObject_CallMethod(coroutine.get(), "__await__", nullptr) : nullptr;
}

PyMethodDef receipt_methods[] = {
    {"accepted", fast(accepted), METH_FASTCALL | METH_KEYWORDS,
     "accepted(timeout=None)\n\nWaits until the event is accepted, or known to be a duplicate."},
    {"settled", fast(settled), METH_FASTCALL | METH_KEYWORDS,
     "settled(timeout=None)\n\nWaits until all its deliveries are over: {queue: outcome}."},
    {"asettled", fast(asettled), METH_FASTCALL | METH_KEYWORDS,
     "asettled(timeout=None)\n\nLike settled(), for `await`."},
    {"_peek", peek, METH_O, "What accepted() (or, given True, settled()) would return, or None."},
    {"_watch", watch, METH_NOARGS, "A Watch of the engine's receipts."},
    {nullptr, nullptr, 0, nullptr}};

}  // namespace veltrix
