// What must hold after every step of a World, and at its end.

#include <algorithm>
#include <map>
#include <string>

#include "simulation/invariant.hpp"
#include "simulation/world.hpp"

namespace veltrix::simulation {

namespace {

/// Who is to blame for a drop, or for none.
Invariant invariant_of(const std::string& reason) {
  if (reason == "newest" || reason == "oldest" || reason == "lowest") return kOverflow;
  if (reason == "expired") return kExpiry;
  if (reason == "late") return kSorted;
  if (reason == "superseded") return kLatest;
  if (reason == "duplicate") return kDedup;
  if (reason == "timeout") return kTimeout;
  return reason == "cancelled" ? kRedrive : kLedger;
}

/// The policy that most likely says whether a key is ready.
Invariant policy_of(const QueueModel& model, Invariant otherwise) {
  if (model.keeps_latest()) return kLatest;
  return model.sorts() ? kSorted : otherwise;
}

}  // namespace

void World::check() {
  check_ends();
  check_counts();
  check_letters();
  require(model_.stage.empty(), kLedger, "the commit stage decided what nobody was told of");
  const Dispatcher& dispatch = std::as_const(*machine_).dispatcher();
  for (std::size_t i = 0; i < model_.queues().size(); ++i) {
    check_queue(*dispatch.queues()[i], model_.queues()[i]);
  }
  check_timers();
  require_equal(kLedger, "strands", dispatch.strands(), model_.keyed_lines());
  require_equal(kLedger, "quiet", machine_->quiet(), model_.quiet());
  for (const Worker& worker : workers_) {
    require(worker.busy || !std::as_const(model_).rule(worker.pool).anything_eligible(), kNoIdle,
            [&] {
              return "a step ended with eligible work and an idle executor: " +
                     pairs("pool", worker.pool);
            });
  }
}

/// What a policy dropped, it dropped: this delivery, not another one. Called before slots that are
/// over are given back.
void World::check_ends() {
  for (const auto& [ref, reason] : model_.dropped) {
    const auto state = delivery_of(ref).state.load(std::memory_order_relaxed);
    require(state == DeliveryState::kDropped, invariant_of(reason), [&ref = ref, reason = reason] {
      return std::string("is to be dropped as `") + reason +
             "`, and is not: " + pairs("event", ref.event, "place", ref.place);
    });
  }
  if (model_.dropped.empty() && machine_->released().empty()) return;
  model_.dropped.clear();
  const Dispatcher& dispatch = std::as_const(*machine_).dispatcher();
  for (std::size_t i = 0; i < model_.queues().size(); ++i) {
    check_reasons(*dispatch.queues()[i], model_.queues()[i]);
  }
}

void World::check_reasons(const QueueState& queue, const QueueModel& model) const {
  const auto compare = [&](const std::map<std::string, std::uint64_t>& seen,
                           const std::map<std::string, std::uint64_t>& expected) {
    if (seen == expected) return;
    for (const auto* one : {&seen, &expected}) {
      for (const auto& [reason, count] : *one) {
        const auto count_in = [&reason = reason](const auto& all) {
          const auto found = all.find(reason);
          return found == all.end() ? 0 : found->second;
        };
        require_equal(invariant_of(reason), (queue.options.name + "." + reason).c_str(),
                      count_in(seen), count_in(expected));
      }
    }
  };
  compare(queue.counts.dropped_by_reason.all(), model.tally.dropped_by_reason);
  compare(queue.counts.dead_by_reason.all(), model.tally.dead_by_reason);
}

void World::check_counts() const {
  const MachineCounts& seen = machine_->counts();
  const Tally& tally = model_.tally();
  require_equal(kDedup, "duplicate", seen.duplicate, tally.duplicate);
  require_equal(kDedup, "conflict", seen.conflict, tally.conflict);
  require_equal(kRedrive, "redriven", seen.redriven, model_.sights()[kRedriven]);
  require_equal(kLedger, "received", seen.received, tally.received);
  require_equal(kLedger, "follow_ups", seen.follow_ups, tally.follow_ups);
  require_equal(kLedger, "admitted", seen.admitted, tally.admitted);
  require_equal(kLedger, "rejected", seen.rejected, tally.rejected);
  require_equal(kLedger, "filtered", seen.filtered, tally.filtered);
  require_equal(kLedger, "unmatched", seen.unmatched, tally.unmatched);
  require_equal(kLedger, "pending", seen.pending, tally.pending);
  require_equal(kLedger, "received = admitted + duplicate + rejected + filtered + unmatched + pending",
                seen.admitted + seen.duplicate + seen.rejected + seen.filtered + seen.unmatched +
                    seen.pending,
                seen.received);
}

/// How many there are, and which is the newest; all of them at the end.
void World::check_letters() const {
  const DeadLetters& letters = machine_->dead_letters();
  require_equal(kLedger, "dead letters", letters.all().size(), model_.letters().size());
  require_equal(kLedger, "dead letters forgotten", letters.evicted(),
                model_.tally().letters_evicted);
  if (letters.all().empty()) return;
  check_letter(letters.all().back(), model_.letters().back());
}

void World::check_letter(const DeadLetter& letter, const Letter& expected) const {
  const std::uint64_t event = numbers_.at(letter.slot);
  const int queue = letter.queue == kNoQueue ? -1 : letter.queue;
  const bool same = event == expected.event && queue == expected.queue &&
                    letter.attempts == expected.attempts && letter.code == expected.code;
  require(same, kLedger, [&] {
    return "a dead letter is " + letter.code + " " +
           pairs("event", event, "queue", queue, "attempts", letter.attempts) +
           ", the model says " + expected.code + " " +
           pairs("event", expected.event, "queue", expected.queue, "attempts", expected.attempts);
  });
}

void World::check_queue(const QueueState& queue, const QueueModel& model) const {
  const QueueCounts& seen = queue.counts;
  const QueueTally& tally = model.tally;
  const auto same = [&](const char* what, std::uint64_t is, std::uint64_t expected,
                        Invariant invariant = kLedger) {
    require(is == expected, invariant, [&] {
      return queue.options.name + "." + what + " " + pairs("is", is, "in the model", expected);
    });
  };
  same("accepted", seen.accepted, tally.accepted);
  same("done", seen.done, tally.done);
  same("dead", seen.dead, tally.dead);
  same("dropped", seen.dropped, tally.dropped);
  same("in_flight", seen.in_flight, tally.in_flight);
  same("retried", seen.retried, tally.retried);
  same("late", seen.late, tally.late, model.options.timeout > 0 ? kTimeout : kLedger);
  same("running", seen.running, tally.running);
  same("held", seen.held, tally.held, kSorted);
  same("reordered_late", seen.reordered_late, tally.reordered_late, kSorted);
  same("accepted = done + dead + dropped + in_flight",
       seen.done + seen.dead + seen.dropped + seen.in_flight, seen.accepted);
  const std::size_t ready = model.ready();
  if (queue.ready > ready) same("ready", queue.ready, ready, policy_of(model, kKeyOrder));
  same("ready", queue.ready, ready, policy_of(model, kNoIdle));
  same("executors", queue.executors, model.executors,
       model.options.timeout > 0 ? kTimeout : kLedger);
  same("in_flight_bytes", queue.in_flight_bytes, tally.bytes);
  same("budget events", queue.budget.used_events(), model.room_events);
  same("budget bytes", queue.budget.used_bytes(), model.room_bytes);
}

void World::check_timers() const {
  const auto& queues = std::as_const(*machine_).dispatcher().queues();
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const std::uint64_t seen = queues[i]->counts.delayed;
    const std::uint64_t expected = model_.queues()[i].tally.delayed;
    require(seen == expected, kTimers, [&] {
      return queues[i]->options.name + ".delayed " + pairs("is", seen, "in the model", expected);
    });
  }
}

/// A released slot says what became of its event, and under which sequence.
void World::check_fate(const Slot& slot, std::uint64_t number) const {
  const Model::Record& record = model_.record(number);
  SlotState expected = SlotState::kAccepted;
  if (record.fate == Fate::kDoor) expected = SlotState::kPublished;
  if (record.fate == Fate::kDuplicate) expected = SlotState::kDuplicate;
  if (record.fate == Fate::kRejected) expected = SlotState::kRejected;
  if (record.fate == Fate::kUnmatched) expected = SlotState::kUnmatched;
  if (record.fate == Fate::kFiltered) expected = SlotState::kFiltered;
  if (record.fate == Fate::kConflict) expected = SlotState::kConflict;
  const auto say = [&](const char* what) {
    return [what, number] { return what + pairs(": event", number); };
  };
  require(slot.state.load(std::memory_order_relaxed) == expected, kLedger,
          say("its slot tells another fate than the ledger"));
  require(record.sequence == 0 || slot.sequence == record.sequence, kDedup,
          say("its slot tells another sequence"));
}

void World::check_priorities(const QueueState& queue) {
  QueueCounts sum;
  for (const QueueClass& lane : queue.classes) {
    sum.accepted += lane.accepted;
    sum.done += lane.done;
    sum.dead += lane.dead;
    sum.dropped += lane.dropped;
    sum.retried += lane.retried;
  }
  require_equal(kLedger, "accepted by priority", sum.accepted, queue.counts.accepted);
  require_equal(kLedger, "done by priority", sum.done, queue.counts.done);
  require_equal(kLedger, "dead by priority", sum.dead, queue.counts.dead);
  require_equal(kLedger, "dropped by priority", sum.dropped, queue.counts.dropped);
  require_equal(kLedger, "retried by priority", sum.retried, queue.counts.retried);
}

void World::check_end() const {
  maker_.check_routes();
  const Dispatcher& dispatch = std::as_const(*machine_).dispatcher();
  for (const auto& queue : dispatch.queues()) {
    require_equal(kLedger, "budget events at rest", queue->budget.used_events(), 0U);
    require_equal(kLedger, "budget bytes at rest", queue->budget.used_bytes(), 0U);
    check_priorities(*queue);
  }
  require_equal(kLedger, "strands at rest", dispatch.strands(), 0U);
  const auto& letters = machine_->dead_letters().all();
  std::map<const Slot*, std::uint32_t> references;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    check_letter(letters[i], model_.letters()[i]);
    ++references[letters[i].slot];
  }
  for (const auto& [number, slot] : receipts_) ++references[slot];
  for (const auto& [slot, count] : references) {
    require_equal(kLedger, "references left: the receipt and dead letters",
                  slot->refs.load(std::memory_order_relaxed), count);
    require(model_.record(numbers_.at(slot)).owed == 0, kLedger,
            [&, one = slot] { return "never released: " + pairs("event", numbers_.at(one)); });
  }
}

}  // namespace veltrix::simulation
