// What must hold after every step of a World, and at its end.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/world.hpp"

namespace veltrix::simulation {

void World::check() const {
  const MachineCounts& seen = machine_->counts();
  const Tally& tally = model_.tally();
  require_equal(kLedger, "received", seen.received, tally.received);
  require_equal(kLedger, "follow_ups", seen.follow_ups, tally.follow_ups);
  require_equal(kLedger, "admitted", seen.admitted, tally.admitted);
  require_equal(kDedup, "duplicate", seen.duplicate, tally.duplicate);
  require_equal(kLedger, "rejected", seen.rejected, tally.rejected);
  require_equal(kLedger, "unmatched", seen.unmatched, tally.unmatched);
  require_equal(kLedger, "pending", seen.pending, tally.pending);
  require_equal(kLedger, "received = admitted + duplicate + rejected + unmatched + pending",
                seen.admitted + seen.duplicate + seen.rejected + seen.unmatched + seen.pending,
                seen.received);
  const DeadLetters& letters = machine_->dead_letters();
  require_equal(kLedger, "dead letters", letters.all().size() + letters.evicted(),
                tally.dead_letters);
  require(letters.all().size() <= scenario_.machine.dead_letter_events, kLedger,
          "more dead letters are kept than their bound allows");
  require(model_.stage.empty(), kLedger, "the commit stage decided what nobody was told of");
  const Dispatcher& dispatch = std::as_const(*machine_).dispatcher();
  require_equal(kLedger, "strands", dispatch.strands(), model_.keyed_lines());
  require_equal(kLedger, "quiet", machine_->quiet(), model_.quiet());
  for (std::size_t i = 0; i < model_.queues().size(); ++i) {
    check_queue(*dispatch.queues()[i], model_.queues()[i]);
  }
  check_timers();
  for (const Worker& worker : workers_) {
    require(worker.busy || !model_.rule(worker.pool).anything_eligible(), kNoIdle,
            "a step ended with eligible work and an idle executor: " + pairs("pool", worker.pool));
  }
}

void World::check_queue(const QueueState& queue, const QueueModel& model) const {
  const QueueCounts& seen = queue.counts;
  const QueueTally& tally = model.tally;
  const std::string name = queue.options.name + ".";
  require_equal(kLedger, name + "accepted", seen.accepted, tally.accepted);
  require_equal(kLedger, name + "done", seen.done, tally.done);
  require_equal(kLedger, name + "dead", seen.dead, tally.dead);
  require_equal(kLedger, name + "dropped", seen.dropped, tally.dropped);
  require_equal(kLedger, name + "in_flight", seen.in_flight, tally.in_flight);
  require_equal(kLedger, name + "retried", seen.retried, tally.retried);
  require_equal(kLedger, name + "late", seen.late, tally.late);
  require_equal(kLedger, name + "running", seen.running, tally.running);
  require_equal(kLedger, name + "accepted = done + dead + dropped + in_flight",
                seen.done + seen.dead + seen.dropped + seen.in_flight, seen.accepted);
  const std::string ready = pairs("ready", queue.ready, "in the model", model.ready());
  require(queue.ready <= model.ready(), kKeyOrder,
          name + "more is ready than keys allow: " + ready);
  require(queue.ready >= model.ready(), kNoIdle, name + "ready work is not listed: " + ready);
  require_equal(kLedger, name + "executors", queue.executors, model.executors);
  require_equal(kLedger, name + "in_flight_bytes", queue.in_flight_bytes, tally.bytes);
  require_equal(kLedger, name + "budget events", queue.budget.used_events(), model.room_events);
  require_equal(kLedger, name + "budget bytes", queue.budget.used_bytes(), model.room_bytes);
}

void World::check_timers() const {
  const auto& queues = std::as_const(*machine_).dispatcher().queues();
  for (std::size_t i = 0; i < queues.size(); ++i) {
    require_equal(kTimers, queues[i]->options.name + ".delayed", queues[i]->counts.delayed,
                  model_.queues()[i].tally.delayed);
  }
}

/// A released slot says what became of its event, and under which sequence.
void World::check_fate(const Slot& slot, std::uint64_t number) const {
  const Model::Record& record = model_.record(number);
  SlotState expected = SlotState::kAccepted;
  if (record.fate == Fate::kDuplicate) expected = SlotState::kDuplicate;
  if (record.fate == Fate::kRejected) expected = SlotState::kRejected;
  if (record.fate == Fate::kUnmatched) expected = SlotState::kUnmatched;
  const std::string event = pairs("event", number);
  require(slot.state.load(std::memory_order_relaxed) == expected, kLedger,
          "its slot tells another fate than the ledger: " + event);
  require_equal(kDedup, event + ": its sequence", slot.sequence, record.sequence);
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
  const Dispatcher& dispatch = std::as_const(*machine_).dispatcher();
  for (const auto& queue : dispatch.queues()) {
    require_equal(kLedger, "budget events at rest", queue->budget.used_events(), 0U);
    require_equal(kLedger, "budget bytes at rest", queue->budget.used_bytes(), 0U);
    std::uint64_t by_reason = 0;
    for (const auto& [reason, count] : queue->counts.dropped_by_reason) by_reason += count;
    require_equal(kLedger, "dropped by reason", by_reason, queue->counts.dropped);
    by_reason = 0;
    for (const auto& [reason, count] : queue->counts.dead_by_reason) by_reason += count;
    require_equal(kLedger, "dead by reason", by_reason, queue->counts.dead);
    check_priorities(*queue);
  }
  require_equal(kLedger, "strands at rest", dispatch.strands(), 0U);
  for (const auto& [slot, number] : numbers_) {
    require(model_.record(number).released, kLedger, "never released: " + pairs("event", number));
    const auto& letters = machine_->dead_letters().all();
    const auto kept = std::count_if(letters.begin(), letters.end(),
                                    [&](const DeadLetter& one) { return one.slot == slot; });
    require_equal(kLedger, "references left: the receipt and dead letters",
                  slot->refs.load(std::memory_order_relaxed), 1 + kept);
  }
}

}  // namespace veltrix::simulation
