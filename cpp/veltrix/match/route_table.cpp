#include "veltrix/match/route_table.hpp"

#include <utility>

#include "veltrix/cel/operations.hpp"
#include "veltrix/match/route_table_state.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kBitsOfUse = 16;  // reasons, and one for a value of the wrong kind
constexpr std::size_t kWrongKind = kBitsOfUse - 1;

std::vector<std::uint16_t> queues_of(const std::vector<RouteRule>& rules) {
  std::vector<std::uint16_t> queues;
  for (const RouteRule& rule : rules) queues.push_back(rule.queue);
  return queues;
}

}  // namespace

RouteTable::State::State(CompiledRoutes compiled, std::uint64_t seed)
    : routes(std::move(compiled.routes)),
      keys(std::move(compiled.keys)),
      repeats(std::move(compiled.repeats)),
      expressions(std::move(compiled.expressions)),
      warnings(std::move(compiled.warnings)),
      queue_of(queues_of(compiled.rules)),
      plans(std::move(compiled.index), std::move(compiled.order), std::move(compiled.rules)),
      key_seed(seed),
      told(std::make_unique<std::atomic<std::uint64_t>[]>(routes.size())) {}

std::string RouteTable::State::place_of(std::uint32_t route, RouteUse use) const {
  static constexpr const char* kOptions[] = {"where", "key", "priority"};
  return "route \"" + routes[route].name + "\": " + kOptions[static_cast<std::size_t>(use)] + ": ";
}

std::string RouteTable::State::spell(const Trouble& trouble, const cel::Value& value) const {
  static constexpr const char* kWanted[] = {"true or false", "a key", "an int in 0 ... 9"};
  std::string text = place_of(trouble.route, trouble.use);
  if (value.is_error()) return text + expressions.describe(trouble.expression, value);
  std::string given;
  cel::append_text(value, given);
  text += "it gives " + in_quotes(given) + " (" + std::string(cel::name_of(value.kind));
  return text + "), not " + kWanted[static_cast<std::size_t>(trouble.use)];
}

bool RouteTable::State::is_first(std::uint32_t route, RouteUse use, const cel::Value& value) const {
  const std::size_t reason = value.is_error() ? static_cast<std::size_t>(value.reason) : kWrongKind;
  const std::uint64_t bit = std::uint64_t{1}
                            << (static_cast<std::size_t>(use) * kBitsOfUse + reason);
  // relaxed: the bit says nothing about other memory; of two who set it one sees it clear
  if ((told[route].load(std::memory_order_relaxed) & bit) != 0) return false;
  return (told[route].fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
}

void RouteTable::State::tell(const Trouble& trouble, const cel::Value& value,
                             RouteScratch& scratch) const {
  if (scratch.tallies == nullptr || !is_first(trouble.route, trouble.use, value)) return;
  scratch.firsts.push_back(spell(trouble, value));
}

RouteTable::RouteTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
RouteTable::~RouteTable() = default;

Result<std::unique_ptr<RouteTable>> RouteTable::compile(const std::vector<RouteOptions>& routes,
                                                        const std::vector<QueueRouting>& queues,
                                                        std::uint64_t key_seed) {
  auto compiled = compile_routes(routes, queues);
  if (!compiled) return tl::make_unexpected(std::move(compiled.error()));
  auto state = std::make_unique<State>(std::move(*compiled), key_seed);
  for (const QueueRouting& queue : queues) state->queues.push_back(queue.name);
  return std::unique_ptr<RouteTable>(new RouteTable(std::move(state)));
}

const std::vector<std::string>& RouteTable::warnings() const noexcept { return state_->warnings; }

const std::string& RouteTable::name_of(std::uint32_t route) const noexcept {
  return state_->routes[route].name;
}

std::size_t RouteTable::size() const noexcept { return state_->routes.size(); }

RouteScratch RouteTable::open_scratch() const {
  RouteScratch scratch;
  scratch.tallies = std::make_unique<RouteTally[]>(size());
  return scratch;
}

const TypePlan& RouteTable::plan_of(std::uint32_t type_id, std::string_view type_text) const {
  return state_->plan_of(type_id, type_text);
}

Selection RouteTable::route(const EventView& event, std::string_view type_text,
                            std::uint8_t source_priority, RouteScratch& scratch) const {
  const TypePlan& plan = plan_of(event.slot().type, type_text_of(event, type_text));
  scratch.targets.clear();
  if (plan.is_conditional()) {
    const Selection selection = select(plan, event, type_text, scratch);
    if (selection != Selection::kTaken) return selection;
  }
  fill(plan, event, type_text, source_priority, scratch);
  return Selection::kTaken;
}

}  // namespace veltrix
