#pragma once
// Everything that one lock guards: admission, commit stage, dispatcher, dead letters, ledger. An
// engine drives it with real time and threads, the step engine and the simulation with virtual time
// and none.
//
//   receive() / settle() ──> admit (sequence, dedup) ──> commit stage ──> file ──> pick ──> settle
//
// Admission never looks at the dispatcher's state: a duplicate leaves with the sequence of the
// event that it repeats, whatever became of that. Follow-ups take the same way, with their parent's
// outcome.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "veltrix/dispatch/commit_stage.hpp"
#include "veltrix/dispatch/dedup_window.hpp"
#include "veltrix/dispatch/dispatcher.hpp"

namespace veltrix {

/// The engine's ledger as far as the machine sees it:
/// received = admitted + duplicate + rejected + filtered + unmatched + pending, exact at every
/// visit.
/// (What a door refused never comes here; the engine adds its producers' counts.)
struct MachineCounts {
  std::uint64_t received = 0;    // from the door, and follow-ups
  std::uint64_t follow_ups = 0;  // of received
  std::uint64_t admitted = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;   // refused by the commit stage, too many hops, or a conflict
  std::uint64_t conflict = 0;   // of rejected: the id was accepted with another payload
  std::uint64_t unmatched = 0;  // taken in as dead letters
  std::uint64_t filtered = 0;   // the same: a condition could not be computed, and no route took it
  std::uint64_t pending = 0;    // accepted, not yet committed
  std::uint64_t redriven = 0;   // dead letters accepted anew, by their queues only
};

struct MachineOptions {
  DispatchOptions dispatch;
  DedupOptions dedup;
  std::size_t dead_letter_events = 10'000;
};

class Machine final : private CommitSink {
 public:
  Machine(const MachineOptions& options, std::vector<Dispatcher::QueuePlan> queues,
          std::vector<Dispatcher::Pool> pools, std::unique_ptr<CommitStage> commit);

  /// Events from the door, in order. Their deliveries are constructed and their room is taken.
  void receive(std::span<Slot* const> slots, std::int64_t now);

  /// The end of a batch: `ran` outcomes in order (parallel to `deliveries`), then what did not run.
  struct Settled {
    Delivery* delivery;
    std::uint16_t attempt;
    Outcome outcome;
    std::int64_t begun_ns = 0;  // when the attempt began; 0: not told
  };
  void settle(std::span<Settled> settled, std::int64_t now);
  void give_back(std::span<Delivery* const> deliveries, std::int64_t now);
  /// A running attempt that takes too long: fails as `timeout`, and is reported late, if at all.
  bool fence(Pick& pick, Delivery& delivery, std::uint16_t attempt, std::int64_t now);

  /// A dead letter's event, copied into a slot with one delivery: queue, priority and key as they
  /// were, room not taken.
  struct Redrive {
    std::uint64_t letter = 0;  // DeadLetter::number
    Slot* slot = nullptr;
  };
  /// Accepts them anew, `spacing` ns apart, in the places of their keys' order that their sequences
  /// say. Gives how many; slots of letters that are gone, or whose queue has no room, are released.
  std::size_t redrive(std::span<const Redrive> redrives, std::int64_t spacing, std::int64_t now);

  /// Drops what waits of the events with that id (and source, unless empty); the queues in which
  /// it waited. Looks at all that waits: for people, not for hot paths.
  std::vector<std::uint16_t> cancel(std::string_view id, std::string_view source, std::int64_t now);

  /// What is known of the events with that id: waiting, failed, sampled, or recently done.
  std::vector<Timeline> timeline(std::string_view id, std::int64_t now) const;
  /// The stations of a dead letter's event, while they are kept; null: they are not (any more).
  const Timeline* trace_of(const DeadLetter& letter) const {
    return dispatcher_.timelines().trace_of(letter.slot->sequence);
  }

  /// Lets time pass: timers, and what the commit stage has decided.
  void advance(std::int64_t now);
  /// When advance() has something to do next; INT64_MAX: never.
  std::int64_t next_due() const noexcept { return dispatcher_.next_due(); }

  /// Nothing is in flight, pending or on its way (delayed events count as in flight).
  bool quiet() const noexcept { return dispatcher_.in_flight() == 0 && counts_.pending == 0; }

  Dispatcher& dispatcher() noexcept { return dispatcher_; }
  const Dispatcher& dispatcher() const noexcept { return dispatcher_; }
  const MachineCounts& counts() const noexcept { return counts_; }
  const DeadLetters& dead_letters() const noexcept { return dead_letters_; }
  Notices& notices() noexcept { return notices_; }
  /// Slots to drop one reference of, outside the lock. Taken by swapping.
  Released& released() noexcept { return released_; }

 private:
  void committed(std::span<Slot* const> slots, std::int64_t now) override;
  void refused(std::span<Slot* const> slots, std::int64_t now) override;
  void receive_follow_ups(std::uint16_t from, const std::vector<Slot*>& slots, std::int64_t now);
  bool admit(Slot& slot, std::int64_t now);
  void bury_untaken(Slot& slot, SlotState state, std::int64_t now);
  bool repeats(Slot& slot, std::int64_t now);
  bool settle_one(Settled& settled, std::int64_t now);
  void admit_all(std::span<Slot* const> slots, std::int64_t now);
  void turn_away(Slot& slot, SlotState state);

  MachineCounts counts_;
  Notices notices_;
  DeadLetters dead_letters_;
  Dispatcher dispatcher_;
  DedupWindow dedup_;
  std::unique_ptr<CommitStage> commit_;
  std::uint64_t next_sequence_ = 1;
  std::vector<Slot*> accepted_;  // scratch
  Released released_;
};

}  // namespace veltrix
