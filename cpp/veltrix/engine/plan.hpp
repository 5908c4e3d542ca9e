#pragma once
// A pipeline as the engine runs it: immutable, with an epoch. Producers read the current plan once
// per event, so an event sees one epoch from door to filing. (Reload, later, publishes a new plan
// here.)

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/dispatch/machine.hpp"
#include "veltrix/engine/engine_options.hpp"
#include "veltrix/match/route_table.hpp"

namespace veltrix {

struct Plan {
  std::uint64_t epoch = 1;
  std::unique_ptr<RouteTable> routes;
  Unmatched unmatched = Unmatched::kDead;
  std::optional<Target> unmatched_target;  // with Unmatched::kQueue
  std::vector<bool> total_order;           // per queue: one line for all its events
  Hash128 total_key;                       // their key
  std::uint64_t key_seed = 0;              // of every key's hash
  std::vector<std::uint16_t> dedup;        // queues with a window of their own, in order: the
                                           // places of a slot's tail

  /// Checks every option and compiles the routes. kInvalidOption names queue and option.
  static Result<std::unique_ptr<Plan>> compile(const PlanOptions& options, std::uint64_t key_seed);
};

/// The engine's options as the machine takes them.
MachineOptions machine_options(const EngineOptions& options, std::uint64_t seed);

/// Ranges and names of one queue's options.
Result<void> check(const QueueOptions& options);

}  // namespace veltrix
