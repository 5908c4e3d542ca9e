#include "veltrix/engine/plan.hpp"

#include <algorithm>
#include <set>

namespace veltrix {

namespace {

bool legal_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

struct Range {
  const char* option;
  double value;
  double low;
  double high;
};

Result<void> check_ranges(const std::string& where, std::initializer_list<Range> ranges) {
  for (const Range& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;
    return fail(ErrorCode::kInvalidOption, where + ": " + range.option + " is out of its range");
  }
  return {};
}

constexpr double kYear = 366.0 * 86'400 * static_cast<double>(kSecond);

Result<void> check_engine(const EngineOptions& options) {
  return check_ranges("engine",
                      {{"min_share", options.min_share, 0, 0.1},
                       {"dedup_window", double(options.dedup_window), 0, kYear},
                       {"dedup_events", double(options.dedup_events), 0, 1e9},
                       {"native_executors", double(options.native_executors), 1, 32},
                       {"python_executors", double(options.python_executors), 1, 16},
                       {"dead_letter_events", double(options.dead_letter_events), 1, 1e8}});
}

}  // namespace

Result<void> check(const QueueOptions& options) {
  if (!legal_name(options.name)) {
    return fail(ErrorCode::kInvalidOption,
                "queue '" + options.name + "': a name has 1 to 100 of A-Z a-z 0-9 _ - .");
  }
  const RetryOptions& retry = options.retry;
  return check_ranges("queue '" + options.name + "'",
                      {{"priority", double(options.priority), 0, kPriorities - 1},
                       {"batch.max_events", double(options.batch_max_events), 0, 10'000},
                       {"batch.linger", double(options.batch_linger), 0, double(kMaxLinger)},
                       {"concurrency", double(options.concurrency), 1, 1'024},
                       {"weight", double(options.weight), 1, 1'000},
                       {"max_wait", double(options.max_wait), 1, kYear},
                       {"retry.max_attempts", double(retry.max_attempts), 1, 1'000},
                       {"retry.backoff", double(retry.backoff), 0, kYear},
                       {"retry.max_backoff", double(retry.max_backoff), 0, kYear},
                       {"capacity.events", double(options.capacity_events), 1, 16e6},
                       {"capacity.bytes", double(options.capacity_bytes), 256, double(1ULL << 39)},
                       {"capacity.per_key", double(options.capacity_per_key), 0, 16e6},
                       {"capacity.reserve.priority", double(options.reserve_priority), 0, 9},
                       {"capacity.reserve.share", options.reserve_share, 0, 0.9},
                       {"overflow.timeout", double(options.overflow_timeout), 0, kYear},
                       {"order.wait", double(options.sort_wait), 0, kYear},
                       {"latest.every", double(options.latest_every), -1, kYear},
                       {"timeout", double(options.timeout), 0, kYear},
                       {"ttl", double(options.ttl), 0, kYear},
                       {"retry.max_age", double(retry.max_age), 0, kYear},
                       {"dedup.window", double(options.dedup_window), 0, kYear},
                       {"dedup.events", double(options.dedup_events), 1, 1e9}});
}

namespace {

/// Policies that need one another, or shut one another out.
Result<void> check_together(const QueueOptions& options) {
  const auto refuse = [&](const char* why) {
    return fail(ErrorCode::kInvalidOption, "queue '" + options.name + "': " + why);
  };
  if (options.sort_wait > 0 && options.order != Order::kKey) {
    return refuse("order.sort needs `by: key`");
  }
  if (options.latest_every >= 0 && options.order != Order::kKey) {
    return refuse("latest needs `order: key`");
  }
  if (options.latest_every >= 0 && options.sort_wait > 0) {
    return refuse("latest and order.sort shut one another out: of a key only the newest waits");
  }
  if (options.batch_linger > 0 && options.batch_max_events == 0) {
    return refuse("batch.linger needs batch.max_events");
  }
  if (options.dedup_window > 0 && options.dedup_by.empty()) {
    return refuse("dedup.by names nothing that could make an event a duplicate");
  }
  return {};
}

/// What routing must know of a queue.
QueueRouting routing_of(const QueueOptions& queue) {
  QueueRouting routing{queue.name, queue.priority, queue.order == Order::kKey, {}};
  if (queue.dedup_window > 0) routing.dedup_by = queue.dedup_by;
  return routing;
}

}  // namespace

MachineOptions machine_options(const EngineOptions& options, std::uint64_t seed) {
  MachineOptions out;
  out.dispatch.policy = options.policy;
  out.dispatch.min_share = options.min_share;
  out.dispatch.seed = seed;
  out.dedup = {options.dedup_window, options.dedup_events};
  out.dead_letter_events = options.dead_letter_events;
  return out;
}

Result<std::unique_ptr<Plan>> Plan::compile(const PlanOptions& options, std::uint64_t key_seed) {
  if (auto checked = check_engine(options.engine); !checked) {
    return tl::make_unexpected(checked.error());
  }
  if (options.queues.empty() || options.queues.size() > kMaxQueues) {
    return fail(ErrorCode::kInvalidOption, "a pipeline has 1 to 4,096 queues");
  }
  auto plan = std::make_unique<Plan>();
  std::vector<QueueRouting> routing;
  std::set<std::string> names;
  for (const QueueOptions& queue : options.queues) {
    if (auto checked = check(queue); !checked) return tl::make_unexpected(checked.error());
    if (auto checked = check_together(queue); !checked) {
      return tl::make_unexpected(checked.error());
    }
    if (queue.dedup_window > 0) {
      plan->dedup.push_back(static_cast<std::uint16_t>(routing.size()));
    }
    if (!names.insert(queue.name).second) {
      return fail(ErrorCode::kInvalidOption, "queue '" + queue.name + "' is declared twice");
    }
    routing.push_back(routing_of(queue));
    plan->total_order.push_back(queue.order == Order::kTotal);
  }
  auto routes = RouteTable::compile(options.routes, routing, key_seed);
  if (!routes) return tl::make_unexpected(routes.error());
  plan->routes = std::move(*routes);
  plan->key_seed = key_seed;
  plan->total_key = hash128("total order", key_seed);
  plan->unmatched = options.engine.unmatched;
  if (plan->unmatched == Unmatched::kQueue) {
    const auto found = std::find_if(
        options.queues.begin(), options.queues.end(),
        [&](const QueueOptions& q) { return q.name == options.engine.unmatched_queue; });
    if (found == options.queues.end()) {
      return fail(ErrorCode::kInvalidOption,
                  "unmatched: there is no queue '" + options.engine.unmatched_queue + "'");
    }
    Target target;
    target.queue = static_cast<std::uint16_t>(found - options.queues.begin());
    target.priority = found->priority;
    plan->unmatched_target = target;
  }
  return plan;
}

}  // namespace veltrix
