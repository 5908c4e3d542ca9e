#include "veltrix/match/type_plan.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>
#include <utility>

namespace veltrix {
namespace {

std::uint32_t key_index(std::vector<std::uint32_t>& keys, const RouteRule& rule) {
  if (!rule.keyed) return kUnkeyed;
  const auto found = std::find(keys.begin(), keys.end(), rule.key);
  if (found == keys.end()) {
    keys.push_back(rule.key);
    return static_cast<std::uint32_t>(keys.size() - 1);
  }
  return static_cast<std::uint32_t>(found - keys.begin());
}

using Indexes = std::vector<std::uint32_t>;

constexpr std::uint32_t kNotAsked = 0xFFFF'FFFF;

/// By route: where it stands in `asked`, or kNotAsked.
Indexes places_of(const Indexes& asked, std::size_t routes) {
  Indexes places(routes, kNotAsked);
  for (std::uint32_t i = 0; i < asked.size(); ++i) places[asked[i]] = i;
  return places;
}

/// The candidates in the order in which they are asked.
Indexes asking_order(const std::vector<RouteRule>& rules, const UnlessOrder& order,
                     const Indexes& candidates) {
  Indexes asked = order.by_rank(candidates);
  const Indexes places = places_of(asked, rules.size());
  Indexes depths(rules.size());  // how many others are asked before it, one after the other
  for (const std::uint32_t route : asked) {
    for (const std::uint32_t named : order.named_by(route)) {
      if (places[named] != kNotAsked) depths[route] = std::max(depths[route], depths[named] + 1);
    }
  }
  std::sort(asked.begin(), asked.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::make_tuple(depths[a], rules[a].cost, a) <
           std::make_tuple(depths[b], rules[b].cost, b);
  });
  return asked;
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
  plan.takers = takers;
  for (const std::uint32_t route : ordered) {
    const RouteRule& rule = rules[route];
    if (plan.targets.empty() || plan.targets.back().queue != rule.queue) {
      plan.targets.push_back(
          {rule.queue, rule.queue_priority, 0, false, key_index(plan.keys, rule), route});
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

TypePlan make_conditional_plan(const std::vector<RouteRule>& rules, const UnlessOrder& order,
                               const std::vector<std::uint32_t>& candidates) {
  TypePlan plan;
  const Indexes asked = asking_order(rules, order, candidates);
  const Indexes places = places_of(asked, rules.size());
  for (const std::uint32_t route : asked) {
    const RouteRule& rule = rules[route];
    Candidate& candidate = plan.candidates.emplace_back();
    candidate.rule = rule;
    candidate.route = route;
    candidate.key = key_index(plan.keys, rule);
    for (const std::uint32_t named : order.named_by(route)) {
      if (places[named] != kNotAsked) candidate.unless.push_back(places[named]);
    }
    plan.asked |= rule.asked;
  }
  plan.by_queue.resize(asked.size());
  std::iota(plan.by_queue.begin(), plan.by_queue.end(), 0U);
  std::sort(plan.by_queue.begin(), plan.by_queue.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::make_pair(rules[asked[a]].queue, asked[a]) <
           std::make_pair(rules[asked[b]].queue, asked[b]);
  });
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
  const TypePlan& plan = plan_of(std::move(candidates));
  // Two threads may meet here with one type: both store the same address.
  if (type_id < kMaxTypes) by_type_[type_id].store(&plan, std::memory_order_release);
  return plan;
}

const TypePlan& TypePlans::plan_of(std::vector<std::uint32_t> candidates) {
  const bool conditional =
      std::any_of(candidates.begin(), candidates.end(),
                  [this](std::uint32_t route) { return rules_[route].is_conditional(); });
  // Without conditions the takers tell plans apart: of different candidates they may be the same.
  // No plan of the other sort has such a key, for that one names a conditional route.
  std::vector<std::uint32_t> key = conditional ? std::move(candidates) : order_.resolve(candidates);
  {
    // Events whose type is not interned come here every time; readers do not hold each other up.
    const std::shared_lock lock(mutex_);
    const auto known = plans_.find(key);
    if (known != plans_.end()) return known->second;
  }
  TypePlan plan =
      conditional ? make_conditional_plan(rules_, order_, key) : make_type_plan(rules_, key);
  const std::unique_lock lock(mutex_);
  return plans_.try_emplace(std::move(key), std::move(plan)).first->second;
}

}  // namespace veltrix
