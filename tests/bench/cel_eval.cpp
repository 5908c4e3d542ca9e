// What a condition costs, in nanoseconds. SIZE: evaluations of each side per round.
//
// "payload": a frame begins with an event that nobody has looked at, and `data.amount > 900` is
// asked; once with flat payloads of some 120 bytes, once with nested ones of some 240. Beside it
// the same question to simdjson's on-demand parser, written by hand for this one path.
// "predicate": the same comparison, with one constant of many, on a member that is known already;
// beside it the comparison in C++. "attribute": `event.type == …` of events in slots.
// Each side counts what it lets through, and all must agree.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <simdjson.h>

#include "veltrix/cel/expression_set.hpp"
#include "veltrix/event/event_fields.hpp"

#include "bench/report.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t kEvents = 64;  // all of them stay in the first cache
constexpr int kPredicates = 64;

struct Release {
  void operator()(Slot* slot) const noexcept { release(slot); }
};
using OwnedSlot = std::unique_ptr<Slot, Release>;

std::string amount_of(std::size_t i) {
  return std::to_string((i * 37) % 1'000) + (i % 2 == 0 ? ".25" : "");
}

std::string flat(std::size_t i) {
  return R"({"order":"o-)" + std::to_string(10'000 + i) +
         R"(","customer":"Ada Lovelace","country":"gb","items":3,"amount":)" + amount_of(i) +
         R"(,"currency":"EUR","express":false})";
}

std::string nested(std::size_t i) {
  return R"({"order":{"id":"o-)" + std::to_string(10'000 + i) +
         R"(","customer":{"name":"Ada Lovelace","country":"gb"}},"items":[{"sku":"a-1","amount":1},)" +
         R"({"sku":"b-2","amount":2}],"amount":)" + amount_of(i) +
         R"(,"currency":"EUR","express":false,"note":"leave it with the neighbours, please"})";
}

std::vector<OwnedSlot> slots(std::string (*payload)(std::size_t)) {
  std::vector<OwnedSlot> out;
  for (std::size_t i = 0; i < kEvents; ++i) {
    const std::string data = payload(i);
    EventFields fields;
    fields.id = "7";
    fields.source = "/shop";
    fields.type = i % 4 == 0 ? "order.paid" : "order.sent";
    fields.data_kind = DataKind::kJson;
    fields.data = data;
    out.emplace_back(build_slot(nullptr, fields).value());
  }
  return out;
}

cel::ExpressionSet set_of(const std::vector<std::string>& texts) {
  cel::ExpressionSet::Builder builder;
  for (const std::string& text : texts) {
    const auto ast = cel::parse(text);
    require(ast.has_value(), text);
    builder.add(*ast);
  }
  return std::move(builder).build();
}

/// Nanoseconds per call of `once(i)`, which says whether it let something through.
template <class Once>
double timed(std::uint64_t size, std::uint64_t expected, Once once) {
  std::uint64_t hits = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < size; ++i) hits += once(i) ? 1 : 0;
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  require(hits == expected, std::to_string(hits) + " of " + std::to_string(expected) + " passed");
  return took.count() / static_cast<double>(size);
}

double over_slots(std::uint64_t size, const std::vector<OwnedSlot>& events, const std::string& text,
                  std::uint64_t expected) {
  const cel::ExpressionSet set = set_of({text});
  cel::Frame frame;
  return timed(size, expected, [&](std::uint64_t i) {
    frame.begin(set, EventView(*events[i % kEvents]), {});
    return set.test(0, frame) == cel::Verdict::kTrue;
  });
}

double simdjson_on_demand(std::uint64_t size, const std::vector<OwnedSlot>& events,
                          std::uint64_t expected) {
  ondemand::parser parser;
  require(!parser.allocate(4'096), "no memory");
  return timed(size, expected, [&](std::uint64_t i) {
    const std::string_view data = events[i % kEvents]->data();
    ondemand::document document;
    double amount = 0;
    if (parser.iterate(data.data(), data.size(), data.size() + kJsonPadding).get(document)) {
      return false;
    }
    return !document["amount"].get_double().get(amount) && amount > 900;
  });
}

std::uint64_t above_900(std::uint64_t size) {
  std::uint64_t hits = 0;
  for (std::uint64_t i = 0; i < size; ++i) hits += std::stod(amount_of(i % kEvents)) > 900 ? 1 : 0;
  return hits;
}

std::uint64_t predicates_passed(std::uint64_t size) {
  return size / kPredicates * (kPredicates / 2) +
         std::min<std::uint64_t>(size % kPredicates, kPredicates / 2);
}

/// 64 comparisons with different constants, of which the first half holds.
double predicate(std::uint64_t size, const std::vector<OwnedSlot>& events) {
  std::vector<std::string> texts;
  for (int i = 0; i < kPredicates; ++i) {
    texts.push_back("data.items > " + std::to_string(i - kPredicates / 2 + 3));
  }
  const cel::ExpressionSet set = set_of(texts);
  cel::Frame frame;
  frame.begin(set, EventView(*events[0]), {});
  return timed(size, predicates_passed(size), [&](std::uint64_t i) {
    return set.test(static_cast<cel::ExpressionId>(i % kPredicates), frame) == cel::Verdict::kTrue;
  });
}

double comparison(std::uint64_t size) {
  std::vector<std::int64_t> constants;
  for (int i = 0; i < kPredicates; ++i) constants.push_back(i - kPredicates / 2 + 3);
  const volatile std::int64_t items = 3;
  return timed(size, predicates_passed(size),
               [&](std::uint64_t i) { return items > constants[i % kPredicates]; });
}

std::vector<Side> sides(std::uint64_t size) {
  const auto small = std::make_shared<std::vector<OwnedSlot>>(slots(flat));
  const auto large = std::make_shared<std::vector<OwnedSlot>>(slots(nested));
  const std::uint64_t hits = above_900(size);
  const std::string condition = "data.amount > 900";
  return {
      [=](Report& r) { r.add("flat payload", over_slots(size, *small, condition, hits)); },
      [=](Report& r) { r.add("flat, simdjson", simdjson_on_demand(size, *small, hits)); },
      [=](Report& r) { r.add("nested payload", over_slots(size, *large, condition, hits)); },
      [=](Report& r) { r.add("nested, simdjson", simdjson_on_demand(size, *large, hits)); },
      [=](Report& r) { r.add("predicate", predicate(size, *small)); },
      [=](Report& r) { r.add("comparison in C++", comparison(size)); },
      [=](Report& r) {
        const std::uint64_t paid = size / 4 + (size % 4 != 0 ? 1 : 0);
        r.add("attribute", over_slots(size, *small, "event.type == 'order.paid'", paid));
      },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
