// The executors of a World and the handlers that they run.

#include <algorithm>
#include <set>

#include "simulation/invariant.hpp"
#include "simulation/world.hpp"

namespace veltrix::simulation {

namespace {
constexpr std::int64_t kStalledAfter = 5 * kMillisecond;
constexpr std::size_t kPast = 64;

Reason reason_of(PickReason reason) {
  switch (reason) {
    case PickReason::kOverdue:
      return Reason::kOverdue;
    case PickReason::kMinShare:
      return Reason::kMinShare;
    case PickReason::kHighest:
      return Reason::kHighest;
    case PickReason::kNone:
      break;
  }
  return Reason::kNone;
}

std::uint64_t key_of(const Delivery& delivery) {  // 0: unordered
  return reinterpret_cast<std::uintptr_t>(delivery.order.strand);
}
}  // namespace

const HandlerTraits& World::handler(const Worker& worker) const {
  return scenario_.handlers[static_cast<std::size_t>(worker.seen.queue)];
}

/// What an executor does under the lock: settle, drain the door, let time pass, pick.
void World::visit(Worker& worker) {
  settle(worker);
  drop_released();
  receive(dice_.chance(0.8));
  advance();
  offer(worker);
  drop_released();
}

void World::offer_all() {
  const std::size_t first = dice_.below(workers_.size());
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[(first + i) % workers_.size()];
    if (!worker.busy) offer(worker);
  }
}

void World::offer(Worker& worker) {
  const auto pool = static_cast<std::uint8_t>(worker.pool);
  int peeked = -2;
  if (dice_.chance(0.1)) {
    const QueueState* next = dispatcher().next_queue(pool, now_);
    peeked = next == nullptr ? -1 : next->id;
    model_.peek(worker.pool, peeked, now_);
  }
  const std::size_t most = scenario_.pools[pool].max_batch;
  dispatcher().pick(pool, most, now_, worker.pick);
  SeenPick& seen = worker.seen;
  seen = {};
  for (const Delivery* delivery : worker.pick.deliveries) {
    seen.deliveries.push_back(ref_of(*delivery));
  }
  if (worker.pick.choice.queue != nullptr) {
    require(!worker.pick.empty(), kNoIdle, "a queue was chosen and nothing taken from it");
    seen.queue = worker.pick.choice.queue->id;
    seen.priority = worker.pick.choice.priority;
    seen.reason = reason_of(worker.pick.choice.reason);
  }
  require(peeked == -2 || peeked == seen.queue, kPickRule, "next_queue() promised another queue");
  worker.estimate = model_.pick(worker.pool, seen, most, now_);
  if (seen.queue < 0) return;
  trace_.add_all(0xAA, worker.pool, seen.queue, seen.priority, static_cast<int>(seen.reason));
  for (const Ref& ref : seen.deliveries) trace_.add_all(ref.event, ref.place);
  worker.busy = true;
  worker.begun_ns = now_;
  plan(worker);
}

/// Decides beforehand what the handler will do with each delivery of the batch.
void World::plan(Worker& worker) {
  const HandlerTraits& traits = handler(worker);
  worker.runs.clear();
  worker.skipped.clear();
  worker.unrun.clear();
  worker.stall_seen_ns = INT64_MAX;
  std::set<std::uint64_t> halted;
  const bool holds = model_.queues()[static_cast<std::size_t>(worker.seen.queue)].retries_hold();
  std::int64_t at = now_;
  const auto& all = worker.pick.deliveries;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i != 0 && dice_.chance(traits.leaves_early)) {
      worker.unrun.assign(all.begin() + static_cast<std::ptrdiff_t>(i), all.end());
      break;
    }
    Delivery& delivery = *all[i];
    const std::uint64_t key = key_of(delivery);
    if (key != 0 && halted.count(key) != 0) {
      worker.skipped.push_back(&delivery);
      continue;
    }
    std::int64_t takes = dice_.between(traits.fastest, traits.slowest);
    if (dice_.chance(traits.stalls)) takes *= 100;
    if (takes > kStalledAfter) {
      worker.stall_seen_ns = std::min(worker.stall_seen_ns, at + kStalledAfter);
    }
    Planned planned{&delivery, ref_of(delivery), delivery.attempt, Ending::kDone, -1, at, at};
    planned.ends_ns = at += takes;
    const double fate = dice_.unit();
    if (!traits.whole && fate < traits.retries) {
      planned.ending = Ending::kRetry;
      if (dice_.chance(0.3)) planned.retry_after = dice_.between(0, 3 * kMillisecond);
      if (holds) halted.insert(key);
    } else if (fate > 1 - traits.deads) {
      planned.ending = Ending::kDead;
    } else if (fate > 1 - traits.deads - traits.drops) {
      planned.ending = Ending::kDrop;
    }
    worker.runs.push_back(planned);
  }
  if (traits.whole && dice_.chance(traits.retries)) plan_whole(worker);
  worker.ends_ns = at;
  if (!traits.whole) note_next_timeout(worker);
}

/// A batch that fails as one: every row is to run again. Sometimes one row was told so earlier than
/// the rows before it, as by a sink whose write fails first and whose flush fails afterwards.
void World::plan_whole(Worker& worker) {
  for (Planned& planned : worker.runs) planned.ending = Ending::kRetry;
  worker.stall_seen_ns = INT64_MAX;
  if (!dice_.chance(0.4)) return;
  const auto first =
      worker.runs.begin() + static_cast<std::ptrdiff_t>(dice_.below(worker.runs.size()));
  const std::uint64_t key = key_of(*first->delivery);
  std::vector<Delivery*> behind;
  for (auto one = first + 1; one != worker.runs.end();) {
    if (key != 0 && key_of(*one->delivery) == key) {
      behind.push_back(one->delivery);
      one = worker.runs.erase(one);
    } else {
      ++one;
    }
  }
  worker.skipped.insert(worker.skipped.begin(), behind.begin(), behind.end());
  std::rotate(worker.runs.begin(), first, first + 1);
}

/// Housekeeping finds that a handler does not return: what it has not begun goes to others, who may
/// use its slot until it does.
void World::see_stall(Worker& worker) {
  worker.stall_seen_ns = INT64_MAX;
  worker.stalled = true;
  pass_on_rest(worker);
  dispatcher().picker(static_cast<std::uint8_t>(worker.pool)).suspend(worker.pick.choice);
  model_.suspend(worker.seen);
}

/// What stands behind the delivery that runs now.
void World::pass_on_rest(Worker& worker) {
  if (worker.passed_on) return;
  worker.passed_on = true;
  const auto running = std::find_if(worker.runs.begin(), worker.runs.end(),
                                    [&](const Planned& one) { return one.ends_ns > now_; });
  const auto& all = worker.pick.deliveries;
  const auto next = std::find(all.begin(), all.end(), running->delivery) + 1;
  const std::vector<Delivery*> rest(next, all.end());
  worker.ends_ns = running->ends_ns;
  worker.runs.erase(running + 1, worker.runs.end());
  worker.unrun.clear();
  std::erase_if(worker.skipped, [&](const Delivery* one) {
    return std::find(rest.begin(), rest.end(), one) != rest.end();
  });
  give_back(rest);
}

void World::give_back(const std::vector<Delivery*>& deliveries) {
  std::vector<Ref> refs;
  for (const Delivery* delivery : deliveries) refs.push_back(ref_of(*delivery));
  machine_->give_back(deliveries, now_);
  model_.give_back(refs, now_);
}

void World::settle(Worker& worker) {
  std::vector<Delivery*> rest = worker.skipped;
  rest.insert(rest.end(), worker.unrun.begin(), worker.unrun.end());
  give_back(rest);
  std::vector<Machine::Settled> settled;
  std::vector<SeenOutcome> seen(worker.runs.size());
  for (std::size_t i = 0; i < worker.runs.size(); ++i) {
    const Planned& planned = worker.runs[i];
    trace_.add_all(0xBB, planned.ref.event, planned.ref.place, static_cast<int>(planned.ending));
    settled.push_back({planned.delivery, planned.attempt, outcome_of(planned, seen[i])});
    past_.push_back(planned);
    if (past_.size() > kPast) past_.erase(past_.begin());
  }
  machine_->settle(settled, now_);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].ending == Ending::kRetry) seen[i].ready_ns = worker.runs[i].delivery->ready_ns;
  }
  model_.settle(seen, now_);
  for (Slot* slot : worker.fenced) let_go(slot);
  worker.fenced.clear();
  if (worker.stalled) {
    dispatcher().picker(static_cast<std::uint8_t>(worker.pool)).resume(worker.pick.choice);
    model_.resume(worker.seen);
  }
  const auto took = static_cast<double>(now_ - worker.begun_ns);
  dispatcher().finish(worker.pick, took, worker.runs.size());
  model_.finish(worker.seen, worker.estimate, took, worker.runs.size());
  worker.busy = worker.stalled = worker.passed_on = false;
  worker.ends_ns = worker.stall_seen_ns = worker.fence_ns = INT64_MAX;
}

Outcome World::outcome_of(const Planned& planned, SeenOutcome& seen) {
  seen.delivery = planned.ref;
  seen.attempt = planned.attempt;
  seen.ending = planned.ending;
  seen.retry_after = planned.retry_after;
  Outcome outcome;
  switch (planned.ending) {
    case Ending::kDone:
      break;
    case Ending::kRetry:
      outcome = Outcome::failed(OutcomeKind::kRetry, "busy", "again");
      break;
    case Ending::kDead:
      outcome = Outcome::failed(OutcomeKind::kDead, "broken", "never");
      break;
    case Ending::kDrop:
      outcome = Outcome::failed(OutcomeKind::kDrop, "old", "not now");
      break;
  }
  if (outcome.failure != nullptr) seen.code = outcome.failure->code;
  outcome.retry_after = planned.retry_after;
  if (planned.ending == Ending::kDone) outcome.follow_ups = emit(planned.ref, seen.follow_ups);
  return outcome;
}

std::unique_ptr<std::vector<Slot*>> World::emit(const Ref& parent,
                                                std::vector<std::uint64_t>& numbers) {
  const auto queue = std::as_const(model_).entry(parent).target.queue;
  const HandlerTraits& traits = scenario_.handlers[queue];
  const bool enough = maker_.made() > 3 * scenario_.door.events;
  if (enough || !dice_.chance(traits.emits)) return nullptr;
  auto slots = std::make_unique<std::vector<Slot*>>();
  for (std::uint64_t i = 0; i <= dice_.below(2); ++i) {
    Event event = maker_.draw_follow_up(model_.record(parent.event).event, queue, now_);
    Slot* slot = maker_.build(event);
    for (const Target& target : event.targets) {
      dispatcher().queues()[target.queue]->budget.force(event.bytes);
    }
    enter(event, slot);
    numbers.push_back(event.number);
    slots->push_back(slot);
  }
  return slots;
}

}  // namespace veltrix::simulation
