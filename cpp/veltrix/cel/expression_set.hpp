#pragma once
// Many expressions as one program. Sub-expressions that stand in several of them are computed once
// per event, and a member of the event is read once for all, in one pass over the payload, when the
// first expression that needs the payload is evaluated. Immutable once built; any thread may
// evaluate, each with a Frame of its own.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix::cel {

class Frame;
struct Workspace;  // workspace.hpp
struct Program;    // program.hpp, private to this room

using ExpressionId = std::uint32_t;

/// What a filter, a route or a person wants to know of one evaluation.
enum class Verdict : std::uint8_t {
  kTrue,
  kFalse,
  kMissing,  // a member that the expression names is not there
  kError,    // any other error, and a value that is no bool
};

/// Why an expression came out as it did: the sub-expressions that decided, outermost first.
struct Explanation {
  Verdict verdict = Verdict::kFalse;
  std::string deciding;  // text of the sub-expression that decided, "data.amount > 900"
  std::string values;    // "data.amount = 12.5"; "" where it names no member
  std::string reason;    // of an error, for people: "no member 'amount' in data"
};

class ExpressionSet {
 public:
  class Builder {
   public:
    Builder();
    ~Builder();
    Builder(Builder&&) noexcept;
    /// Shares what earlier ones have in common with it. All of one set have the same declarations.
    ExpressionId add(const Ast& ast);
    ExpressionSet build() &&;

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  ExpressionSet();  // empty
  ~ExpressionSet();
  ExpressionSet(ExpressionSet&&) noexcept;
  ExpressionSet& operator=(ExpressionSet&&) noexcept;

  std::size_t size() const noexcept;
  /// Relative cost, for asking cheap ones first: attributes before payload, few nodes before many.
  std::uint32_t cost(ExpressionId expression) const noexcept;

  Value evaluate(ExpressionId expression, Frame& frame) const noexcept;
  Verdict test(ExpressionId expression, Frame& frame) const noexcept;
  Explanation explain(ExpressionId expression, Frame& frame) const;
  /// An error's place and cause for people: "data.amount / data.n: division by zero (column 13)".
  std::string describe(ExpressionId expression, const Value& error) const;

 private:
  friend class Frame;
  explicit ExpressionSet(std::unique_ptr<const Program> program);
  std::unique_ptr<const Program> program_;
};

/// One event under evaluation, and the memory for it. One thread's; reused from event to event.
/// Values that an evaluation answers with are valid until the next begin().
class Frame {
 public:
  Frame();
  ~Frame();
  Frame(Frame&&) noexcept;
  Frame& operator=(Frame&&) noexcept;

  /// Before there is a slot. `fields` and the texts it points to outlive the evaluation.
  void begin(const ExpressionSet& set, const EventFields& fields, std::string_view type_text);
  void begin(const ExpressionSet& set, const EventView& event, std::string_view type_text);
  /// A raw JSON document (checked already) as the value of variable 0.
  void begin(const ExpressionSet& set, std::string_view json);
  /// Values of all declared variables, for vx.Expression.
  void begin(const ExpressionSet& set, std::span<const Value> variables);

  /// For whoever makes values to begin with: memory that lives until the begin() after the next.
  Workspace& workspace() noexcept;

 private:
  friend class ExpressionSet;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veltrix::cel
