#include "veltrix/match/route_compiler.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace veltrix {
namespace {

using QueueIndex = std::unordered_map<std::string_view, std::uint16_t>;

/// The same error, with the route in front.
tl::unexpected<Error> in_route(const RouteOptions& route, Error error) {
  return fail(error.code, "route \"" + route.name + "\": " + error.message);
}

tl::unexpected<Error> refuse(const RouteOptions& route, std::string message) {
  return in_route(route, {ErrorCode::kInvalidOption, std::move(message)});
}

Result<QueueIndex> index_queues(const std::vector<QueueRouting>& queues) {
  if (queues.size() > kMaxQueues) {
    return fail(ErrorCode::kInvalidOption,
                "more than " + std::to_string(kMaxQueues) + " queues; split the pipeline");
  }
  QueueIndex index;
  for (const QueueRouting& queue : queues) {
    if (!index.emplace(queue.name, static_cast<std::uint16_t>(index.size())).second) {
      return fail(ErrorCode::kInvalidOption,
                  "queue \"" + queue.name + "\" stands twice; give each its own name");
    }
  }
  return index;
}

Result<void> check_names(const std::vector<RouteOptions>& routes) {
  if (routes.size() > kMaxRoutes) {
    return fail(ErrorCode::kInvalidOption, "more than " + std::to_string(kMaxRoutes) +
                                               " routes; one route can list several patterns");
  }
  std::unordered_set<std::string_view> seen;
  for (const RouteOptions& route : routes) {
    if (route.name.empty()) {
      return fail(ErrorCode::kInvalidOption,
                  "route number " + std::to_string(seen.size() + 1) + " has no name; give it one");
    }
    if (!seen.insert(route.name).second) {
      return refuse(route, "the name stands twice; give each route its own");
    }
  }
  return {};
}

std::string list_queues(const std::vector<QueueRouting>& queues) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < queues.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : ", ") + queues[i].name;
  }
  return queues.empty() ? "none" : text + (queues.size() > kShown ? ", ..." : "");
}

/// One route into `out`: its rule, its patterns, its key path.
class RouteReader {
 public:
  RouteReader(const std::vector<QueueRouting>& queues, const QueueIndex& index, CompiledRoutes& out)
      : queues_(queues), index_(index), out_(out) {}

  Result<void> read(const RouteOptions& route) {
    if (route.priority != kNoPriority && route.priority >= kPriorities) {
      return refuse(route, "priority " + std::to_string(route.priority) + " is not in 0 ... 9");
    }
    const auto queue = index_.find(route.to);
    if (queue == index_.end()) {
      return refuse(route,
                    "there is no queue \"" + route.to + "\"; queues: " + list_queues(queues_));
    }
    const QueueRouting& target = queues_[queue->second];
    out_.rules.push_back({queue->second, route.priority, target.priority, target.keyed});
    return read_patterns(route).and_then([&] { return read_key(route); });
  }

 private:
  Result<void> read_patterns(const RouteOptions& route) {
    if (route.type.empty()) {
      return refuse(route,
                    "it lists no type pattern and would take nothing; write type: \"**\" "
                    "for all events");
    }
    const auto number = static_cast<std::uint32_t>(out_.routes.size());
    NamedRoute& named = out_.routes.emplace_back(NamedRoute{route.name, {}});
    for (const std::string& text : route.type) {
      auto pattern = parse_type_pattern(text);
      if (!pattern) return in_route(route, std::move(pattern.error()));
      out_.index.add(*pattern, number);
      named.patterns.push_back(std::move(*pattern));
    }
    return {};
  }

  Result<void> read_key(const RouteOptions& route) {
    if (route.key.empty()) return {};
    const auto known = path_index_.find(route.key);
    if (known != path_index_.end()) {
      out_.rules.back().path = known->second;
      return {};
    }
    auto path = parse_key_path(route.key);
    if (!path) return in_route(route, std::move(path.error()));
    const auto number = static_cast<std::uint32_t>(out_.paths.size());
    path_index_.emplace(route.key, number);
    out_.paths.push_back(std::move(*path));
    out_.rules.back().path = number;
    return {};
  }

  const std::vector<QueueRouting>& queues_;
  const QueueIndex& index_;
  CompiledRoutes& out_;
  std::unordered_map<std::string_view, std::uint32_t> path_index_;
};

}  // namespace

Result<CompiledRoutes> compile_routes(const std::vector<RouteOptions>& routes,
                                      const std::vector<QueueRouting>& queues) {
  const auto queue_index = index_queues(queues);
  if (!queue_index) return tl::make_unexpected(queue_index.error());
  if (auto names = check_names(routes); !names) return tl::make_unexpected(names.error());

  CompiledRoutes out;
  RouteReader reader(queues, *queue_index, out);
  for (const RouteOptions& route : routes) {
    if (auto read = reader.read(route); !read) return tl::make_unexpected(read.error());
  }
  auto order = UnlessOrder::make(routes);
  if (!order) return tl::make_unexpected(std::move(order.error()));
  out.order = std::move(*order);
  return out;
}

}  // namespace veltrix
