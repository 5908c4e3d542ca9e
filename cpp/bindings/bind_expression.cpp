#include "bindings/bind_expression.hpp"

#include <memory>

#include "veltrix/cel/expression_set.hpp"
#include "veltrix/cel/operations.hpp"

#include "bindings/classes.hpp"
#include "bindings/declared_variable.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_text.hpp"
#include "bindings/python_values.hpp"
#include "bindings/references.hpp"

namespace veltrix {

namespace {

using cel::Value;

/// A frame for one evaluation. A conversion may run Python code, which may evaluate another
/// expression or let another thread do so: hence one frame per evaluation under way, kept for the
/// next. The list is guarded by the GIL.
class LentFrame {
 public:
  LentFrame() {
    if (spare().empty()) {
      frame_ = std::make_unique<cel::Frame>();
    } else {
      frame_ = std::move(spare().back());
      spare().pop_back();
    }
  }
  ~LentFrame() {
    if (spare().size() < kKept) spare().push_back(std::move(frame_));
  }
  LentFrame(const LentFrame&) = delete;
  LentFrame& operator=(const LentFrame&) = delete;
  cel::Frame& operator*() const noexcept { return *frame_; }
  cel::Frame* operator->() const noexcept { return frame_.get(); }

 private:
  static constexpr std::size_t kKept = 4;
  static std::vector<std::unique_ptr<cel::Frame>>& spare() {
    static auto& all = *new std::vector<std::unique_ptr<cel::Frame>>();  // leaked, see classes()
    return all;
  }
  std::unique_ptr<cel::Frame> frame_;
};

using Declared = std::vector<std::pair<std::string, std::string>>;

class Expression {
 public:
  Expression(std::string text, const std::optional<Declared>& variables, bool short_data)
      : text_(std::move(text)), own_variables_(variables.has_value()) {
    std::optional<std::vector<std::string>> names;
    if (variables) {
      names.emplace();
      for (const auto& [name, type] : *variables) {
        names->push_back(name);
        variables_.emplace_back(name, type);
      }
    }
    const auto parsed = cel::parse(text_, declarations_of(names, short_data));
    if (!parsed) throw_error(cel::error_of(text_, parsed.error().front()));
    cel::ExpressionSet::Builder builder;
    expression_ = builder.add(*parsed);
    set_ = std::move(builder).build();
  }

  py::object evaluate(const py::object& values) const {
    const LentFrame frame;
    begin(*frame, values);
    return py::reinterpret_steal<py::object>(checked(object_of(sound(*frame))));
  }

  /// Nothing where the value has no JSON form.
  std::optional<std::string> evaluate_json(const py::object& values, std::string* text) const {
    const LentFrame frame;
    begin(*frame, values);
    const Value value = sound(*frame);
    std::string json;
    if (cel::append_json(value, json)) return json;
    cel::append_text(value, *text);
    return std::nullopt;
  }

  py::dict explain(const py::object& values) const {
    const LentFrame frame;
    begin(*frame, values);
    const cel::Explanation found = set_.explain(expression_, *frame);
    constexpr const char* kVerdicts[] = {"true", "false", "missing", "error"};
    py::dict out;
    out["verdict"] = kVerdicts[static_cast<std::size_t>(found.verdict)];
    out["deciding"] = python_text(found.deciding);
    out["values"] = python_text(found.values);
    out["reason"] = python_text(found.reason);
    return out;
  }

 private:
  static PyObject* checked(PyObject* object) {
    if (object == nullptr) throw py::error_already_set();
    return object;
  }
  static void must(bool done) {
    if (!done) throw py::error_already_set();
  }

  Value sound(cel::Frame& frame) const {
    const Value value = set_.evaluate(expression_, frame);
    if (value.is_error()) {
      must(evaluation_error(name_of(value.reason), set_.describe(expression_, value)));
    }
    return value;
  }

  void begin(cel::Frame& frame, const py::object& values) const {
    if (own_variables_) return begin_variables(frame, values);
    PyObject* event = values.ptr();
    if (is_event(event)) return begin_event(frame, event);
    if (PyBytes_Check(event) || PyUnicode_Check(event)) {
      std::string_view json;
      must(json_view(event, json));
      return frame.begin(set_, json);
    }
    frame.workspace().reset();
    Value value;
    must(value_of(event, "event", frame.workspace(), value));
    if (value.kind != cel::Kind::kMap) {
      must(evaluation_error("bad_conversion",
                            "an event is a vx.Event, a mapping or its JSON text, not a " +
                                std::string(name_of(value.kind))));
    }
    frame.begin(set_, std::span<const Value>(&value, 1));
  }

  void begin_event(cel::Frame& frame, PyObject* object) const {
    auto* event = reinterpret_cast<EventObject*>(object);
    if (event->slot->data_kind() == DataKind::kReference) {
      frame.workspace().reset();
      Value value;
      must(value_of(object, "event", frame.workspace(), value));
      return frame.begin(set_, std::span<const Value>(&value, 1));
    }
    frame.begin(set_, EventView(*event->slot), type_text(event));
  }

  void begin_variables(cel::Frame& frame, const py::object& values) const {
    frame.workspace().reset();
    auto* made = frame.workspace().arena.array<Value>(variables_.size() + 1);
    if (made == nullptr) throw std::bad_alloc();
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      const DeclaredVariable& variable = variables_[i];
      const PyRef value = PyRef::steal(PyObject_GetItem(values.ptr(), variable.key.ptr()));
      if (!value) {
        if (!PyErr_ExceptionMatches(PyExc_LookupError)) throw py::error_already_set();
        PyErr_Clear();
        must(evaluation_error("missing", "variable '" + variable.name + "' has no value"));
      }
      must(value_of(value.get(), variable.name, frame.workspace(), made[i]));
      must(variable.coerce(made[i]));
    }
    frame.begin(set_, std::span<const Value>(made, variables_.size()));
  }

  std::string text_;
  bool own_variables_;
  std::vector<DeclaredVariable> variables_;
  cel::ExpressionSet set_;
  cel::ExpressionId expression_ = 0;
};

}  // namespace

void bind_expression(py::module_& module) {
  py::class_<Expression>(module, "Expression")
      .def(py::init<std::string, const std::optional<Declared>&, bool>(), py::arg("text"),
           py::arg("variables") = py::none(), py::arg("short_data") = false)
      .def("evaluate", &Expression::evaluate, py::arg("values"), "The value; raises on errors.")
      .def(
          "evaluate_json",
          [](const Expression& self, const py::object& values) {
            std::string text;
            const auto json = self.evaluate_json(values, &text);
            return py::make_tuple(json ? python_text(*json) : python_text(text), json.has_value());
          },
          py::arg("values"), "Its JSON text and True, or for people and False.")
      .def("explain", &Expression::explain, py::arg("values"),
           "Verdict, and the sub-expression that decided with its values.");
}

}  // namespace veltrix
