#include "bindings/python_times.hpp"

#include <datetime.h>

#include "veltrix/cel/time_arithmetic.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

namespace {

constexpr std::int64_t kDay = 86'400;

/// Loads the C API of datetime; false with a Python error set.
bool load() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  return PyDateTimeAPI != nullptr;
}

PyObject* epoch() {
  return PyDateTimeAPI->DateTime_FromDateAndTime(1970, 1, 1, 0, 0, 0, 0, PyDateTime_TimeZone_UTC,
                                                 PyDateTimeAPI->DateTimeType);
}

void read_delta(PyObject* delta, std::int64_t& seconds, std::uint32_t& nanoseconds) {
  seconds = PyDateTime_DELTA_GET_DAYS(delta) * kDay + PyDateTime_DELTA_GET_SECONDS(delta);
  nanoseconds = static_cast<std::uint32_t>(PyDateTime_DELTA_GET_MICROSECONDS(delta)) * 1'000;
}

}  // namespace

TimeKind time_kind_of(PyObject* object) {
  if (!load()) {
    PyErr_Clear();
    return TimeKind::kNone;
  }
  if (PyDateTime_Check(object)) return TimeKind::kTimestamp;
  return PyDelta_Check(object) ? TimeKind::kDuration : TimeKind::kNone;
}

const char* read_time(PyObject* object, TimeKind kind, std::int64_t& seconds,
                      std::uint32_t& nanoseconds) {
  if (kind == TimeKind::kDuration) {
    read_delta(object, seconds, nanoseconds);
    const bool fits = seconds >= -cel::kMaxDurationSeconds && seconds <= cel::kMaxDurationSeconds;
    return fits ? nullptr : "holds a timedelta of more than 10,000 years";
  }
  const PyRef zone = PyRef::steal(PyObject_CallMethod(object, "utcoffset", nullptr));
  if (!zone || zone.get() == Py_None) {
    PyErr_Clear();
    return "holds a datetime without a time zone; use datetime.now(timezone.utc)";
  }
  const PyRef zero = PyRef::steal(epoch());
  const PyRef since = PyRef::steal(zero ? PyNumber_Subtract(object, zero.get()) : nullptr);
  if (!since || !PyDelta_Check(since.get())) {
    PyErr_Clear();
    return "holds a datetime that has no place in UTC";
  }
  read_delta(since.get(), seconds, nanoseconds);
  return nullptr;
}

PyObject* timestamp_object(std::int64_t seconds, std::uint32_t nanoseconds) {
  if (!load()) return nullptr;
  const PyRef zero = PyRef::steal(epoch());
  const PyRef since = PyRef::steal(duration_object(seconds, nanoseconds));
  // By addition, since fromtimestamp() would round through a double.
  return zero && since ? PyNumber_Add(zero.get(), since.get()) : nullptr;
}

PyObject* duration_object(std::int64_t seconds, std::uint32_t nanoseconds) {
  if (!load()) return nullptr;
  std::int64_t days = seconds / kDay;
  std::int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  return PyDelta_FromDSU(static_cast<int>(days), static_cast<int>(rest),
                         static_cast<int>(nanoseconds / 1'000));
}

}  // namespace veltrix
