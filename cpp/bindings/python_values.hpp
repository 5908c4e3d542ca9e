#pragma once
// Python objects as values of an expression and back. Everything is copied into the workspace, so
// that Python code which a conversion calls may change or drop what it has seen.

#include <string>
#include <string_view>

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

/// Any object. False: an EvaluationError is set, which names `place` ("event", a variable).
bool value_of(PyObject* object, std::string_view place, cel::Workspace& work, cel::Value& out);

/// JSON text of an event, checked here. False: an error is set.
bool json_view(PyObject* json, std::string_view& out);

/// New reference: int for uint, str for a type, microseconds of times. Null: an error is set.
PyObject* object_of(const cel::Value& value);

/// Sets EvaluationError with its reason; false.
bool evaluation_error(std::string_view reason, const std::string& message);

}  // namespace veltrix
