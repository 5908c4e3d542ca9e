// The second half of Dispatcher: batches out, outcomes in.

#include <algorithm>

#include "veltrix/dispatch/dispatcher.hpp"

namespace veltrix {

namespace {
// How far ahead of a pick memory is touched: a delivery and its event, then its strand.
constexpr std::size_t kDeliveryAhead = 16;
constexpr std::size_t kStrandAhead = 8;

void prefetch_run(const RunList& list) noexcept {
  if (const Delivery* delivery = list.ahead(kDeliveryAhead)) {
    __builtin_prefetch(delivery, 1);
  }
  if (const Delivery* delivery = list.ahead(kStrandAhead)) {
    __builtin_prefetch(delivery->slot);
    if (delivery->order.strand != nullptr) __builtin_prefetch(delivery->order.strand, 1);
  }
}
}  // namespace

const QueueState* Dispatcher::next_queue(std::uint8_t pool, std::int64_t now) {
  return pickers_[pool].choose(now, [this](const QueueState& q) { return held(q); }).queue;
}

void Dispatcher::pick(std::uint8_t pool, std::size_t max_deliveries, std::int64_t now, Pick& out) {
  out.deliveries.clear();
  out.fenced = false;
  Picker& picker = pickers_[pool];
  out.choice = picker.choose(now, [this](const QueueState& q) { return held(q); });
  if (out.choice.queue == nullptr) return;
  QueueState& queue = *out.choice.queue;
  const std::uint8_t priority = out.choice.priority;
  auto limit = static_cast<double>(options_.batch_time);
  if (out.choice.reason != PickReason::kHighest) {
    limit = std::min(limit, out.choice.time_limit_ns);  // no more than what it is entitled to
  }
  const auto by_time = static_cast<std::size_t>(limit / std::max(queue.cost_ns, 1.0));
  // A batch queue's pick is taken whole: what it is worth is charged, and counts from then on.
  const std::size_t max = queue.batches()
                              ? queue.options.batch_max_events
                              : std::max<std::size_t>(1, std::min(max_deliveries, by_time));

  RunList& list = queue.classes[priority].ready;
  while (out.deliveries.size() < max && !list.empty()) {
    Delivery& front = *list.front();
    prefetch_run(list);
    if (out.choice.reason == PickReason::kOverdue && !queue.batches() &&
        front.ready_ns + queue.options.max_wait > now) {
      break;
    }
    unlist(queue, front, priority);
    Strand* strand = front.order.strand;
    if (strand == nullptr) {
      take(queue, front, now, out);
      continue;
    }
    // One key alone may fill the batch; with others ready it takes a run, so that none waits long.
    const std::size_t room = max - out.deliveries.size();
    const bool alone = queue.batches() || (list.empty() && out.deliveries.empty());
    strand->listed = false;
    take_run(queue, *strand, alone ? room : std::min<std::size_t>(room, options_.key_run), now,
             out);
  }
  if (queue.lingers()) gather_anew(queue, priority, now);
  out.estimate_ns = queue.cost_ns * static_cast<double>(out.deliveries.size());
  picker.begin(out.choice, out.estimate_ns);
  queue.counts.running += out.deliveries.size();
  if (++queue.executors >= queue.options.concurrency) {
    for (std::uint8_t p = 0; p < kPriorities; ++p) picker.deactivate(queue, p);
  }
}

void Dispatcher::take(QueueState& queue, Delivery& delivery, std::int64_t now, Pick& out) {
  delivery.state.store(DeliveryState::kRunning, std::memory_order_relaxed);
  delivery.place = Place::kNowhere;
  if (queue.watches(*delivery.slot)) end_waiting(queue, delivery);
  ++delivery.attempt;
  if (!delivery.wait_known) {  // what is given back is picked again
    delivery.wait_known = true;
    auto& wait = queue.classes[delivery.priority].wait;
    if (wait == nullptr) wait = std::make_unique<Histogram>();
    wait->record(std::max<std::int64_t>(0, now - delivery.slot->published_ns));
  }
  out.deliveries.push_back(&delivery);
}

void Dispatcher::take_run(QueueState& queue, Strand& strand, std::size_t max, std::int64_t now,
                          Pick& out) {
  strand.halted = false;
  if (queue.begun != nullptr) queue.begun->set(strand.key, now);
  for (std::size_t taken = 0; taken < max && strand.waiting != 0; ++taken) {
    Delivery& delivery = *strand.pop_front();
    ++strand.in_flight;
    if (taken != 0) delivery.ready_ns = 0;  // not ready before the one in front of it is over
    take(queue, delivery, now, out);
  }
}

void Dispatcher::finish(const Pick& pick, double actual_ns, std::uint64_t ran) {
  QueueState& queue = *pick.choice.queue;
  Picker& picker = pickers_[queue.pool];
  if (ran != 0) queue.learn_cost(actual_ns, ran);
  // Before the picker's books are closed: whoever earned by the estimate earns by its correction
  // too.
  if (!pick.fenced) free_place(queue);
  picker.finish(pick.choice, pick.estimate_ns, actual_ns);
}

/// An executor is no longer at work on that queue.
void Dispatcher::free_place(QueueState& queue) {
  if (queue.executors-- < queue.options.concurrency) return;
  for (std::uint8_t p = 0; p < kPriorities; ++p) {
    if (queue.may_pick(p)) pickers_[queue.pool].activate(queue, p);
  }
}

bool Dispatcher::fence(Pick& pick, Delivery& delivery, std::uint16_t attempt, std::int64_t now,
                       Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  Outcome outcome = Outcome::failed(
      OutcomeKind::kRetry, "timeout",
      "the attempt took longer than the queue's timeout; what it still does is not counted");
  if (!settle(delivery, attempt, outcome, now, released)) {
    --queue.counts.late;  // nobody reported anything
    return false;
  }
  if (!pick.fenced) free_place(queue);
  pick.fenced = true;
  return true;
}

void Dispatcher::give_back(Delivery& delivery, std::int64_t now, Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  --queue.counts.running;
  --delivery.attempt;
  delivery.state.store(DeliveryState::kWaiting, std::memory_order_relaxed);
  if (queue.watches(*delivery.slot)) begin_waiting(queue, delivery);
  Strand* strand = delivery.order.strand;
  if (strand == nullptr) {
    list_by_readiness(queue, delivery, delivery.priority);
    return;
  }
  --strand->in_flight;
  const bool superseded = queue.begun != nullptr && strand->waiting != 0;
  strand->take_back(delivery);
  if (superseded) {
    drop(delivery, "superseded", now, released);
  } else {
    progress(queue, strand, now);
  }
}

bool Dispatcher::settle(Delivery& delivery, std::uint16_t attempt, Outcome& outcome,
                        std::int64_t now, Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  if (delivery.state.load(std::memory_order_relaxed) != DeliveryState::kRunning ||
      delivery.attempt != attempt) {
    ++queue.counts.late;
    return false;
  }
  --queue.counts.running;
  Strand* strand = delivery.order.strand;
  if (strand != nullptr) --strand->in_flight;
  switch (outcome.kind) {
    case OutcomeKind::kDone:
      ++queue.counts.done;
      ++queue.lane_of(delivery).done;
      terminate(queue, delivery, DeliveryState::kDone, released);
      break;
    case OutcomeKind::kRetry:
      fail(queue, delivery, outcome, now, released);
      break;
    case OutcomeKind::kDead:
      bury(queue, delivery, outcome.failure ? std::move(*outcome.failure) : Failure{}, now);
      terminate(queue, delivery, DeliveryState::kDead, released);
      break;
    case OutcomeKind::kDrop:
      tally_drop(queue, delivery, outcome.failure ? outcome.failure->code : "dropped");
      terminate(queue, delivery, DeliveryState::kDropped, released);
      break;
  }
  progress(queue, strand, now);
  return true;
}

/// An attempt that wants another one: it gets it, unless a limit or a policy says no.
void Dispatcher::fail(QueueState& queue, Delivery& delivery, Outcome& outcome, std::int64_t now,
                      Released& released) {
  const RetryOptions& limits = queue.options.retry;
  const std::int64_t age = now - delivery.slot->published_ns;
  const Strand* strand = delivery.order.strand;
  if (retry_policy_.exhausted(limits, delivery.attempt) ||
      (limits.max_age != 0 && age >= limits.max_age)) {
    bury(queue, delivery, outcome.failure ? std::move(*outcome.failure) : Failure{}, now);
    terminate(queue, delivery, DeliveryState::kDead, released);
  } else if (queue.expiry_of(*delivery.slot) <= now) {
    count_drop(queue, delivery, "expired", now);
    terminate(queue, delivery, DeliveryState::kDropped, released);
  } else if (queue.begun != nullptr && strand != nullptr && strand->waiting != 0) {
    count_drop(queue, delivery, "superseded", now);
    terminate(queue, delivery, DeliveryState::kDropped, released);
  } else {
    retry(queue, delivery, outcome, now);
  }
}

void Dispatcher::retry(QueueState& queue, Delivery& delivery, const Outcome& outcome,
                       std::int64_t now) {
  ++queue.counts.retried;
  ++queue.lane_of(delivery).retried;
  delivery.state.store(DeliveryState::kWaiting, std::memory_order_relaxed);
  delivery.ready_ns =
      now + (outcome.retry_after >= 0 ? outcome.retry_after
                                      : retry_policy_.delay(queue.options.retry, delivery.attempt));
  if (queue.watches(*delivery.slot)) begin_waiting(queue, delivery);
  Strand* strand = delivery.order.strand;
  if (strand != nullptr && queue.holds_retries()) {
    strand->take_back(delivery);  // progress() parks it when nothing is in flight
    return;
  }
  if (strand != nullptr) {  // its key goes on without it
    const Hash128 key = strand->key;
    delivery.key = key;
    delivery.filed = false;
    delivery.returns = true;
  }
  start_timer(queue, delivery);
}

void Dispatcher::tally_drop(QueueState& queue, Delivery& delivery, const std::string& reason) {
  ++queue.counts.dropped;
  ++queue.lane_of(delivery).dropped;
  ++queue.counts.dropped_by_reason[reason];
}

/// A drop by policy: where the queue says so, it can be looked at and redriven later.
void Dispatcher::count_drop(QueueState& queue, Delivery& delivery, const char* reason,
                            std::int64_t now) {
  tally_drop(queue, delivery, reason);
  if (Timelines::traced(delivery)) {
    const AttemptStamps stamps{queue.id, delivery.attempt, 0, 0};
    timelines_.ended(*delivery.slot, stamps, StationKind::kDropped, reason, now);
  }
  if (!queue.options.bury_drops) return;
  lay_down(queue, delivery, {reason, std::string("dropped by the queue's policy: ") + reason}, now);
}

void Dispatcher::bury(QueueState& queue, Delivery& delivery, Failure failure, std::int64_t now) {
  if (failure.code.empty()) failure.code = "dead";
  ++queue.counts.dead;
  ++queue.lane_of(delivery).dead;
  ++queue.counts.dead_by_reason[failure.code];
  lay_down(queue, delivery, std::move(failure), now);
}

void Dispatcher::lay_down(QueueState& queue, const Delivery& delivery, Failure failure,
                          std::int64_t now) {
  Hash128 key = delivery.filed ? Hash128{} : delivery.key;
  if (delivery.filed && delivery.order.strand != nullptr) key = delivery.order.strand->key;
  dead_letters_.add({delivery.slot, queue.id, delivery.attempt, now, std::move(failure.code),
                     std::move(failure.text), key});
}

void Dispatcher::terminate(QueueState& queue, Delivery& delivery, DeliveryState state,
                           Released& released) {
  --queue.counts.in_flight;
  --in_flight_;
  if (!delivery.turned_away) {
    const std::uint64_t bytes = delivery.slot->charged_bytes();
    queue.in_flight_bytes -= bytes;
    if (room_.empty() || room_.back().queue != &queue) room_.push_back({&queue, 0, 0});
    ++room_.back().events;
    room_.back().bytes += bytes;
  }
  Slot* slot = delivery.slot;
  // release: a receipt that reads the outcome also reads everything settled with it
  delivery.state.store(state, std::memory_order_release);
  bool all_over = true;
  std::size_t place = 0;
  for (const Delivery* d = &first_delivery(*slot); d != nullptr; d = d->sibling, ++place) {
    if (d == &delivery && (slot->flags & kGivenId) != 0) fates_.note(slot->sequence, place, state);
    if (d->state.load(std::memory_order_relaxed) < DeliveryState::kDone) all_over = false;
  }
  if (all_over) released.push_back(slot);
}

void Dispatcher::return_room() noexcept {
  for (const Room& room : room_) room.queue->budget.give_back(room.events, room.bytes);
  room_.clear();
}

}  // namespace veltrix
