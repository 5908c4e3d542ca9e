#pragma once
// Route tables and their answers for the tests of this room, in a line each.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/match/route_table.hpp"

#include "cpp/match/slots.hpp"

namespace veltrix {

inline constexpr std::uint64_t kRouteSeed = 11;

inline RouteOptions route_of(std::string name, std::string to, std::string where = "") {
  RouteOptions options;
  options.name = std::move(name);
  options.type = {"**"};
  options.to = std::move(to);
  options.where = std::move(where);
  return options;
}

inline std::vector<QueueRouting> three_queues() {
  return {{"scores", 4, true, {}}, {"board", 2, true, {}}, {"archive", 0, false, {}}};
}

/// A table, and one thread's way of asking it.
struct Routing {
  explicit Routing(const std::vector<RouteOptions>& routes,
                   const std::vector<QueueRouting>& queues = three_queues()) {
    auto compiled = RouteTable::compile(routes, queues, kRouteSeed);
    if (!compiled) throw std::runtime_error(compiled.error().message);
    table = std::move(*compiled);
    scratch = table->open_scratch();
  }

  Selection route(const EventFields& fields, std::uint8_t source_priority = kNoPriority) {
    const OwnedSlot slot = make_slot(fields);
    return table->route(EventView(*slot), fields.type, source_priority, scratch);
  }
  Selection route(std::string_view data) { return route(json_fields(data)); }

  /// The queues that take the event, in order.
  std::vector<int> queues_for(std::string_view data) {
    std::vector<int> queues;
    route(data);
    for (const Target& target : scratch.targets) queues.push_back(target.queue);
    return queues;
  }
  std::uint64_t count(std::uint32_t number, RouteCount what) const {
    return scratch.tallies[number].get(what);
  }

  static EventFields json_fields(std::string_view data) {
    EventFields fields = named_event();
    fields.data_kind = DataKind::kJson;
    fields.data = data;
    return fields;
  }

  std::unique_ptr<RouteTable> table;
  RouteScratch scratch;
};

}  // namespace veltrix
