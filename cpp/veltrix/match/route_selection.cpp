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
  cel::Value failure;
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const Candidate& candidate = plan.candidates[i];
    if (steps_back(candidate, scratch.taken)) continue;
    // Once: a second time would spend steps that others need.
    const cel::Value value = candidate.rule.where == kNoExpression
                                 ? cel::Value::of(true)
                                 : expressions.evaluate(candidate.rule.where, scratch.frame);
    if (value.is_true()) {
      scratch.taken[i] = 1;
      any = true;
      scratch.count(candidate.route, RouteCount::kMatched);
      continue;
    }
    const RouteCount answer = say_no(candidate, value, scratch);
    const bool earlier = failed == nullptr || candidate.route < failed->route;
    if (answer == RouteCount::kFilterError && earlier) {
      failed = &candidate;
      failure = value;
    }
  }
  if (any) return Selection::kTaken;
  if (failed == nullptr) return Selection::kFiltered;
  scratch.filter_error = spell({failed->route, RouteUse::kWhere, failed->rule.where}, failure);
  return Selection::kFailed;
}

/// Counts it, and tells the first of its kind.
RouteCount RouteTable::State::say_no(const Candidate& candidate, const cel::Value& value,
                                     RouteScratch& scratch) const {
  RouteCount answer = RouteCount::kFiltered;
  if (value.kind != cel::Kind::kBool) {
    const bool missing = value.is_error() && value.reason == cel::Reason::kMissing;
    answer = missing ? RouteCount::kFilterMissing : RouteCount::kFilterError;
    tell({candidate.route, RouteUse::kWhere, candidate.rule.where}, value, scratch);
  }
  scratch.count(candidate.route, answer);
  return answer;
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
