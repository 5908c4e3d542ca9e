#pragma once
// Conditions of routes, as text for the core and as plain arithmetic for the model: one route per
// queue, over an integer in the payload that may be missing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "veltrix/dispatch/dispatcher.hpp"
#include "veltrix/match/route_table.hpp"

namespace veltrix::simulation {

struct Condition {
  enum class Kind : std::uint8_t {
    kNone,       // the route takes everything
    kAtLeast,    // data.n >= number
    kDivisible,  // data.n % number == 0
    kShareOf,    // number / data.n >= 1: cannot be computed for 0
  };
  Kind kind = Kind::kNone;
  std::int64_t number = 1;
  int unless = -1;  // the route that it steps back for, or none
};

/// What the core says of an event, and the model beside it.
class ConditionModel {
 public:
  ConditionModel(const std::vector<Condition>& conditions,
                 const std::vector<Dispatcher::QueuePlan>& queues);

  struct Verdict {
    std::vector<std::uint16_t> queues;  // that take the event, ascending
    bool failed = false;                // none does, and a condition could not be computed
  };
  /// Counts, as the core counts when it routes the event.
  Verdict judge(std::optional<std::int64_t> number);
  /// Lets the core route it before there is a slot; throws Broken where it says something else.
  void check(const EventFields& fields, const Verdict& expected);
  /// The counts of all routes.
  void check_counts() const;

 private:
  std::vector<Condition> conditions_;
  std::vector<std::array<std::uint64_t, kRouteCounts>> counts_;
  std::unique_ptr<RouteTable> table_;
  RouteScratch scratch_;
};

}  // namespace veltrix::simulation
