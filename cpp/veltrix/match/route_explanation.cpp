// For people: what becomes of one event at each route, and why.

#include <algorithm>

#include "veltrix/match/route_table_state.hpp"

namespace veltrix {
namespace {

using Answer = RouteTable::Answer;

/// "data.amount > 900 is false (data.amount = 12.5)"
std::string reason_of(const cel::Explanation& why) {
  std::string text = "where: ";
  if (why.verdict == cel::Verdict::kError || why.verdict == cel::Verdict::kMissing) {
    text += why.reason.empty() ? why.deciding : why.reason;
  } else {
    text += why.deciding + " is false";
  }
  return why.values.empty() ? text : text + " (" + why.values + ")";
}

void explain_condition(const cel::Explanation& why, Answer& answer) {
  answer.matched = false;
  answer.reason = reason_of(why);
  answer.deciding = why.deciding;
  answer.values = why.values;
}

}  // namespace

/// By type alone; the indexes of the routes that may take it.
std::vector<std::uint32_t> RouteTable::State::explain_types(std::string_view type,
                                                            std::vector<Answer>& answers) const {
  std::vector<std::uint32_t> candidates;
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    const NamedRoute& route = routes[i];
    const auto taking = std::find_if(route.patterns.begin(), route.patterns.end(),
                                     [&](const auto& pattern) { return matches(pattern, type); });
    Answer& answer = answers.emplace_back();
    answer.route = route.name;
    answer.to = queues[queue_of[i]];
    answer.matched = taking != route.patterns.end();
    if (answer.matched) {
      answer.reason = "type pattern " + taking->text + " takes " + std::string(type);
      candidates.push_back(i);
    } else {
      answer.reason = "no type pattern takes " + std::string(type);
    }
  }
  return candidates;
}

/// Those of the candidates that take the event, ascending; the others' answers say why not.
std::vector<std::uint32_t> RouteTable::State::explain_conditions(
    const TypePlan& plan, RouteScratch& scratch, std::vector<Answer>& answers) const {
  std::vector<std::uint32_t> takers;
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const Candidate& candidate = plan.candidates[i];
    Answer& answer = answers[candidate.route];
    if (scratch.taken[i] != 0) {
      takers.push_back(candidate.route);
      if (candidate.rule.where != kNoExpression) answer.reason += ", and its condition holds";
    } else if (candidate.rule.where != kNoExpression) {
      explain_condition(expressions.explain(candidate.rule.where, scratch.frame), answer);
    }
  }
  std::sort(takers.begin(), takers.end());
  return takers;
}

std::vector<Answer> RouteTable::explain(const EventView& event, std::string_view type_text) const {
  const std::string type(type_text_of(event, type_text));
  std::vector<Answer> answers;
  const std::vector<std::uint32_t> candidates = state_->explain_types(type, answers);
  RouteScratch scratch;  // which counts nothing
  const TypePlan& plan = plan_of(kNoType, type);
  route(event, type, kNoPriority, scratch);
  const std::vector<std::uint32_t> takers =
      plan.is_conditional() ? state_->explain_conditions(plan, scratch, answers) : plan.takers;
  for (const std::uint32_t candidate : candidates) {
    Answer& answer = answers[candidate];
    if (std::binary_search(takers.begin(), takers.end(), candidate)) {
      const std::uint16_t queue = state_->queue_of[candidate];
      const auto target = std::find_if(scratch.targets.begin(), scratch.targets.end(),
                                       [&](const Target& one) { return one.queue == queue; });
      if (target != scratch.targets.end()) answer.priority = target->priority;
      continue;
    }
    const auto& named = state_->plans.order().named_by(candidate);
    const auto winner =
        std::find_first_of(named.begin(), named.end(), takers.begin(), takers.end());
    if (winner == named.end()) continue;
    answer = {answer.route, false, "unless: " + state_->routes[*winner].name + " took it", {}, {},
              answer.to};
  }
  return answers;
}

}  // namespace veltrix
