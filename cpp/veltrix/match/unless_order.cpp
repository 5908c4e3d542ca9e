#include "veltrix/match/unless_order.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace veltrix {
namespace {

using Links = std::vector<std::vector<std::uint32_t>>;

Result<Links> link(const std::vector<RouteOptions>& routes) {
  std::unordered_map<std::string_view, std::uint32_t> index;
  for (const RouteOptions& route : routes) {
    index.emplace(route.name, static_cast<std::uint32_t>(index.size()));
  }
  Links named(routes.size());
  for (std::size_t i = 0; i < routes.size(); ++i) {
    for (const std::string& other : routes[i].unless) {
      const auto found = index.find(other);
      if (found == index.end()) {
        return fail(ErrorCode::kInvalidOption,
                    "route \"" + routes[i].name + "\": unless names \"" + other +
                        "\", which is no route of this pipeline; correct or remove it");
      }
      named[i].push_back(found->second);
    }
  }
  return named;
}

/// Follows the unranked routes until one comes again. Every unranked route names an unranked one,
/// so the walk cannot end anywhere else.
std::string spell_circle(const std::vector<RouteOptions>& routes, const Links& named,
                         const std::vector<bool>& ranked) {
  std::vector<std::uint32_t> way;
  auto at =
      static_cast<std::uint32_t>(std::find(ranked.begin(), ranked.end(), false) - ranked.begin());
  while (std::find(way.begin(), way.end(), at) == way.end()) {
    way.push_back(at);
    at = *std::find_if(named[at].begin(), named[at].end(),
                       [&](std::uint32_t other) { return !ranked[other]; });
  }
  std::string text;
  for (auto step = std::find(way.begin(), way.end(), at); step != way.end(); ++step) {
    text += routes[*step].name + " -> ";
  }
  return text + routes[at].name;
}

}  // namespace

Result<UnlessOrder> UnlessOrder::make(const std::vector<RouteOptions>& routes) {
  UnlessOrder order;
  auto named = link(routes);
  if (!named) return tl::make_unexpected(std::move(named.error()));
  order.named_ = std::move(*named);
  const bool plain = std::all_of(order.named_.begin(), order.named_.end(),
                                 [](const auto& others) { return others.empty(); });
  if (plain) return order;

  // Kahn's algorithm: no recursion, a configuration may hold kMaxRoutes in one chain.
  Links named_in(routes.size());
  std::vector<std::size_t> waits(routes.size());
  std::vector<std::uint32_t> ready;
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    waits[i] = order.named_[i].size();
    for (const std::uint32_t other : order.named_[i]) named_in[other].push_back(i);
    if (waits[i] == 0) ready.push_back(i);
  }
  order.rank_.resize(routes.size());
  std::vector<bool> ranked(routes.size(), false);
  for (std::uint32_t rank = 0; rank < ready.size(); ++rank) {
    const std::uint32_t route = ready[rank];
    order.rank_[route] = rank;
    ranked[route] = true;
    for (const std::uint32_t waiting : named_in[route]) {
      if (--waits[waiting] == 0) ready.push_back(waiting);
    }
  }
  if (ready.size() == routes.size()) return order;
  return fail(ErrorCode::kInvalidOption,
              "unless goes round in a circle: " + spell_circle(routes, order.named_, ranked) +
                  "; remove one of these links");
}

std::vector<std::uint32_t> UnlessOrder::by_rank(std::vector<std::uint32_t> routes) const {
  if (rank_.empty()) return routes;
  std::sort(routes.begin(), routes.end(),
            [this](std::uint32_t a, std::uint32_t b) { return rank_[a] < rank_[b]; });
  return routes;
}

std::vector<std::uint32_t> UnlessOrder::resolve(
    const std::vector<std::uint32_t>& candidates) const {
  if (rank_.empty()) return candidates;
  const auto earlier = [this](std::uint32_t a, std::uint32_t b) { return rank_[a] < rank_[b]; };
  std::vector<std::uint32_t> takers;  // ascending by rank while it grows
  for (const std::uint32_t route : by_rank(candidates)) {
    const auto& named = named_[route];
    const bool barred = std::any_of(named.begin(), named.end(), [&](std::uint32_t other) {
      return std::binary_search(takers.begin(), takers.end(), other, earlier);
    });
    if (!barred) takers.push_back(route);
  }
  std::sort(takers.begin(), takers.end());
  return takers;
}

}  // namespace veltrix
