#pragma once
// The inside of a RouteTable, shared by the files that implement it. Immutable, but for the plans
// that are made when a type is first seen and the marks of what has been told.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/match/route_compiler.hpp"
#include "veltrix/match/route_table.hpp"

namespace veltrix {

enum class RouteUse : std::uint8_t { kWhere, kKey, kPriority };

/// An expression that did not give what its route needs.
struct Trouble {
  std::uint32_t route;
  RouteUse use;
  cel::ExpressionId expression;
};

struct RouteTable::State {
  State(CompiledRoutes compiled, std::uint64_t seed);

  /// An event that is routed: where it is, and the frame for what must be computed of it.
  struct Reading {
    const EventView& event;
    std::string_view type;
    RouteScratch& scratch;
  };

  // route_selection.cpp
  Selection ask(const TypePlan& plan, RouteScratch& scratch) const;
  RouteCount say_no(const Candidate& candidate, const cel::Value& value,
                    RouteScratch& scratch) const;

  // route_explanation.cpp
  std::vector<std::uint32_t> explain_types(std::string_view type,
                                           std::vector<Answer>& answers) const;
  std::vector<std::uint32_t> explain_conditions(const TypePlan& plan, RouteScratch& scratch,
                                                std::vector<Answer>& answers) const;

  // route_values.cpp
  void fill_conditional(const TypePlan& plan, std::uint8_t source_priority,
                        const Reading& reading) const;
  void fill_plain(const TypePlan& plan, std::uint8_t source_priority, const Reading& reading) const;
  std::uint8_t priority_of(const Candidate& candidate, std::uint8_t inherited,
                           const Reading& reading) const;
  RouteScratch::Key read_key(std::uint32_t number, const Reading& reading) const;
  bool read_text(const RouteKey& key, const Reading& reading, cel::Reason& why) const;
  void note_missing_key(std::uint32_t route, std::uint32_t number, cel::Reason why,
                        const Reading& reading) const;
  cel::Value evaluate(cel::ExpressionId expression, const Reading& reading) const;

  /// For people: `route "score": where: data.a / data.n: division by zero (column 8)`.
  std::string spell(const Trouble& trouble, const cel::Value& value) const;
  /// Into scratch.firsts, if the route has not met this before.
  void tell(const Trouble& trouble, const cel::Value& value, RouteScratch& scratch) const;
  bool is_first(std::uint32_t route, RouteUse use, const cel::Value& value) const;
  std::string place_of(std::uint32_t route, RouteUse use) const;

  const TypePlan& plan_of(std::uint32_t type_id, std::string_view type) {
    const TypePlan* plan = plans.find(type_id);
    return plan != nullptr ? *plan : plans.add(type_id, type);
  }

  std::vector<NamedRoute> routes;
  std::vector<RouteKey> keys;
  std::vector<std::vector<std::uint32_t>> repeats;  // by queue
  cel::ExpressionSet expressions;
  std::vector<std::string> warnings;
  std::vector<std::string> queues;      // their names
  std::vector<std::uint16_t> queue_of;  // by route
  TypePlans plans;
  std::uint64_t key_seed;
  std::unique_ptr<std::atomic<std::uint64_t>[]> told;  // by route: a bit per use and reason
};

/// The type's text: among the attributes when the type is not interned.
inline std::string_view type_text_of(const EventView& event, std::string_view type_text) {
  return event.slot().type == kNoType ? event.get(Attribute::kType) : type_text;
}

}  // namespace veltrix
