#include "veltrix/match/route_table.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/match/route_compiler.hpp"
#include "veltrix/match/type_plan.hpp"

namespace veltrix {
namespace {

/// The type's text: among the attributes when the type is not interned.
std::string_view text_of(const EventView& event, std::string_view type_text) {
  return event.slot().type == kNoType ? event.get(Attribute::kType) : type_text;
}

std::uint8_t priority_of(const TargetPlan& target, std::uint8_t event, std::uint8_t source) {
  if (!target.inherits) return target.floor;
  std::uint8_t inherited = target.queue_priority;
  if (event != kNoPriority) {
    inherited = event;
  } else if (source != kNoPriority) {
    inherited = source;
  }
  return std::max(target.floor, inherited);
}

}  // namespace

struct RouteTable::State {
  State(CompiledRoutes compiled, std::uint64_t seed)
      : routes(std::move(compiled.routes)),
        paths(std::move(compiled.paths)),
        plans(std::move(compiled.index), std::move(compiled.order), std::move(compiled.rules)),
        key_seed(seed) {}

  RouteScratch::Key read_key(std::uint32_t path, const EventView& event, std::string_view type,
                             RouteScratch& scratch) const;

  const TypePlan& plan_of(std::uint32_t type_id, std::string_view type) {
    const TypePlan* plan = plans.find(type_id);
    return plan != nullptr ? *plan : plans.add(type_id, type);
  }

  std::vector<NamedRoute> routes;
  std::vector<KeyPath> paths;
  TypePlans plans;
  std::uint64_t key_seed;
};

RouteScratch::Key RouteTable::State::read_key(std::uint32_t path, const EventView& event,
                                              std::string_view type, RouteScratch& scratch) const {
  RouteScratch::Key key;
  if (path != kPartitionKeyOnly) {
    if (scratch.reader.read(paths[path], event, type, scratch.key_text)) {
      key.hash = hash128(scratch.key_text, key_seed);
      return key;
    }
    key.missing = true;
  }
  if ((event.slot().flags & kHasPartitionKey) != 0) {
    key.hash = hash128(event.get(Attribute::kPartitionKey), key_seed);
  }
  return key;
}

RouteTable::RouteTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
RouteTable::~RouteTable() = default;

Result<std::unique_ptr<RouteTable>> RouteTable::compile(const std::vector<RouteOptions>& routes,
                                                        const std::vector<QueueRouting>& queues,
                                                        std::uint64_t key_seed) {
  auto compiled = compile_routes(routes, queues);
  if (!compiled) return tl::make_unexpected(std::move(compiled.error()));
  auto state = std::make_unique<State>(std::move(*compiled), key_seed);
  return std::unique_ptr<RouteTable>(new RouteTable(std::move(state)));
}

bool RouteTable::takes(std::uint32_t type_id, std::string_view type_text) const {
  return !state_->plan_of(type_id, type_text).targets.empty();
}

void RouteTable::route(const EventView& event, std::string_view type_text,
                       std::uint8_t source_priority, RouteScratch& scratch) const {
  scratch.targets.clear();
  const Slot& slot = event.slot();
  const TypePlan& plan = state_->plan_of(slot.type, text_of(event, type_text));

  // Most plans need one key: it stays in registers.
  RouteScratch::Key first;
  bool missing = false;
  if (!plan.paths.empty()) {
    first = state_->read_key(plan.paths[0], event, text_of(event, type_text), scratch);
    missing = first.missing;
  }
  if (plan.paths.size() > 1) {
    scratch.keys.assign(1, first);
    for (std::size_t i = 1; i < plan.paths.size(); ++i) {
      scratch.keys.push_back(
          state_->read_key(plan.paths[i], event, text_of(event, type_text), scratch));
      missing = missing || scratch.keys.back().missing;
    }
  }
  if (missing) ++scratch.key_missing;

  for (const TargetPlan& target : plan.targets) {
    const std::uint8_t priority = priority_of(target, slot.priority, source_priority);
    if (target.key == kUnkeyed) {
      scratch.targets.push_back({target.queue, priority, false, {}});
      continue;
    }
    const RouteScratch::Key& key = target.key == 0 ? first : scratch.keys[target.key];
    scratch.targets.push_back({target.queue, priority, key.missing, key.hash});
  }
}

std::vector<RouteTable::Answer> RouteTable::explain(const EventView& event,
                                                    std::string_view type_text) const {
  const std::string type(text_of(event, type_text));
  std::vector<Answer> answers;
  std::vector<std::uint32_t> candidates;
  for (std::uint32_t i = 0; i < state_->routes.size(); ++i) {
    const NamedRoute& route = state_->routes[i];
    const auto taking = std::find_if(route.patterns.begin(), route.patterns.end(),
                                     [&](const auto& pattern) { return matches(pattern, type); });
    Answer& answer = answers.emplace_back(Answer{route.name, taking != route.patterns.end(), {}});
    if (answer.matched) {
      answer.reason = "type pattern " + taking->text + " takes " + type;
      candidates.push_back(i);
    } else {
      answer.reason = "no type pattern takes " + type;
    }
  }
  const std::vector<std::uint32_t> takers = state_->plans.order().resolve(candidates);
  for (const std::uint32_t candidate : candidates) {
    if (std::binary_search(takers.begin(), takers.end(), candidate)) continue;
    const auto& named = state_->plans.order().named_by(candidate);
    const auto winner =
        std::find_first_of(named.begin(), named.end(), takers.begin(), takers.end());
    answers[candidate].matched = false;
    answers[candidate].reason = "unless: " + state_->routes[*winner].name + " took it";
  }
  return answers;
}

}  // namespace veltrix
