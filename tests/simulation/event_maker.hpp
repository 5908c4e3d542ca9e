#pragma once
// Draws events and builds their slots the way a producer does: attributes, hashes, one delivery per
// target, further ones in companion blocks.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/event/slab.hpp"
#include "veltrix/queue/delivery.hpp"

#include "simulation/dice.hpp"
#include "simulation/reference/facts.hpp"
#include "simulation/scenario.hpp"

namespace veltrix::simulation {

class EventMaker {
 public:
  EventMaker(const Scenario& scenario, Slab& slab);

  /// A new event, or one whose id has been used before.
  Event draw(std::int64_t now);
  /// An event that the handler of `queue` emits while it runs `parent`.
  Event draw_follow_up(const Event& parent, std::uint16_t queue, std::int64_t now);
  /// A dead letter's event in a slot of its own, for one of its queues.
  Event draw_again(const Event& first, std::size_t place, std::int64_t now);
  /// Sets event.bytes. The slot's only reference is the caller's.
  Slot* build(Event& event);
  std::uint64_t made() const { return next_number_ - 1; }
  /// What routes have counted.
  void check_routes() const { conditions_.check_counts(); }

 private:
  std::vector<std::uint16_t> draw_queues(Event& event);
  Target draw_target(std::uint16_t queue, std::int64_t now);
  void draw_id(Event& event);
  void draw_times(Event& event, std::int64_t now);
  void fill_tail(Slot& slot, const Event& event) const;
  void make_deliveries(Slot& slot, const Event& event);
  Delivery& add_delivery(Slot& slot, std::size_t index, Delivery& previous);
  Slot* take_block();

  const Scenario& scenario_;
  SlotCache* cache_;
  Dice dice_;
  std::uint64_t next_number_ = 1;
  std::vector<std::uint64_t> used_ids_;
  ConditionModel conditions_;
  std::vector<std::uint16_t> with_window_;  // queues with a dedup window of their own
};

/// The id under which the machine knows the event.
std::string id_text(const Event& event);

/// The deliveries of a slot in the order of the event's targets.
std::vector<Delivery*> deliveries_of(Slot& slot);

}  // namespace veltrix::simulation
