#pragma once
// What happens to every event of one type: the targets, ready to be filled with priority and key.
//
// Until `where:` comes (CEL), which routes take an event depends on its type alone; so `unless` and
// the merging of two routes into one queue are settled here, once per type, and cost an event
// nothing. With `where:` a plan will also carry conditions, asked before `unless`.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "veltrix/event/slot.hpp"
#include "veltrix/match/type_index.hpp"
#include "veltrix/match/unless_order.hpp"

namespace veltrix {

inline constexpr std::uint32_t kPartitionKeyOnly = 0xFFFF'FFFF;  // instead of a path's index
inline constexpr std::uint32_t kUnkeyed = 0xFFFF'FFFE;           // instead of a key's index

/// What a plan needs of a route and of the queue behind it.
struct RouteRule {
  std::uint16_t queue = 0;
  std::uint8_t priority = kNoPriority;
  std::uint8_t queue_priority = kDefaultPriority;
  bool keyed = true;
  std::uint32_t path = kPartitionKeyOnly;  // index of the key path
};

struct TargetPlan {
  std::uint16_t queue = 0;
  std::uint8_t queue_priority = kDefaultPriority;
  std::uint8_t floor = 0;        // the highest priority that a route states
  bool inherits = false;         // a route states none: event, source, queue are asked as well
  std::uint32_t key = kUnkeyed;  // index into TypePlan::paths
};

struct TypePlan {
  std::vector<TargetPlan> targets;   // ascending by queue
  std::vector<std::uint32_t> paths;  // each key that the targets need, once
};

/// `takers` ascending; the first route into a queue decides its key, the highest priority counts.
TypePlan make_type_plan(const std::vector<RouteRule>& rules,
                        const std::vector<std::uint32_t>& takers);

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
  const TypePlan& plan_of(std::vector<std::uint32_t> takers);

  TypeIndex index_;
  UnlessOrder order_;
  std::vector<RouteRule> rules_;
  std::unique_ptr<std::atomic<const TypePlan*>[]> by_type_;
  std::shared_mutex mutex_;
  std::map<std::vector<std::uint32_t>, TypePlan> plans_;  // GUARDED_BY(mutex_); stable addresses
};

}  // namespace veltrix
