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

/// Routes and what queues say about repetitions into `out`, one after the other.
class RouteReader {
 public:
  RouteReader(const std::vector<QueueRouting>& queues, const QueueIndex& index, CompiledRoutes& out)
      : queues_(queues), index_(index), out_(out) {}

  /// Before the routes, which must know what their queues will look at.
  Result<void> read_repeats(const QueueRouting& queue) {
    std::vector<std::uint32_t>& by = out_.repeats.emplace_back();
    Asked asked;
    for (const std::string& text : queue.dedup_by) {
      const auto key = key_number("queue \"" + queue.name + "\"", "dedup.by", text);
      if (!key) return tl::make_unexpected(key.error());
      by.push_back(*key);
      asked |= out_.keys[*key].asked;
    }
    repeats_ask_.push_back(asked);
    return {};
  }

  Result<void> read(const RouteOptions& route) {
    if (route.priority != kNoPriority && route.priority >= kPriorities) {
      return refuse(route, "priority " + std::to_string(route.priority) + " is not in 0 ... 9");
    }
    if (route.priority != kNoPriority && !route.priority_expression.empty()) {
      return refuse(route, "it has a priority and computes one; leave one of the two out");
    }
    const auto queue = index_.find(route.to);
    if (queue == index_.end()) {
      return refuse(route,
                    "there is no queue \"" + route.to + "\"; queues: " + list_queues(queues_));
    }
    const QueueRouting& target = queues_[queue->second];
    RouteRule& rule = out_.rules.emplace_back();
    rule.queue = queue->second;
    rule.priority = route.priority;
    rule.queue_priority = target.priority;
    rule.keyed = target.keyed;
    rule.asked = repeats_ask_[queue->second];
    return read_patterns(route)
        .and_then([&] { return read_expression(route, "where", route.where, rule.where); })
        .and_then([&] { return read_key(route); })
        .and_then([&] {
          return read_expression(route, "priority", route.priority_expression,
                                 rule.computed_priority);
        });
  }

  /// Behind the last one.
  void finish() {
    out_.warnings = expressions_.warnings();
    out_.expressions = std::move(expressions_).build();
    for (RouteRule& rule : out_.rules) {
      if (rule.where != kNoExpression) rule.cost = out_.expressions.cost(rule.where);
    }
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

  Result<void> read_expression(const RouteOptions& route, const char* option,
                               const std::string& text, cel::ExpressionId& out) {
    if (text.empty()) return {};
    const auto added = expressions_.add("route \"" + route.name + "\": " + option, text);
    if (!added) return tl::make_unexpected(added.error());
    out = added->id;
    out_.rules.back().asked |= added->asked;
    return {};
  }

  Result<void> read_key(const RouteOptions& route) {
    if (route.key.empty()) return {};
    const auto key = key_number("route \"" + route.name + "\"", "key", route.key);
    if (!key) return tl::make_unexpected(key.error());
    out_.rules.back().key = *key;
    out_.rules.back().asked |= out_.keys[*key].asked;
    return {};
  }

  Result<std::uint32_t> key_number(const std::string& owner, const char* option,
                                   const std::string& text) {
    const auto known = key_index_.find(text);
    if (known != key_index_.end()) return known->second;
    auto key = veltrix::read_key(owner, option, text, expressions_);
    if (!key) return tl::make_unexpected(std::move(key.error()));
    const auto number = static_cast<std::uint32_t>(out_.keys.size());
    out_.keys.push_back(std::move(*key));
    key_index_.emplace(text, number);
    return number;
  }

  const std::vector<QueueRouting>& queues_;
  const QueueIndex& index_;
  CompiledRoutes& out_;
  RouteExpressions expressions_;
  std::vector<Asked> repeats_ask_;  // by queue
  std::unordered_map<std::string_view, std::uint32_t> key_index_;
};

}  // namespace

Result<CompiledRoutes> compile_routes(const std::vector<RouteOptions>& routes,
                                      const std::vector<QueueRouting>& queues) {
  const auto queue_index = index_queues(queues);
  if (!queue_index) return tl::make_unexpected(queue_index.error());
  if (auto names = check_names(routes); !names) return tl::make_unexpected(names.error());

  CompiledRoutes out;
  RouteReader reader(queues, *queue_index, out);
  for (const QueueRouting& queue : queues) {
    if (auto read = reader.read_repeats(queue); !read) return tl::make_unexpected(read.error());
  }
  for (const RouteOptions& route : routes) {
    if (auto read = reader.read(route); !read) return tl::make_unexpected(read.error());
  }
  reader.finish();
  auto order = UnlessOrder::make(routes);
  if (!order) return tl::make_unexpected(std::move(order.error()));
  out.order = std::move(*order);
  return out;
}

}  // namespace veltrix
