#include "simulation/event_maker.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "veltrix/event/event_fields.hpp"

namespace veltrix::simulation {

namespace {

constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::uint64_t kTotalKey = 0xFFFF;
constexpr std::size_t kHashWords = 2;
constexpr std::string_view kWhy = "division by zero";  // of a condition
constexpr std::size_t kPerBlock = 3;  // deliveries in a companion block
constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15ULL;

/// Hashes of few low words, so that probing meets collisions; the high word tells them apart.
Hash128 crowded_hash(std::uint64_t value) { return {(value % 5 + 1) * kOdd, value * kOdd}; }

std::vector<std::uint16_t> some_queues(Dice& dice, std::size_t among, std::uint64_t most) {
  std::set<std::uint16_t> chosen;
  const std::uint64_t count = 1 + dice.below(most);
  for (std::uint64_t i = 0; i < count; ++i) {
    chosen.insert(static_cast<std::uint16_t>(dice.below(among)));
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace

EventMaker::EventMaker(const Scenario& scenario, Slab& slab)
    : scenario_(scenario),
      cache_(slab.open_cache()),
      dice_(scenario.seed ^ 0xE7),
      conditions_(scenario.conditions, scenario.queues) {
  for (std::uint16_t queue = 0; queue < scenario.queues.size(); ++queue) {
    if (scenario.queues[queue].options.dedup_window > 0) with_window_.push_back(queue);
  }
}

/// Where it goes, by the conditions if there are any: the core must say the same.
std::vector<std::uint16_t> EventMaker::draw_queues(Event& event) {
  if (scenario_.conditions.empty()) {
    return some_queues(dice_, scenario_.queues.size(), scenario_.door.fan_out);
  }
  std::optional<std::int64_t> number;
  if (dice_.chance(0.9)) number = dice_.between(-3, 12);
  const std::string data = number ? "{\"n\":" + std::to_string(*number) + "}" : "{}";
  const ConditionModel::Verdict verdict = conditions_.judge(number);
  EventFields fields;
  fields.source = "/simulation";
  fields.type = "simulated";
  fields.data_kind = DataKind::kJson;
  fields.data = data;
  conditions_.check(fields, verdict);
  event.filter_error = verdict.failed;
  event.filtered = verdict.queues.empty() && !verdict.failed;
  return verdict.queues;
}

Target EventMaker::draw_target(std::uint16_t queue, std::int64_t now) {
  const QueueOptions& options = scenario_.queues[queue].options;
  const DoorTraits& door = scenario_.door;
  Target target;
  target.queue = queue;
  target.priority = options.priority;
  if (door.priorities == 10 && dice_.chance(0.5)) {
    target.priority = static_cast<std::uint8_t>(dice_.below(10));
  } else if (door.priorities == 3) {
    target.priority = dice_.one_of<std::uint8_t>({0, 4, 9});
  }
  if (options.order == Order::kTotal) target.key = kTotalKey;
  if (options.order == Order::kKey && dice_.chance(door.keyed)) {
    target.key = 1 + dice_.below(door.keys);
  }
  if (dice_.chance(door.delayed)) {
    const bool far = dice_.chance(0.02);
    target.due = now - 1'000 + dice_.spread(1, far ? 20 * kDay : 20 * kMillisecond);
  }
  if (options.dedup_window > 0 && dice_.chance(0.8)) target.repeat = 1 + dice_.below(door.repeats);
  return target;
}

/// New, or one that has been used before, as a rule with the same content.
void EventMaker::draw_id(Event& event) {
  const DoorTraits& door = scenario_.door;
  event.content = event.id = event.number;
  if (!dice_.chance(event.follow_up ? 0.5 : door.given)) return;
  event.given = true;
  const std::size_t near = std::min<std::size_t>(used_ids_.size(), dice_.one_of({3U, 40U, 400U}));
  if (door.ids != 0) {
    event.id = 1 + dice_.below(door.ids);
  } else if (near != 0 && dice_.chance(event.follow_up ? door.again : door.duplicates)) {
    event.id = used_ids_[used_ids_.size() - 1 - dice_.below(near)];
  }
  if (!dice_.chance(door.conflicts)) event.content = event.id;
  used_ids_.push_back(event.id);
}

void EventMaker::draw_times(Event& event, std::int64_t now) {
  const DoorTraits& door = scenario_.door;
  const std::int64_t due = event.targets.empty() ? 0 : event.targets.front().due;
  event.published = due != 0 ? due : now;
  event.has_time = dice_.chance(door.timed);
  if (event.has_time) {
    const std::int64_t back = dice_.between(0, door.disorder);
    event.time = door.epoch + (now - back) / door.grain * door.grain;
  }
  if (dice_.chance(door.expiring)) {
    event.expires = now - kMillisecond + dice_.spread(1, 50 * kMillisecond);
  }
}

Event EventMaker::draw(std::int64_t now) {
  const DoorTraits& door = scenario_.door;
  Event event;
  event.number = next_number_++;
  event.unmatched = dice_.chance(door.unmatched);
  draw_id(event);
  if (event.unmatched) return event;
  for (const auto queue : draw_queues(event)) event.targets.push_back(draw_target(queue, now));
  if (event.targets.empty()) return event;
  const std::int64_t due = event.targets.front().due;  // one time for the whole event
  for (Target& target : event.targets) target.due = due;
  draw_times(event, now);
  return event;
}

Event EventMaker::draw_follow_up(const Event& parent, std::uint16_t queue, std::int64_t now) {
  Event event;
  event.number = next_number_++;
  event.hops = parent.hops + 1;
  event.follow_up = true;
  draw_id(event);
  const auto& targets = scenario_.handlers[queue].targets;
  event.unmatched = targets.empty() || dice_.chance(scenario_.door.unmatched);
  if (event.unmatched) return event;
  event.targets.push_back(draw_target(targets[dice_.below(targets.size())], now));
  draw_times(event, now);
  return event;
}

Event EventMaker::draw_again(const Event& first, std::size_t place, std::int64_t now) {
  Event event = first;
  event.number = next_number_++;
  event.redriven = true;
  event.given = false;
  event.follow_up = false;
  event.expires = INT64_MAX;
  event.published = now;
  event.targets = {first.targets[place]};
  event.targets.front().due = 0;
  event.targets.front().turned_away = false;
  return event;
}

Slot* EventMaker::build(Event& event) {
  static const std::string payload(20'000, 'x');
  const std::string id = id_text(event);
  EventFields fields;
  fields.id = id;
  fields.source = "/simulation";
  fields.type = "simulated";
  fields.given_id = event.given;
  fields.hops = static_cast<std::uint8_t>(event.hops);
  fields.data_kind = DataKind::kBytes;
  const bool large = dice_.chance(scenario_.door.large);
  fields.data = std::string_view(payload).substr(
      0, static_cast<std::size_t>(large ? dice_.spread(1, 20'000) : dice_.between(0, 60)));
  fields.has_time = event.has_time;
  fields.time = Timestamp::from_wall_ns(event.time);
  fields.time.offset_minutes = static_cast<std::int16_t>(dice_.between(-60, 60));
  const bool expires = event.expires != INT64_MAX;
  if (!event.redriven) {
    fields.tail_words =
        static_cast<std::uint32_t>((expires ? 1 : 0) + kHashWords * with_window_.size());
  }
  if (event.filter_error) fields.tail_words = Slot::words_of_tail_text(kWhy.size());
  Slot& slot = *build_slot(scenario_.door.heap ? nullptr : cache_, fields).value();
  slot.published_ns = event.published;
  slot.sequence = event.content;
  if (event.filter_error) {
    slot.set_tail_text(kWhy);
  } else if (fields.tail_words != 0) {
    fill_tail(slot, event);
  }
  event.bytes = slot.charged_bytes();
  make_deliveries(slot, event);
  if (event.filter_error) slot.state.store(SlotState::kFiltered, std::memory_order_relaxed);
  if (event.unmatched) slot.state.store(SlotState::kUnmatched, std::memory_order_relaxed);
  return &slot;
}

void EventMaker::fill_tail(Slot& slot, const Event& event) const {
  std::uint64_t* word = slot.tail();
  if (event.expires != INT64_MAX) {
    slot.flags |= kExpires;
    *word++ = static_cast<std::uint64_t>(event.expires);
  }
  for (const std::uint16_t queue : with_window_) {
    Hash128 hash;
    for (const Target& target : event.targets) {
      if (target.queue == queue && target.repeat != 0) hash = crowded_hash(target.repeat);
    }
    *word++ = hash.low;
    *word++ = hash.high;
  }
}

void EventMaker::make_deliveries(Slot& slot, const Event& event) {
  Delivery* delivery = new (slot.first_delivery) Delivery();
  delivery->slot = &slot;
  if (event.given) delivery->id_hash = crowded_hash(event.id);
  for (std::size_t i = 0; i < event.targets.size(); ++i) {
    if (i != 0) delivery = &add_delivery(slot, i, *delivery);
    const Target& target = event.targets[i];
    delivery->queue = target.queue;
    delivery->priority = target.priority;
    if (target.key != 0) delivery->key = crowded_hash(target.key);
    delivery->ready_ns = target.due;
    delivery->follow_up = event.follow_up;
  }
}

Delivery& EventMaker::add_delivery(Slot& slot, std::size_t index, Delivery& previous) {
  const std::size_t line = (index - 1) % kPerBlock;
  if (line == 0) {
    Slot* block = take_block();
    block->next = slot.next;
    slot.next = block;
  }
  auto* delivery = new (slot.next->first_delivery + line * kCacheLine) Delivery();
  delivery->slot = &slot;
  previous.sibling = delivery;
  return *delivery;
}

Slot* EventMaker::take_block() {
  return scenario_.door.heap ? new_heap_slot(kSlotClassBytes[0]) : cache_->take(0);
}

std::string id_text(const Event& event) { return "e" + std::to_string(event.id); }

std::vector<Delivery*> deliveries_of(Slot& slot) {
  std::vector<Delivery*> all;
  if (is_untaken(slot.state.load(std::memory_order_relaxed))) return all;
  for (Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) all.push_back(d);
  return all;
}

}  // namespace veltrix::simulation
