#pragma once
// Which expressions can never work, told from what is known before any event is there: the kinds of
// literals and of what operators answer with. A member of the event may be of any kind; whatever
// hangs on one is left to the evaluation.

#include <optional>
#include <vector>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

/// None: any kind.
using KnownKind = std::optional<Kind>;

/// Faults are added to `faults`, warnings to `ast.warnings`.
void check_kinds(Ast& ast, std::vector<Fault>& faults);

/// What a function answers with for such arguments.
struct Overload {
  bool exists = false;
  KnownKind result;
};
Overload overload_of(Function function, const std::vector<KnownKind>& arguments);

}  // namespace veltrix::cel
