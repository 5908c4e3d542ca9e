#pragma once
// `unless` between routes: a route takes an event only if none of the routes it names takes it.
// Routes get ranks so that whoever is named ranks before whoever names it; asked in ascending rank,
// each route's answer is final when it is given. Immutable once made; any thread.

#include <cstdint>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/match/route_options.hpp"

namespace veltrix {

class UnlessOrder {
 public:
  /// kInvalidOption: a name that is no route, or a circle, which the message spells out. The names
  /// of the routes are unique already.
  static Result<UnlessOrder> make(const std::vector<RouteOptions>& routes);

  /// From the routes that would take an event by themselves (ascending) to those that do take it
  /// (ascending), both as indexes into the routes.
  std::vector<std::uint32_t> resolve(const std::vector<std::uint32_t>& candidates) const;

  /// Those routes, whoever is named before whoever names it.
  std::vector<std::uint32_t> by_rank(std::vector<std::uint32_t> routes) const;

  /// The routes that `route` names.
  const std::vector<std::uint32_t>& named_by(std::uint32_t route) const { return named_[route]; }

 private:
  std::vector<std::vector<std::uint32_t>> named_;  // by route
  std::vector<std::uint32_t> rank_;                // by route; empty when nobody says `unless`
};

}  // namespace veltrix
