#pragma once
// A producer's scratch space for routing, and what routing answers. Reused from event to event by
// one thread at a time, so that an event allocates nothing once the buffers have grown. Movable.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "veltrix/base/hash.hpp"
#include "veltrix/base/limits.hpp"
#include "veltrix/cel/expression_set.hpp"
#include "veltrix/match/key_reader.hpp"
#include "veltrix/match/route_tally.hpp"

namespace veltrix {

struct Target {
  std::uint16_t queue = 0;
  std::uint8_t priority = kDefaultPriority;
  bool key_missing = false;  // the route names a key and the event has none there
  Hash128 key;               // empty: unordered
};

struct RouteScratch {
  struct Key {
    Hash128 hash;
    bool missing = false;
    cel::Reason why = cel::Reason::kMissing;  // null is missing, too
    bool read = false;                        // of the event at hand
  };

  std::vector<Target> targets;    // the answer
  std::uint64_t key_missing = 0;  // events with at least one target whose key was missing
  /// Of the event at hand, where no route takes it: the first route (in the order of the
  /// configuration) whose condition could not be computed, and why. For people.
  std::string filter_error;
  /// The first of each kind that a route has met: for the log, taken away by whoever tells it.
  std::vector<std::string> firsts;
  /// By route; null: nothing is counted, and no first is told.
  std::unique_ptr<RouteTally[]> tallies;

  // Of the table's own.
  std::string key_text;
  std::string parts;                // of what makes an event a repetition
  std::vector<Key> keys;            // as TypePlan::keys
  std::vector<std::uint8_t> taken;  // as TypePlan::candidates
  bool begun = false;               // the frame holds the event at hand
  cel::Frame frame;
  KeyReader reader;

  void count(std::uint32_t route, RouteCount what) noexcept {
    if (tallies != nullptr) tallies[route].add(what);
  }
};

}  // namespace veltrix
