#pragma once
// Which queues take an event, with which priority and key. Compiled once per plan epoch, immutable;
// any number of producer threads ask it at the same time.
//
// Patterns live in a TypeIndex; the routes of one type are looked up once and kept per type id
// (type_plan.hpp), so that an event costs the same with 10 and with 10,000 routes. Conditions are
// asked of those routes only, before there is a slot: an event that nobody takes costs none.
//
//   select()   the routes that take the event, of a type whose routes have conditions
//   fill()     targets with priority and key, out of the slot
//   route()    both, for a slot
//
// Condition: a member that is missing makes it false. Another error takes the event nowhere by
// itself; if no other route takes the event, that is what became of it (Selection::kFailed).
// Priority: the route's, else the event's, else `source_priority`, else the queue's. A computed one
// that is no int in 0 … 9 is none.
// Key: the route's key, else the event's partitionkey, else none (unordered). Two routes of one
// event into one queue = one target, with the higher priority and the first route's key. Keys are
// compared by their text: the number 12 and the string "12" are one key.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"
#include "veltrix/match/route_options.hpp"
#include "veltrix/match/route_scratch.hpp"
#include "veltrix/match/type_plan.hpp"

namespace veltrix {

/// What routing must know of a queue.
struct QueueRouting {
  std::string name;
  std::uint8_t priority = kDefaultPriority;
  bool keyed = true;                  // false: order none, the key is not even computed
  std::vector<std::string> dedup_by;  // what makes an event a repetition; none: nothing does
};

enum class Selection : std::uint8_t {
  kTaken,
  kFiltered,  // all conditions said no, or had nothing to look at
  kFailed,    // the same, but one of them could not be computed: RouteScratch::filter_error
};

class RouteTable {
 public:
  /// Errors: kInvalidPattern, kInvalidKeyPath, kInvalidExpression (with column and caret),
  /// kInvalidOption (unknown queue or route name, `unless` in a circle, the same name twice, no
  /// name, no pattern, a priority outside 0 … 9, more than kMaxRoutes or kMaxQueues), each naming
  /// the route.
  static Result<std::unique_ptr<RouteTable>> compile(const std::vector<RouteOptions>& routes,
                                                     const std::vector<QueueRouting>& queues,
                                                     std::uint64_t key_seed);
  ~RouteTable();

  /// What is legal and will surprise, with route, column and caret.
  const std::vector<std::string>& warnings() const noexcept;
  const std::string& name_of(std::uint32_t route) const noexcept;
  std::size_t size() const noexcept;  // routes

  /// Counts by route, and tells the first of each kind.
  RouteScratch open_scratch() const;

  /// Asked before there is a slot. `type_id` may be kNoType. Wait-free for a type seen before.
  const TypePlan& plan_of(std::uint32_t type_id, std::string_view type_text) const;

  /// Only of a conditional plan. `fields` and its texts outlive the following fill(); they are
  /// complete but for id and time, which they need only where the plan asks for stamps.
  Selection select(const TypePlan& plan, const EventFields& fields, RouteScratch& scratch) const;
  Selection select(const TypePlan& plan, const EventView& event, std::string_view type_text,
                   RouteScratch& scratch) const;

  /// Fills scratch.targets in ascending order of queue; empty: unmatched. Behind the select() of a
  /// conditional plan. `type_text`: the interned type's text (ignored when the slot carries it).
  void fill(const TypePlan& plan, const EventView& event, std::string_view type_text,
            std::uint8_t source_priority, RouteScratch& scratch) const;

  /// Any thread, each with its own scratch.
  Selection route(const EventView& event, std::string_view type_text, std::uint8_t source_priority,
                  RouteScratch& scratch) const;

  /// What makes the event a repetition in that queue, hashed; behind fill(). Empty when one of its
  /// parts is missing: then nothing tells.
  Hash128 repetition(std::uint16_t queue, const EventView& event, std::string_view type_text,
                     RouteScratch& scratch) const;

  struct Answer {
    std::string route;
    bool matched = false;
    std::string reason;    // the pattern that took it, or why none did
    std::string deciding;  // the part of its condition that decided: "data.amount > 900"
    std::string values;    // … and what it looked at: "data.amount = 12.5"
    std::string to;        // its queue
    int priority = -1;     // of the delivery, if it matched
  };
  /// For people: one answer per route, in order.
  std::vector<Answer> explain(const EventView& event, std::string_view type_text) const;

 private:
  struct State;
  explicit RouteTable(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace veltrix
