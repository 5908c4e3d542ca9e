#include "veltrix/cel/expression_set.hpp"

#include <utility>

#include "veltrix/cel/evaluator.hpp"
#include "veltrix/cel/explanation.hpp"
#include "veltrix/cel/frame.hpp"
#include "veltrix/cel/program_builder.hpp"

namespace veltrix::cel {

namespace {

Verdict verdict_of(const Value& value) noexcept {
  if (value.kind == Kind::kBool) return value.boolean ? Verdict::kTrue : Verdict::kFalse;
  const bool missing = value.is_error() && value.reason == Reason::kMissing;
  return missing ? Verdict::kMissing : Verdict::kError;
}

}  // namespace

struct Frame::State {
  EventFrame frame;
};

struct ExpressionSet::Builder::State {
  ProgramBuilder program;
};

ExpressionSet::Builder::Builder() : state_(std::make_unique<State>()) {}
ExpressionSet::Builder::~Builder() = default;
ExpressionSet::Builder::Builder(Builder&&) noexcept = default;

ExpressionId ExpressionSet::Builder::add(const Ast& ast) { return state_->program.add(ast); }

ExpressionSet ExpressionSet::Builder::build() && {
  return ExpressionSet(std::move(state_->program).build());
}

ExpressionSet::ExpressionSet() : program_(std::make_unique<const Program>()) {}
ExpressionSet::~ExpressionSet() = default;
ExpressionSet::ExpressionSet(ExpressionSet&&) noexcept = default;
ExpressionSet& ExpressionSet::operator=(ExpressionSet&&) noexcept = default;
ExpressionSet::ExpressionSet(std::unique_ptr<const Program> program)
    : program_(std::move(program)) {}

std::size_t ExpressionSet::size() const noexcept { return program_->expressions.size(); }

std::uint32_t ExpressionSet::cost(ExpressionId expression) const noexcept {
  return program_->expressions[expression].cost;
}

Value ExpressionSet::evaluate(ExpressionId expression, Frame& frame) const noexcept {
  return Evaluator(*program_, frame.state_->frame).run(program_->expressions[expression].root);
}

Verdict ExpressionSet::test(ExpressionId expression, Frame& frame) const noexcept {
  return verdict_of(evaluate(expression, frame));
}

Explanation ExpressionSet::explain(ExpressionId expression, Frame& frame) const {
  const Expression& explained = program_->expressions[expression];
  Explanation out = Explainer(*program_, explained, frame.state_->frame).explain();
  out.verdict = test(expression, frame);
  return out;
}

std::string ExpressionSet::describe(ExpressionId expression, const Value& error) const {
  return describe_error(program_->expressions[expression], error);
}

Frame::Frame() : state_(std::make_unique<State>()) {}
Frame::~Frame() = default;
Frame::Frame(Frame&&) noexcept = default;
Frame& Frame::operator=(Frame&&) noexcept = default;

void Frame::begin(const ExpressionSet& set, const EventFields& fields, std::string_view type_text) {
  state_->frame.begin(*set.program_, fields, type_text);
}

void Frame::begin(const ExpressionSet& set, const EventView& event, std::string_view type_text) {
  state_->frame.begin(*set.program_, event, type_text);
}

void Frame::begin(const ExpressionSet& set, std::string_view json) {
  state_->frame.begin(*set.program_, json);
}

void Frame::begin(const ExpressionSet& set, std::span<const Value> variables) {
  state_->frame.begin(*set.program_, variables);
}

Workspace& Frame::workspace() noexcept { return state_->frame.prepared(); }

}  // namespace veltrix::cel
