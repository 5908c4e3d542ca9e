#pragma once
// One thread's way into the engine: its door token, its slots, its caches. All Python threads share
// one under the GIL. Not synchronised; give it back to the engine when its thread ends.
//
//   prepare()  fields -> slot, routed against the current plan
//   reserve()  room in all its queues, in order of queue, or in none
//   push()     through the door; wakes an executor where one sleeps

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/base/uuid.hpp"
#include "veltrix/engine/door.hpp"
#include "veltrix/engine/plan.hpp"
#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/slab.hpp"
#include "veltrix/event/type_table.hpp"
#include "veltrix/match/route_table.hpp"
#include "veltrix/queue/delivery.hpp"
#include "veltrix/queue/lease.hpp"

namespace veltrix {

class Monitor;

/// Counted by the producer's thread, read by anybody. What becomes of the events at each route is
/// counted in its tallies.
struct ProducerCounts {
  std::atomic<std::uint64_t> published{0};  // pushed through the door
  std::atomic<std::uint64_t> rejected{0};   // malformed, no room, unmatched with `reject`
  std::atomic<std::uint64_t> unmatched{0};  // dropped because no route takes their type
  std::atomic<std::uint64_t> filtered{0};   // dropped because all conditions of their routes say no
  std::atomic<std::uint64_t> key_missing{0};
};

class Producer {
 public:
  Producer(Monitor& monitor, std::uint64_t seed);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Fills in what the fields leave open (id, time, type id) and builds the routed slot.
  /// `due_ns` > 0: steady time before which no handler sees it. Null with no error: filtered, or
  /// unmatched and dropped (see last_filtered()); such an event costs no slot. kUnmatched where the
  /// plan rejects.
  Result<Slot*> prepare(EventFields& fields, std::int64_t due_ns = 0,
                        std::uint8_t source_priority = kNoPriority);

  /// The queue without room, or -1 when all of it is taken.
  int reserve(Slot& slot) noexcept;
  /// Follow-ups: room is taken over capacity.
  void force(Slot& slot) noexcept;
  void push(Slot* slot) noexcept;
  /// Several at once, in this order: one look at the sleepers for all of them. Without `waking`
  /// they are left asleep: until a push of this producer with it, or until housekeeping looks.
  void push(std::span<Slot* const> slots, bool waking = true) noexcept;
  /// Waits for room until `deadline_ns` (steady) or until the engine stops, at most 50 ms a call.
  /// True: try again; false: no use.
  bool wait_for_room(std::uint32_t ticket, std::int64_t deadline_ns) noexcept;
  /// The wall clock time that belongs to a steady (or virtual) time.
  std::int64_t wall_of(std::int64_t steady) noexcept;
  void abandon(Slot* slot) noexcept;    // prepared, not pushed; holds no room
  void take_back(Slot* slot) noexcept;  // the last one prepared, which is to be prepared anew
  void discard(Slot* slot) noexcept;    // a follow-up after force(), not handed over

  /// All of it, for sources and native publishers: waits as the queue's overflow policy says.
  Result<Slot*> publish(EventFields& fields, std::uint8_t source_priority = kNoPriority);
  /// Its second half, for what prepare() answered with (of any producer); owns the slot from here.
  Result<void> push_when_there_is_room(Slot* slot);
  void count_rejected() noexcept;
  void count_filtered() noexcept;

  /// Why prepare() gave null the last time: conditions, not the type.
  bool last_filtered() const noexcept { return selection_ == Selection::kFiltered; }

  const ProducerCounts& counts() const noexcept { return counts_; }
  /// By route, as many as the plan has.
  const RouteTally* tallies() const noexcept { return scratch_.tallies.get(); }
  TypeCache& types() noexcept { return types_; }
  UuidV7Generator& ids() noexcept { return ids_; }
  Monitor& monitor() noexcept { return monitor_; }

 private:
  Result<bool> takes_nothing(const Plan& plan, const TypePlan& routing, EventFields& fields);
  struct Origin {
    EventFields& fields;
    std::uint8_t priority;  // of the source
  };
  void fill_targets(const Plan& plan, const TypePlan& routing, const Slot& slot,
                    const Origin& origin);
  Result<void> plan_tail(const Plan& plan, EventFields& fields, std::int64_t now);
  void complete(EventFields& fields, std::int64_t now);
  void tell_firsts(EventFields& fields);
  void look_at_the_wall(std::int64_t now) noexcept;
  Result<std::int64_t> expiry_of(std::string_view text, std::int64_t now);
  void write_tail(const Plan& plan, Slot& slot, const EventFields& fields);
  bool make_deliveries(Slot& slot, std::int64_t due_ns);
  bool take_room(Delivery& delivery, std::uint64_t bytes) noexcept;
  Delivery* add_delivery(Slot& slot, std::size_t index, Delivery& previous);
  bool no_target(const Plan& plan, Slot& slot);
  void count_published(std::size_t count) noexcept;

  Monitor& monitor_;
  SlotCache* cache_;
  Door::Token token_;
  TypeCache types_;
  UuidV7Generator ids_;
  RouteScratch scratch_;
  std::uint64_t missing_before_ = 0;  // scratch_.key_missing, before the last event
  std::vector<Lease> leases_;         // by queue
  std::uint32_t unwoken_pools_ = 0;   // bit p: something for pool p was pushed without a wake-up
  Selection selection_ = Selection::kTaken;  // of the event at hand
  bool completed_ = false;                   // … has its id and time
  std::int64_t expiry_ns_ = 0;               // of the event at hand
  std::int64_t wall_offset_ = 0;             // wall - steady, renewed every 10 ms
  std::int64_t wall_checked_ = 0;
  ProducerCounts counts_;
};

}  // namespace veltrix
