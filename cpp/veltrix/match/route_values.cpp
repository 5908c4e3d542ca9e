// The second half of routing: priorities and keys of the routes that take an event.

#include <algorithm>

#include "veltrix/cel/operations.hpp"
#include "veltrix/match/route_table_state.hpp"

namespace veltrix {
namespace {

std::uint8_t inherit(std::uint8_t event, std::uint8_t source, std::uint8_t queue) noexcept {
  if (event != kNoPriority) return event;
  return source != kNoPriority ? source : queue;
}

std::uint8_t priority_of(const TargetPlan& target, std::uint8_t event,
                         std::uint8_t source) noexcept {
  if (!target.inherits) return target.floor;
  return std::max(target.floor, inherit(event, source, target.queue_priority));
}

bool is_priority(const cel::Value& value) noexcept {
  return value.kind == cel::Kind::kInt && value.integer >= 0 && value.integer < kPriorities;
}

bool is_key(const cel::Value& value) noexcept {
  return value.kind != cel::Kind::kNull && value.kind != cel::Kind::kError;
}

}  // namespace

cel::Value RouteTable::State::evaluate(cel::ExpressionId expression, const Reading& reading) const {
  RouteScratch& scratch = reading.scratch;
  if (!scratch.begun) {
    scratch.frame.begin(expressions, reading.event, reading.type);
    scratch.begun = true;
  }
  return expressions.evaluate(expression, scratch.frame);
}

bool RouteTable::State::read_text(const RouteKey& key, const Reading& reading,
                                  cel::Reason& why) const {
  std::string& text = reading.scratch.key_text;
  if (!key.is_computed()) {
    return reading.scratch.reader.read(key.path, reading.event, reading.type, text);
  }
  const cel::Value value = evaluate(key.expression, reading);
  if (!is_key(value)) {
    if (value.is_error()) why = value.reason;
    return false;
  }
  text.clear();
  cel::append_text(value, text);
  return true;
}

RouteScratch::Key RouteTable::State::read_key(std::uint32_t number, const Reading& reading) const {
  RouteScratch::Key key;
  key.read = true;
  if (number != kPartitionKeyOnly) {
    if (read_text(keys[number], reading, key.why)) {
      key.hash = hash128(reading.scratch.key_text, key_seed);
      return key;
    }
    key.missing = true;
  }
  if ((reading.event.slot().flags & kHasPartitionKey) != 0) {
    key.hash = hash128(reading.event.get(Attribute::kPartitionKey), key_seed);
  }
  return key;
}

void RouteTable::State::note_missing_key(std::uint32_t route, std::uint32_t number, cel::Reason why,
                                         const Reading& reading) const {
  RouteScratch& scratch = reading.scratch;
  scratch.count(route, RouteCount::kKeyMissing);
  if (scratch.tallies == nullptr) return;
  if (!is_first(route, RouteUse::kKey, cel::Value::error(why))) return;
  const RouteKey& key = keys[number];
  if (key.is_computed()) {  // once more, for its text: this time only
    const cel::Value value = evaluate(key.expression, reading);
    scratch.firsts.push_back(spell({route, RouteUse::kKey, key.expression}, value));
  } else {
    scratch.firsts.push_back(place_of(route, RouteUse::kKey) + key.path.text +
                             " is missing or null");
  }
}

std::uint8_t RouteTable::State::priority_of(const Candidate& candidate, std::uint8_t inherited,
                                            const Reading& reading) const {
  const RouteRule& rule = candidate.rule;
  if (rule.computed_priority == kNoExpression) {
    return rule.priority != kNoPriority ? rule.priority : inherited;
  }
  const cel::Value value = evaluate(rule.computed_priority, reading);
  if (is_priority(value)) return static_cast<std::uint8_t>(value.integer);
  reading.scratch.count(candidate.route, RouteCount::kPriorityMissing);
  tell({candidate.route, RouteUse::kPriority, rule.computed_priority}, value, reading.scratch);
  return inherited;
}

void RouteTable::State::fill_conditional(const TypePlan& plan, std::uint8_t source_priority,
                                         const Reading& reading) const {
  RouteScratch& scratch = reading.scratch;
  const std::uint8_t event_priority = reading.event.slot().priority;
  scratch.keys.assign(plan.keys.size(), {});
  bool missing = false;
  for (const std::uint32_t at : plan.by_queue) {
    if (scratch.taken[at] == 0) continue;
    const Candidate& candidate = plan.candidates[at];
    const RouteRule& rule = candidate.rule;
    const std::uint8_t priority = priority_of(
        candidate, inherit(event_priority, source_priority, rule.queue_priority), reading);
    if (!scratch.targets.empty() && scratch.targets.back().queue == rule.queue) {
      Target& target = scratch.targets.back();
      target.priority = std::max(target.priority, priority);
      continue;
    }
    if (candidate.key == kUnkeyed) {
      scratch.targets.push_back({rule.queue, priority, false, {}});
      continue;
    }
    RouteScratch::Key& key = scratch.keys[candidate.key];
    if (!key.read) key = read_key(rule.key, reading);
    if (key.missing) note_missing_key(candidate.route, rule.key, key.why, reading);
    missing = missing || key.missing;
    scratch.targets.push_back({rule.queue, priority, key.missing, key.hash});
  }
  if (missing) ++scratch.key_missing;
}

void RouteTable::State::fill_plain(const TypePlan& plan, std::uint8_t source_priority,
                                   const Reading& reading) const {
  RouteScratch& scratch = reading.scratch;
  // Most plans need one key: it stays in registers.
  RouteScratch::Key first;
  bool missing = false;
  if (!plan.keys.empty()) {
    first = read_key(plan.keys[0], reading);
    missing = first.missing;
  }
  if (plan.keys.size() > 1) {
    scratch.keys.assign(1, first);
    for (std::size_t i = 1; i < plan.keys.size(); ++i) {
      scratch.keys.push_back(read_key(plan.keys[i], reading));
      missing = missing || scratch.keys.back().missing;
    }
  }
  if (missing) ++scratch.key_missing;
  for (const std::uint32_t route : plan.takers) scratch.count(route, RouteCount::kMatched);
  for (const TargetPlan& target : plan.targets) {
    const std::uint8_t priority =
        veltrix::priority_of(target, reading.event.slot().priority, source_priority);
    if (target.key == kUnkeyed) {
      scratch.targets.push_back({target.queue, priority, false, {}});
      continue;
    }
    const RouteScratch::Key& key = target.key == 0 ? first : scratch.keys[target.key];
    if (key.missing) note_missing_key(target.route, plan.keys[target.key], key.why, reading);
    scratch.targets.push_back({target.queue, priority, key.missing, key.hash});
  }
}

void RouteTable::fill(const TypePlan& plan, const EventView& event, std::string_view type_text,
                      std::uint8_t source_priority, RouteScratch& scratch) const {
  scratch.targets.clear();
  const State::Reading reading{event, type_text_of(event, type_text), scratch};
  if (plan.is_conditional()) {
    state_->fill_conditional(plan, source_priority, reading);
  } else {
    scratch.begun = false;
    state_->fill_plain(plan, source_priority, reading);
  }
}

Hash128 RouteTable::repetition(std::uint16_t queue, const EventView& event,
                               std::string_view type_text, RouteScratch& scratch) const {
  const State::Reading reading{event, type_text_of(event, type_text), scratch};
  std::string& all = scratch.parts;
  all.clear();
  for (const std::uint32_t number : state_->repeats[queue]) {
    cel::Reason unsaid{};
    if (!state_->read_text(state_->keys[number], reading, unsaid)) return {};
    all += std::to_string(scratch.key_text.size());
    all += ':';  // so that ("ab", "c") and ("a", "bc") part ways
    all += scratch.key_text;
  }
  return hash128(all, state_->key_seed);
}

}  // namespace veltrix
