#pragma once
// What happens to every event of one type: the targets, ready to be filled with priority and key.
//
// Where no route that could take the type has a condition or computes its priority, the type alone
// says who takes it: `unless` and the merging of two routes into one queue are settled here, once
// per type, and cost an event nothing. Else the plan holds the candidates in the order in which
// they are asked: whoever `unless` names before whoever names it, cheap conditions before dear
// ones, so that what uses up an event's budget of steps harms nobody but itself.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "veltrix/event/slot.hpp"
#include "veltrix/match/route_expressions.hpp"
#include "veltrix/match/type_index.hpp"
#include "veltrix/match/unless_order.hpp"

namespace veltrix {

inline constexpr std::uint32_t kPartitionKeyOnly = 0xFFFF'FFFF;  // instead of a key's index
inline constexpr std::uint32_t kUnkeyed = 0xFFFF'FFFE;           // instead of a key's index

/// What a plan needs of a route and of the queue behind it.
struct RouteRule {
  std::uint16_t queue = 0;
  std::uint8_t priority = kNoPriority;
  std::uint8_t queue_priority = kDefaultPriority;
  bool keyed = true;
  Asked asked;                            // by its expressions, and by those of its queue
  std::uint32_t key = kPartitionKeyOnly;  // index of the route key
  cel::ExpressionId where = kNoExpression;
  cel::ExpressionId computed_priority = kNoExpression;
  std::uint32_t cost = 0;  // of `where`

  bool is_conditional() const noexcept {
    return where != kNoExpression || computed_priority != kNoExpression;
  }
};

struct TargetPlan {
  std::uint16_t queue = 0;
  std::uint8_t queue_priority = kDefaultPriority;
  std::uint8_t floor = 0;        // the highest priority that a route states
  bool inherits = false;         // a route states none: event, source, queue are asked as well
  std::uint32_t key = kUnkeyed;  // index into TypePlan::keys
  std::uint32_t route = 0;       // whose key it is
};

/// A route that takes an event of the type if its condition holds.
struct Candidate {
  RouteRule rule;
  std::uint32_t route = 0;
  std::uint32_t key = kUnkeyed;       // index into TypePlan::keys
  std::vector<std::uint32_t> unless;  // candidates before it: if one takes the event, it does not
};

struct TypePlan {
  std::vector<TargetPlan> targets;     // ascending by queue
  std::vector<std::uint32_t> takers;   // the routes that take the type, ascending
  std::vector<std::uint32_t> keys;     // each key that the targets or candidates need, once
  std::vector<Candidate> candidates;   // in the order in which they are asked; then no targets
  std::vector<std::uint32_t> by_queue; // the candidates ascending by queue, then by route
  Asked asked;                         // by all candidates

  bool is_conditional() const noexcept { return !candidates.empty(); }
  bool takes_nothing() const noexcept { return targets.empty() && candidates.empty(); }
};

/// `takers` ascending; the first route into a queue decides its key, the highest priority counts.
TypePlan make_type_plan(const std::vector<RouteRule>& rules,
                        const std::vector<std::uint32_t>& takers);

/// The same where events decide.
TypePlan make_conditional_plan(const std::vector<RouteRule>& rules, const UnlessOrder& order,
                               const std::vector<std::uint32_t>& candidates);

/// The plans of one route table, made when a type is first seen. find() is wait-free for a type
/// seen before; first use takes a lock. Types with the same takers share a plan, so memory is
/// bounded by the configuration, not by the number of types that producers think up.
class TypePlans {
 public:
  TypePlans(TypeIndex index, UnlessOrder order, std::vector<RouteRule> rules);

  /// Null when the type has not been seen, or is not interned.
  const TypePlan* find(std::uint32_t type_id) const noexcept {
    if (type_id >= kMaxTypes) return nullptr;
    // Acquire pairs with the release in add(): the plan's bytes come before its address.
    return by_type_[type_id].load(std::memory_order_acquire);
  }
  /// Matches the type, and keeps the answer under `type_id` unless that is not interned.
  const TypePlan& add(std::uint32_t type_id, std::string_view type);

  const UnlessOrder& order() const noexcept { return order_; }

 private:
  const TypePlan& plan_of(std::vector<std::uint32_t> candidates);

  TypeIndex index_;
  UnlessOrder order_;
  std::vector<RouteRule> rules_;
  std::unique_ptr<std::atomic<const TypePlan*>[]> by_type_;
  std::shared_mutex mutex_;
  // By candidates. GUARDED_BY(mutex_); stable addresses
  std::map<std::vector<std::uint32_t>, TypePlan> plans_;
};

}  // namespace veltrix
