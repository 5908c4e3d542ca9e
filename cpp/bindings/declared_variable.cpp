#include "bindings/declared_variable.hpp"

#include <utility>

#include "bindings/python_values.hpp"

namespace veltrix {

using cel::Kind;
using cel::Value;

namespace {

std::optional<Kind> kind_named(std::string_view type) {
  constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"bool", Kind::kBool},        {"int", Kind::kInt},       {"uint", Kind::kUint},
      {"double", Kind::kDouble},    {"string", Kind::kString}, {"bytes", Kind::kBytes},
      {"list", Kind::kList},        {"map", Kind::kMap},       {"timestamp", Kind::kTimestamp},
      {"duration", Kind::kDuration}};
  for (const auto& [name, kind] : kKinds) {
    if (name == type) return kind;
  }
  return std::nullopt;
}

}  // namespace

DeclaredVariable::DeclaredVariable(const std::string& its_name, const std::string& type)
    : name(its_name), kind(kind_named(type)), key(py::str(its_name)) {}

bool DeclaredVariable::coerce(Value& value) const {
  if (!kind || value.kind == *kind) return true;
  const bool integer = value.kind == Kind::kInt;
  if (*kind == Kind::kUint && integer && value.integer >= 0) {
    value = Value::of(static_cast<std::uint64_t>(value.integer));
    return true;
  }
  if (*kind == Kind::kDouble && (integer || value.kind == Kind::kUint)) {
    value = Value::of(integer ? static_cast<double>(value.integer)
                              : static_cast<double>(value.uinteger));
    return true;
  }
  return evaluation_error("bad_conversion", "variable '" + name + "' is declared as " +
                                                std::string(name_of(*kind)) + ", not " +
                                                std::string(name_of(value.kind)));
}

}  // namespace veltrix
