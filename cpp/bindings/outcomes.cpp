// From Python exceptions and signals to outcomes.

#include <algorithm>

#include "veltrix/base/clock.hpp"

#include "bindings/classes.hpp"
#include "bindings/python_handler.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

constexpr std::size_t kMaxReasonBytes = 100;  // of a reason, which is the name of a counter
constexpr std::int64_t kLongestDelay = kSecond * 86'400 * 36'500;

std::string text_of(PyObject* object) { return utf8_text(object, kMaxErrorText); }

/// The traceback as Python prints it, its end kept where it is too long.
std::string traceback_of(PyObject* value) {
  const PyRef module = PyRef::steal(PyImport_ImportModule("traceback"));
  const PyRef lines = PyRef::steal(
      module ? PyObject_CallMethod(module.get(), "format_exception", "O", value) : nullptr);
  const PyRef empty = PyRef::steal(PyUnicode_FromString(""));
  const PyRef joined =
      PyRef::steal(lines && empty ? PyUnicode_Join(empty.get(), lines.get()) : nullptr);
  if (!joined) {
    PyErr_Clear();
    return text_of(value);
  }
  return utf8_text(joined.get(), kMaxErrorText, Cut::kBeginning);
}

std::string attribute_text(PyObject* object, const char* name, std::size_t most) {
  const PyRef value = PyRef::steal(PyObject_GetAttrString(object, name));
  if (!value) {
    PyErr_Clear();
    return {};
  }
  return utf8_text(value.get(), most);
}

/// As `except` does it: by the classes' own bases, without calling any code of theirs.
bool matches(PyObject* value, PyObject* classes) {
  return classes != nullptr && PyErr_GivenExceptionMatches(value, classes) != 0;
}

OutcomeKind kind_of(PyObject* value, const ErrorRules& rules) {
  if (matches(value, rules.dead_on)) return OutcomeKind::kDead;
  const bool some_only = rules.retry_on != nullptr && PyTuple_GET_SIZE(rules.retry_on) != 0;
  return some_only && !matches(value, rules.retry_on) ? OutcomeKind::kDead : OutcomeKind::kRetry;
}

}  // namespace

/// To decode it again gives the same: no retry, whatever the queue's rules say. A signal that the
/// handler raised or returned stands.
void judge_payload(const EventObject& event, Outcome& outcome) {
  const bool failed = outcome.kind == OutcomeKind::kRetry || outcome.kind == OutcomeKind::kDead;
  if (!event.bad_payload || !failed) return;
  const std::string& code = outcome.failure->code;
  if (code == kRetrySignal || code == kDeadLetterSignal) return;
  outcome.kind = OutcomeKind::kDead;
  outcome.failure->code = "invalid_payload";
}

bool outcome_of_signal(PyObject* object, Outcome& outcome) {
  const Classes& known = classes();
  const auto is = [&](PyObject* type) {
    // By type, not isinstance(): whatever a handler returns may lie about its __class__, or raise.
    auto* wanted = reinterpret_cast<PyTypeObject*>(type);
    return wanted != nullptr && PyType_IsSubtype(Py_TYPE(object), wanted) != 0;
  };
  if (is(known.retry)) {
    outcome.kind = OutcomeKind::kRetry;
    outcome.failure = std::make_unique<Failure>(Failure{kRetrySignal, text_of(object)});
    const PyRef after = PyRef::steal(PyObject_GetAttrString(object, "after_ns"));
    if (after && after.get() != Py_None) {
      outcome.retry_after = std::min<std::int64_t>(PyLong_AsLongLong(after.get()), kLongestDelay);
    }
    PyErr_Clear();  // a subclass may have put anything there: then the queue's backoff holds
    return true;
  }
  if (is(known.dead_letter)) {
    outcome.kind = OutcomeKind::kDead;
    std::string reason = attribute_text(object, "reason", kMaxErrorText);
    outcome.failure = std::make_unique<Failure>(Failure{kDeadLetterSignal, std::move(reason)});
    return true;
  }
  if (!is(known.drop)) return false;
  outcome.kind = OutcomeKind::kDrop;
  std::string reason = attribute_text(object, "reason", kMaxReasonBytes);
  if (reason.empty()) reason = "dropped";
  outcome.failure = std::make_unique<Failure>(Failure{std::move(reason), {}});
  return true;
}

Outcome outcome_of_error(bool full, const ErrorRules& rules) {
  const PyRef error = take_error();
  return outcome_of_exception(error.get(), full, rules);
}

Outcome outcome_of_exception(PyObject* value, bool full, const ErrorRules& rules) {
  Outcome outcome;
  if (outcome_of_signal(value, outcome)) return outcome;
  const OutcomeKind kind = kind_of(value, rules);
  const std::string name = Py_TYPE(value)->tp_name;
  return Outcome::failed(kind, name.substr(name.rfind('.') + 1),
                         full || kind == OutcomeKind::kDead ? traceback_of(value) : text_of(value));
}

}  // namespace veltrix
