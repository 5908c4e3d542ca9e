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

/// Counted by the producer's thread, read by anybody.
struct ProducerCounts {
  std::atomic<std::uint64_t> published{0};  // pushed through the door
  std::atomic<std::uint64_t> rejected{0};   // malformed, no room, unmatched with `reject`
  std::atomic<std::uint64_t> unmatched{0};  // dropped because no route takes them
  std::atomic<std::uint64_t> key_missing{0};
};

class Producer {
 public:
  Producer(Monitor& monitor, std::uint64_t seed);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Fills in what the fields leave open (id, time, type id) and builds the routed slot.
  /// `due_ns` > 0: steady time before which no handler sees it. Null with no error: unmatched and
  /// dropped. kUnmatched where the plan rejects.
  Result<Slot*> prepare(EventFields& fields, std::int64_t due_ns = 0,
                        std::uint8_t source_priority = kNoPriority);

  /// The queue without room, or -1 when all of it is taken.
  int reserve(Slot& slot) noexcept;
  /// Follow-ups: room is taken over capacity.
  void force(Slot& slot) noexcept;
  void push(Slot* slot) noexcept;
  /// Several at once, in this order: one look at the sleepers for all of them.
  void push(std::span<Slot* const> slots) noexcept;
  /// Waits for room until `deadline_ns` (steady) or until the engine stops, at most 50 ms a call.
  /// True: try again; false: no use.
  bool wait_for_room(std::uint32_t ticket, std::int64_t deadline_ns) noexcept;
  /// The wall clock time that belongs to a steady (or virtual) time.
  std::int64_t wall_of(std::int64_t steady) noexcept;
  void abandon(Slot* slot) noexcept;  // prepared, not pushed; holds no room
  void take_back(Slot* slot) noexcept;  // the last one prepared, which is to be prepared anew
  void discard(Slot* slot) noexcept;  // a follow-up after force(), not handed over

  /// All of it, for sources and native publishers: waits as the queue's overflow policy says.
  Result<Slot*> publish(EventFields& fields, std::uint8_t source_priority = kNoPriority);
  void count_rejected() noexcept;

  const ProducerCounts& counts() const noexcept { return counts_; }
  TypeCache& types() noexcept { return types_; }
  UuidV7Generator& ids() noexcept { return ids_; }
  Monitor& monitor() noexcept { return monitor_; }

 private:
  void complete(EventFields& fields, std::int64_t now);
  void look_at_the_wall(std::int64_t now) noexcept;
  Result<std::int64_t> expiry_of(std::string_view text, std::int64_t now);
  void write_tail(const Plan& plan, Slot& slot, const EventFields& fields);
  Hash128 dedup_hash(const QueueDedup& dedup, const Slot& slot, std::string_view type);
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
  std::uint64_t missing_before_ = 0;  // scratch_.key_missing, before the last event prepared
  std::vector<Lease> leases_;     // by queue
  std::string dedup_text_;        // scratch
  std::int64_t expiry_ns_ = 0;    // of the event at hand
  std::int64_t wall_offset_ = 0;  // wall - steady, renewed every 10 ms
  std::int64_t wall_checked_ = 0;
  ProducerCounts counts_;
};

}  // namespace veltrix
