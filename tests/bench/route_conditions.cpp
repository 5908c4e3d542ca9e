// What routing costs an event that one route takes, where each route has a type and a condition of
// its own: 10 routes and 1,000. Routed before there is a slot, as the door does it; "no": the
// condition says no, and the event ends here. SIZE: events.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/event/event_fields.hpp"
#include "veltrix/match/route_table.hpp"

#include "bench/report.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::uint32_t kTypeId = 7;

std::unique_ptr<RouteTable> table_of(int routes) {
  std::vector<RouteOptions> options;
  for (int i = 0; i < routes; ++i) {
    RouteOptions& route = options.emplace_back();
    const std::string number = std::to_string(i);
    route.name = "route" + number;
    route.type = {"shop" + number + ".*"};
    route.where = "data.amount" + number + " > " + std::to_string(900 + i);
    route.to = "orders";
  }
  auto table = RouteTable::compile(options, {{"orders", kDefaultPriority, true, {}}}, 1);
  require(table.has_value(), table ? "" : table.error().message);
  return std::move(*table);
}

/// A payload of about 250 bytes with the member of one route.
std::string payload_of(int route, int amount) {
  return R"({"customer":"c-81723","currency":"EUR","items":[{"sku":"A-17","count":2},)"
         R"({"sku":"B-4","count":1}],"note":"leave at the door, ring twice","amount)" +
         std::to_string(route) + "\":" + std::to_string(amount) +
         R"(,"address":{"city":"Oslo","zip":"0150"},"express":false,"coupon":null})";
}

double ns_per_event(int routes, int amount, std::uint64_t events) {
  const std::unique_ptr<RouteTable> table = table_of(routes);
  RouteScratch scratch = table->open_scratch();
  const int mine = routes / 2;
  const std::string type = "shop" + std::to_string(mine) + ".paid";
  const std::string data = payload_of(mine, amount);
  EventFields fields;
  fields.source = "/shop";
  fields.type = type;
  fields.type_id = kTypeId;
  fields.data_kind = DataKind::kJson;
  fields.data = data;
  const Selection expected = amount > 900 + mine ? Selection::kTaken : Selection::kFiltered;
  const std::int64_t begin = steady_ns();
  for (std::uint64_t i = 0; i < events; ++i) {
    const TypePlan& plan = table->plan_of(fields.type_id, fields.type);
    require(table->select(plan, fields, scratch) == expected, "the wrong routes took the event");
  }
  const auto took = static_cast<double>(steady_ns() - begin);
  const auto what = expected == Selection::kTaken ? RouteCount::kMatched : RouteCount::kFiltered;
  require(scratch.tallies[static_cast<std::size_t>(mine)].get(what) == events, "counted wrongly");
  return took / static_cast<double>(events);
}

std::vector<Side> sides(std::uint64_t events) {
  std::vector<Side> all;
  for (const int routes : {10, 1'000}) {
    const std::string name = std::to_string(routes) + " routes";
    all.push_back([=](Report& r) { r.add(name, ns_per_event(routes, 5'000, events)); });
    all.push_back([=](Report& r) { r.add(name + ", no", ns_per_event(routes, 5, events)); });
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
