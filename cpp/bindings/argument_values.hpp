#pragma once
// Single arguments of Event(...) and publish(...) as native values. All return false with a Python
// error set that names the argument.

#include <cstdint>
#include <string>
#include <string_view>

#include "veltrix/event/timestamp.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

/// Sets InvalidEventError; false.
bool wrong_argument(const std::string& message);
/// What the JSON encoder raised becomes the event's error with that as its cause; Ctrl-C, no memory
/// and errors of veltrix's own stay as they are, except that the place in `data` is named. False.
bool data_not_encoded(PyObject* data);
/// What in `data` JSON cannot say, with its place: NaN and infinity, and other types if asked for.
/// Empty: nothing was found.
std::string fault_in(PyObject* data, bool other_types);
/// A str argument's UTF-8, valid as long as the object.
bool utf8_of(PyObject* text, const char* what, std::string_view& out);
/// An aware datetime or RFC 3339 text.
bool timestamp_of(PyObject* value, const char* what, Timestamp& out);
/// None (leaves `out`), 0 to 9, or a name.
bool priority_of(PyObject* value, std::uint8_t& out);
/// `after`: None (leaves `out`), seconds, or text such as "250ms".
bool delay_of(PyObject* value, std::int64_t& out);
/// `at`: None (leaves `out`) or a time, as wall clock nanoseconds; what lies before 1970 is 1970,
/// and what 64 bits cannot hold is as far as they go.
bool wall_time_of(PyObject* value, std::int64_t& out);

}  // namespace veltrix
