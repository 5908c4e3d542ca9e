#pragma once
// A variable that an expression was declared with: its name and the kind of its values.

#include "bindings/python.hpp"

#include <optional>
#include <string>

#include "veltrix/cel/value.hpp"

namespace veltrix {

struct DeclaredVariable {
  /// `type`: "int", "uint" …; any other name, such as "dyn": any kind.
  DeclaredVariable(const std::string& its_name, const std::string& type);
  /// Numbers become the declared kind where they fit. False: an EvaluationError is set.
  bool coerce(cel::Value& value) const;

  std::string name;
  std::optional<cel::Kind> kind;
  py::object key;  // the name as Python has it
};

}  // namespace veltrix
