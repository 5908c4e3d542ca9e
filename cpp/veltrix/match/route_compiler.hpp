#pragma once
// Checks the routes of a configuration and turns names and texts into indexes, patterns and paths:
// the parts of which a RouteTable is made. Runs once per plan epoch; no state.

#include <string>
#include <vector>

#include "veltrix/match/route_key.hpp"
#include "veltrix/match/route_table.hpp"
#include "veltrix/match/type_plan.hpp"

namespace veltrix {

/// What explain() needs to know of a route.
struct NamedRoute {
  std::string name;
  std::vector<TypePattern> patterns;
};

struct CompiledRoutes {
  std::vector<NamedRoute> routes;  // in the order of the configuration
  std::vector<RouteRule> rules;    // one per route
  std::vector<RouteKey> keys;      // each key once
  // By queue: what makes an event a repetition there, as indexes of `keys`; none: nothing does.
  std::vector<std::vector<std::uint32_t>> repeats;
  cel::ExpressionSet expressions;  // of all of them
  std::vector<std::string> warnings;
  TypeIndex index;                 // patterns to routes
  UnlessOrder order;
};

/// The errors of RouteTable::compile().
Result<CompiledRoutes> compile_routes(const std::vector<RouteOptions>& routes,
                                      const std::vector<QueueRouting>& queues);

}  // namespace veltrix
