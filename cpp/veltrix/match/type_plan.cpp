#include "veltrix/match/type_plan.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace veltrix {
namespace {

std::uint32_t key_index(std::vector<std::uint32_t>& paths, const RouteRule& rule) {
  if (!rule.keyed) return kUnkeyed;
  const auto found = std::find(paths.begin(), paths.end(), rule.path);
  if (found == paths.end()) {
    paths.push_back(rule.path);
    return static_cast<std::uint32_t>(paths.size() - 1);
  }
  return static_cast<std::uint32_t>(found - paths.begin());
}

}  // namespace

TypePlan make_type_plan(const std::vector<RouteRule>& rules,
                        const std::vector<std::uint32_t>& takers) {
  std::vector<std::uint32_t> ordered = takers;
  // Stable: inside a queue the order of the routes stays, it decides whose key counts.
  std::stable_sort(ordered.begin(), ordered.end(), [&](std::uint32_t a, std::uint32_t b) {
    return rules[a].queue < rules[b].queue;
  });
  TypePlan plan;
  for (const std::uint32_t route : ordered) {
    const RouteRule& rule = rules[route];
    if (plan.targets.empty() || plan.targets.back().queue != rule.queue) {
      plan.targets.push_back(
          {rule.queue, rule.queue_priority, 0, false, key_index(plan.paths, rule)});
    }
    TargetPlan& target = plan.targets.back();
    if (rule.priority == kNoPriority) {
      target.inherits = true;
    } else {
      target.floor = std::max(target.floor, rule.priority);
    }
  }
  return plan;
}

TypePlans::TypePlans(TypeIndex index, UnlessOrder order, std::vector<RouteRule> rules)
    : index_(std::move(index)),
      order_(std::move(order)),
      rules_(std::move(rules)),
      by_type_(std::make_unique<std::atomic<const TypePlan*>[]>(kMaxTypes)) {}

const TypePlan& TypePlans::add(std::uint32_t type_id, std::string_view type) {
  std::vector<std::uint32_t> candidates;
  index_.match(type, candidates);
  const TypePlan& plan = plan_of(order_.resolve(candidates));
  // Two threads may meet here with one type: both store the same address.
  if (type_id < kMaxTypes) by_type_[type_id].store(&plan, std::memory_order_release);
  return plan;
}

const TypePlan& TypePlans::plan_of(std::vector<std::uint32_t> takers) {
  {
    // Events whose type is not interned come here every time; readers do not hold each other up.
    const std::shared_lock lock(mutex_);
    const auto known = plans_.find(takers);
    if (known != plans_.end()) return known->second;
  }
  TypePlan plan = make_type_plan(rules_, takers);
  const std::unique_lock lock(mutex_);
  return plans_.try_emplace(std::move(takers), std::move(plan)).first->second;
}

}  // namespace veltrix
