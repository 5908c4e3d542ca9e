#pragma once
// Which queues take an event, with which priority and key. Compiled once per plan epoch, immutable;
// any number of producer threads ask it at the same time.
//
// Patterns live in a TypeIndex; the routes of one type are looked up once and kept per type id
// (type_plan.hpp), so that an event costs the same with 10 and with 10,000 routes. The place of
// `where:` (CEL, later) is between the type's candidates and `unless`.
//
// Priority: the route's, else the event's, else `source_priority`, else the queue's.
// Key: the route's key, else the event's partitionkey, else none (unordered). Two routes of one
// event into one queue = one target, with the higher priority and the first route's key. Keys are
// compared by their text: the number 12 and the string "12" are one key.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/base/hash.hpp"
#include "veltrix/event/event_fields.hpp"
#include "veltrix/match/key_reader.hpp"
#include "veltrix/match/route_options.hpp"

namespace veltrix {

/// What routing must know of a queue.
struct QueueRouting {
  std::string name;
  std::uint8_t priority = kDefaultPriority;
  bool keyed = true;  // false: order none, the key is not even computed
};

struct Target {
  std::uint16_t queue = 0;
  std::uint8_t priority = kDefaultPriority;
  bool key_missing = false;  // the route names a key and the event has none there
  Hash128 key;               // empty: unordered
};

/// A producer's scratch space: reused from event to event, one thread at a time. Movable.
struct RouteScratch {
  struct Key {
    Hash128 hash;
    bool missing = false;
  };

  std::vector<Target> targets;    // the answer
  std::uint64_t key_missing = 0;  // events with at least one target whose key was missing
  std::string key_text;
  std::vector<Key> keys;  // of the event at hand, as TypePlan::paths
  KeyReader reader;
};

class RouteTable {
 public:
  /// Errors: kInvalidPattern, kInvalidKeyPath, kInvalidOption (unknown queue or route name,
  /// `unless` in a circle, the same name twice, no name, no pattern, a priority outside 0 … 9, more
  /// than kMaxRoutes or kMaxQueues), each naming the route.
  static Result<std::unique_ptr<RouteTable>> compile(const std::vector<RouteOptions>& routes,
                                                     const std::vector<QueueRouting>& queues,
                                                     std::uint64_t key_seed);
  ~RouteTable();

  /// Fills scratch.targets in ascending order of queue; empty: unmatched. `type_text`: the interned
  /// type's text (ignored when the slot carries it). Any thread, each with its own scratch.
  void route(const EventView& event, std::string_view type_text, std::uint8_t source_priority,
             RouteScratch& scratch) const;

  /// Whether any route takes that type, asked before there is a slot. `type_id` may be kNoType.
  bool takes(std::uint32_t type_id, std::string_view type_text) const;

  struct Answer {
    std::string route;
    bool matched = false;
    std::string reason;  // the pattern that took it, or why none did
  };
  /// For people: one answer per route, in order.
  std::vector<Answer> explain(const EventView& event, std::string_view type_text) const;

 private:
  struct State;
  explicit RouteTable(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace veltrix
