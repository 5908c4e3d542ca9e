#include "simulation/conditions.hpp"

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {

constexpr std::uint64_t kKeySeed = 5;

std::string text_of(const Condition& condition) {
  const std::string number = std::to_string(condition.number);
  switch (condition.kind) {
    case Condition::Kind::kNone:
      return "";
    case Condition::Kind::kAtLeast:
      return "data.n >= " + number;
    case Condition::Kind::kDivisible:
      return "data.n % " + number + " == 0";
    case Condition::Kind::kShareOf:
      return number + " / data.n >= 1";
  }
  return "";
}

/// What the route counts for an event that it is asked about.
RouteCount answer_of(const Condition& condition, std::optional<std::int64_t> number) {
  if (condition.kind == Condition::Kind::kNone) return RouteCount::kMatched;
  if (!number) return RouteCount::kFilterMissing;
  bool holds = false;
  if (condition.kind == Condition::Kind::kAtLeast) holds = *number >= condition.number;
  if (condition.kind == Condition::Kind::kDivisible) holds = *number % condition.number == 0;
  if (condition.kind == Condition::Kind::kShareOf) {
    if (*number == 0) return RouteCount::kFilterError;
    holds = condition.number / *number >= 1;
  }
  return holds ? RouteCount::kMatched : RouteCount::kFiltered;
}

std::string name_of(std::size_t route) { return "r" + std::to_string(route); }

}  // namespace

ConditionModel::ConditionModel(const std::vector<Condition>& conditions,
                               const std::vector<Dispatcher::QueuePlan>& queues)
    : conditions_(conditions), counts_(conditions.size()) {
  if (conditions.empty()) return;
  std::vector<RouteOptions> routes;
  std::vector<QueueRouting> routing;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    RouteOptions& route = routes.emplace_back();
    route.name = name_of(i);
    route.type = {"simulated"};
    route.where = text_of(conditions[i]);
    route.to = queues[i].options.name;
    if (conditions[i].unless >= 0) {
      route.unless = {name_of(static_cast<std::size_t>(conditions[i].unless))};
    }
    routing.push_back({route.to, kDefaultPriority, false, {}});
  }
  auto table = RouteTable::compile(routes, routing, kKeySeed);
  require(table.has_value(), kModel, [&] { return table.error().message; });
  table_ = std::move(*table);
  scratch_ = table_->open_scratch();
}

ConditionModel::Verdict ConditionModel::judge(std::optional<std::int64_t> number) {
  Verdict verdict;
  std::vector<bool> takes(conditions_.size());
  bool failed = false;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    const int before = conditions_[i].unless;
    if (before >= 0 && takes[static_cast<std::size_t>(before)]) continue;
    const RouteCount answer = answer_of(conditions_[i], number);
    ++counts_[i][static_cast<std::size_t>(answer)];
    takes[i] = answer == RouteCount::kMatched;
    failed = failed || answer == RouteCount::kFilterError;
    if (takes[i]) verdict.queues.push_back(static_cast<std::uint16_t>(i));
  }
  verdict.failed = failed && verdict.queues.empty();
  return verdict;
}

void ConditionModel::check(const EventFields& fields, const Verdict& expected) {
  const TypePlan& plan = table_->plan_of(kNoType, fields.type);
  std::vector<std::uint16_t> seen;
  bool failed = false;
  if (plan.is_conditional()) {
    failed = table_->select(plan, fields, scratch_) == Selection::kFailed;
    for (const std::uint32_t at : plan.by_queue) {
      if (scratch_.taken[at] != 0) seen.push_back(plan.candidates[at].rule.queue);
    }
  } else {  // nobody has a condition
    for (const TargetPlan& target : plan.targets) seen.push_back(target.queue);
    for (const std::uint32_t route : plan.takers) scratch_.count(route, RouteCount::kMatched);
  }
  require(seen == expected.queues && failed == expected.failed, kRouting,
          [&] { return "other routes take it than conditions say: " + std::string(fields.data); });
}

void ConditionModel::check_counts() const {
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    for (std::size_t what = 0; what < kRouteCounts; ++what) {
      require_equal(kRouting, ("count of " + name_of(i)).c_str(),
                    scratch_.tallies[i].get(static_cast<RouteCount>(what)), counts_[i][what]);
    }
  }
}

}  // namespace veltrix::simulation
