// The first half of routing: whom the conditions of a type's routes leave.

#include <algorithm>

#include "veltrix/match/route_table_state.hpp"

namespace veltrix {
namespace {

bool steps_back(const Candidate& candidate, const std::vector<std::uint8_t>& taken) noexcept {
  return std::any_of(candidate.unless.begin(), candidate.unless.end(),
                     [&](std::uint32_t before) { return taken[before] != 0; });
}

}  // namespace

Selection RouteTable::State::ask(const TypePlan& plan, RouteScratch& scratch) const {
  scratch.taken.assign(plan.candidates.size(), 0);
  bool any = false;
  const Candidate* failed = nullptr;
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const Candidate& candidate = plan.candidates[i];
    if (steps_back(candidate, scratch.taken)) continue;
    const cel::Verdict verdict = candidate.rule.where == kNoExpression
                                     ? cel::Verdict::kTrue
                                     : expressions.test(candidate.rule.where, scratch.frame);
    if (verdict == cel::Verdict::kTrue) {
      scratch.taken[i] = 1;
      any = true;
      scratch.count(candidate.route, RouteCount::kMatched);
      continue;
    }
    say_no(candidate, verdict, scratch);
    const bool earlier = failed == nullptr || candidate.route < failed->route;
    if (verdict == cel::Verdict::kError && earlier) failed = &candidate;
  }
  if (any) return Selection::kTaken;
  if (failed == nullptr) return Selection::kFiltered;
  const cel::ExpressionId where = failed->rule.where;
  scratch.filter_error = spell({failed->route, RouteUse::kWhere, where},
                               expressions.evaluate(where, scratch.frame));
  return Selection::kFailed;
}

void RouteTable::State::say_no(const Candidate& candidate, cel::Verdict verdict,
                               RouteScratch& scratch) const {
  if (verdict == cel::Verdict::kFalse) {
    scratch.count(candidate.route, RouteCount::kFiltered);
    return;
  }
  const bool missing = verdict == cel::Verdict::kMissing;
  scratch.count(candidate.route, missing ? RouteCount::kFilterMissing : RouteCount::kFilterError);
  if (scratch.tallies == nullptr) return;
  const cel::ExpressionId where = candidate.rule.where;
  tell({candidate.route, RouteUse::kWhere, where}, expressions.evaluate(where, scratch.frame),
       scratch);
}

Selection RouteTable::select(const TypePlan& plan, const EventFields& fields,
                             RouteScratch& scratch) const {
  scratch.begun = true;
  scratch.frame.begin(state_->expressions, fields, fields.type);
  return state_->ask(plan, scratch);
}

Selection RouteTable::select(const TypePlan& plan, const EventView& event,
                             std::string_view type_text, RouteScratch& scratch) const {
  scratch.begun = true;
  scratch.frame.begin(state_->expressions, event, type_text_of(event, type_text));
  return state_->ask(plan, scratch);
}

}  // namespace veltrix
