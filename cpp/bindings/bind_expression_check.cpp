// What is wrong with the text of an expression, for the configuration: all faults at once, each
// with its place in characters.

#include <algorithm>

#include "veltrix/cel/fault.hpp"

#include "bindings/bind_expression.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

/// Python counts characters, the checker bytes.
std::size_t characters(std::string_view text, std::size_t end) {
  const std::string_view before = text.substr(0, std::min(end, text.size()));
  return static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

py::dict told(std::string_view text, const cel::Fault& fault, const char* severity) {
  py::dict out;
  out["severity"] = severity;
  out["code"] = fault.code;
  out["message"] = python_text(fault.message);
  out["cure"] = python_text(fault.cure);
  out["begin"] = characters(text, fault.begin);
  out["end"] = characters(text, fault.end);
  out["line"] = cel::line_of(text, fault);
  out["column"] = cel::column_of(text, fault);
  out["shown"] = python_text(cel::render(text, fault));
  return out;
}

py::list faults_of(const std::string& text,
                   const std::optional<std::vector<std::string>>& variables, bool short_data) {
  py::list out;
  const auto parsed = cel::parse(text, declarations_of(variables, short_data));
  if (parsed) {
    for (const cel::Fault& warning : parsed->warnings) out.append(told(text, warning, "warning"));
  } else {
    for (const cel::Fault& fault : parsed.error()) out.append(told(text, fault, "error"));
  }
  return out;
}

/// Whether `event` is used for anything but one of its attributes, so that the payload is needed.
bool reads_data(const std::string& text) {
  const auto parsed = cel::parse(text, cel::Declarations::of_event());
  if (!parsed) return false;
  std::size_t uses = 0, attributes = 0;
  for (const cel::Node& node : parsed->nodes) {
    uses += node.kind == cel::NodeKind::kVariable;
    if (node.kind != cel::NodeKind::kSelect && node.kind != cel::NodeKind::kHas) continue;
    const cel::Node& owner = parsed->nodes[parsed->children_of(node)[0]];
    attributes += owner.kind == cel::NodeKind::kVariable && parsed->names[node.operand] != "data";
  }
  return uses > attributes;
}

}  // namespace

cel::Declarations declarations_of(const std::optional<std::vector<std::string>>& variables,
                                  bool short_data) {
  if (!variables) return cel::Declarations::of_event();
  return {*variables, short_data};
}

void bind_expression_check(py::module_& module) {
  module.def("check_expression", faults_of, py::arg("text"), py::arg("variables") = py::none(),
             py::arg("short_data") = false,
             "Every fault of an expression's text, or the warnings of a sound one.");
  module.def("reads_data", reads_data, py::arg("text"),
             "Whether a sound expression over an event needs its payload.");
}

}  // namespace veltrix
