// What a source makes of one record, without an engine: for `veltrix source peek`.

#include "bindings/bind_options.hpp"
#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"

namespace veltrix {

namespace {

RecordFormat format_of(const SourceOptions& source) {
  auto format = RecordFormat::compile(records_of(source), source.name);
  if (!format) throw_error(format.error());
  return std::move(*format);
}

class RecordMapper {
 public:
  explicit RecordMapper(const SourceOptions& source)
      : format_(format_of(source)), reader_(format_) {}
  RecordMapper(const RecordMapper&) = delete;
  RecordMapper& operator=(const RecordMapper&) = delete;

  py::object map(const py::bytes& line, const std::string& path, std::uint64_t offset) {
    const auto wanted = reader_.read({std::string_view(line), &path, offset, false}, fields_);
    if (!wanted) throw_error(wanted.error());
    if (!*wanted) return py::none();
    const auto slot = build_slot(nullptr, fields_);
    if (!slot) throw_error(slot.error());
    PyObject* event = new_own_event(*slot);
    if (event == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(event);
  }

 private:
  const RecordFormat format_;
  RecordReader reader_;
  EventFields fields_;
};

}  // namespace

RecordOptions records_of(const SourceOptions& source) {
  return {source.envelope, source.where, source.connector == "lines", source.pattern};
}

void bind_records(py::module_& module) {
  module.def(
      "check_line_pattern",
      [](const std::string& text) {
        if (auto compiled = LinePattern::compile(text); !compiled) throw_error(compiled.error());
      },
      py::arg("text"), "Raises if it is no regular expression for lines.");
  py::class_<RecordMapper>(module, "RecordMapper")
      .def(py::init<const SourceOptions&>(), py::arg("source"))
      .def("map", &RecordMapper::map, py::arg("line"), py::arg("path"), py::arg("offset"),
           "The event, or None where the source's `where` says no; raises on a reject.");
}

}  // namespace veltrix
