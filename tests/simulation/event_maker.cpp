#include "simulation/event_maker.hpp"

#include <algorithm>
#include <set>

#include "veltrix/event/event_fields.hpp"

namespace veltrix::simulation {

namespace {

constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::uint64_t kTotalKey = 0xFFFF;
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
    : scenario_(scenario), cache_(slab.open_cache()), dice_(scenario.seed ^ 0xE7) {}

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
  return target;
}

Event EventMaker::draw(std::int64_t now) {
  const DoorTraits& door = scenario_.door;
  Event event;
  event.number = next_number_++;
  event.unmatched = dice_.chance(door.unmatched);
  if (dice_.chance(door.given)) {
    const std::size_t near = std::min<std::size_t>(used_ids_.size(), dice_.one_of({3U, 40U, 400U}));
    const bool again = near != 0 && dice_.chance(door.duplicates);
    event.id = again ? used_ids_[used_ids_.size() - 1 - dice_.below(near)] : event.number;
    used_ids_.push_back(event.id);
  }
  if (event.unmatched) return event;
  for (const auto queue : some_queues(dice_, scenario_.queues.size(), door.fan_out)) {
    event.targets.push_back(draw_target(queue, now));
  }
  const std::int64_t due = event.targets.front().due;  // one time for the whole event
  for (Target& target : event.targets) target.due = due;
  return event;
}

Event EventMaker::draw_follow_up(const Event& parent, std::uint16_t queue, std::int64_t now) {
  Event event;
  event.number = next_number_++;
  event.hops = parent.hops + 1;
  event.follow_up = true;
  event.id = dice_.chance(0.5) ? event.number : 0;
  const auto& targets = scenario_.handlers[queue].targets;
  event.unmatched = targets.empty() || dice_.chance(scenario_.door.unmatched);
  if (event.unmatched) return event;
  event.targets.push_back(draw_target(targets[dice_.below(targets.size())], now));
  return event;
}

Slot* EventMaker::build(Event& event, std::int64_t now) {
  static const std::string payload(20'000, 'x');
  const std::string id = "e" + std::to_string(event.id != 0 ? event.id : event.number);
  EventFields fields;
  fields.id = id;
  fields.source = "/simulation";
  fields.type = "simulated";
  fields.given_id = event.id != 0;
  fields.hops = static_cast<std::uint8_t>(event.hops);
  fields.data_kind = DataKind::kBytes;
  const bool large = dice_.chance(scenario_.door.large);
  fields.data = std::string_view(payload).substr(
      0, static_cast<std::size_t>(large ? dice_.spread(1, 20'000) : dice_.between(0, 60)));
  Slot& slot = *build_slot(scenario_.door.heap ? nullptr : cache_, fields).value();
  slot.published_ns = now;
  event.bytes = slot.charged_bytes();
  make_deliveries(slot, event);
  if (event.unmatched) slot.state.store(SlotState::kUnmatched, std::memory_order_relaxed);
  return &slot;
}

void EventMaker::make_deliveries(Slot& slot, const Event& event) {
  Delivery* delivery = new (slot.first_delivery) Delivery();
  delivery->slot = &slot;
  if (event.id != 0) delivery->id_hash = crowded_hash(event.id);
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

std::vector<Delivery*> deliveries_of(Slot& slot) {
  std::vector<Delivery*> all;
  if (slot.state.load(std::memory_order_relaxed) == SlotState::kUnmatched) return all;
  for (Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) all.push_back(d);
  return all;
}

}  // namespace veltrix::simulation
