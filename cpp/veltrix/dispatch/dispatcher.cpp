#include "veltrix/dispatch/dispatcher.hpp"

#include <algorithm>
#include <bit>

namespace veltrix {

Dispatcher::Dispatcher(DispatchOptions options, std::vector<QueuePlan> queues,
                       std::vector<Pool> pools, DeadLetters& dead_letters)
    : options_(options),
      retry_policy_(options.seed),
      dead_letters_(dead_letters),
      fates_(options.fates) {
  pickers_.reserve(pools.size());
  for (const Pool& pool : pools) {
    pickers_.emplace_back(options_, pool.slots, pool.reserves);
  }
  std::int32_t windows = 0;
  for (QueuePlan& plan : queues) {
    const auto id = static_cast<std::uint16_t>(queues_.size());
    queues_.push_back(std::make_unique<QueueState>(std::move(plan.options), id, plan.pool));
    QueueState& queue = *queues_.back();
    if (queue.resequencer != nullptr || queue.lingers()) note_timed(queue);
    const QueueOptions& wanted = queue.options;
    dedup_.push_back(wanted.dedup_window == 0 ? nullptr
                                              : std::make_unique<DedupWindow>(DedupOptions{
                                                    wanted.dedup_window, wanted.dedup_events}));
    if (wanted.dedup_window != 0) queue.dedup_place = windows++;
  }
}

void Dispatcher::prefetch(const Slot& slot) const noexcept {
  const Delivery& delivery = first_delivery(slot);
  if (!delivery.key.empty()) strands_.prefetch(delivery.queue, delivery.key);
}

void Dispatcher::prefetch_end(const Delivery& delivery) const noexcept {
  if (!delivery.filed) return;  // an outcome that comes late
  const Strand* strand = delivery.order.strand;
  if (strand != nullptr && strand->waiting == 0) strands_.prefetch(strand->queue, strand->key);
}

namespace {
/// How many deliveries a pick could take behind one that is ready, itself included.
std::uint64_t weight_of(const Delivery& delivery) noexcept {
  return delivery.order.strand == nullptr ? 1 : delivery.order.strand->waiting;
}
}  // namespace

void Dispatcher::list_ready(QueueState& queue, Delivery& delivery, std::uint8_t priority) {
  RunList& list = queue.classes[priority].ready;
  const bool was_empty = list.empty();
  list.push_back(delivery);
  delivery.place = Place::kReady;
  ++queue.ready;
  if (queue.lingers()) {
    gather(queue, priority, weight_of(delivery));
  } else if (was_empty && queue.executors < queue.options.concurrency) {
    pickers_[queue.pool].activate(queue, priority);
  }
}

void Dispatcher::unlist(QueueState& queue, Delivery& delivery, std::uint8_t priority) {
  RunList& list = queue.classes[priority].ready;
  list.remove(delivery);
  --queue.ready;
  if (queue.lingers()) queue.classes[priority].company -= weight_of(delivery);
  if (!list.empty()) return;
  queue.gathering &= ~(1U << priority);
  pickers_[queue.pool].deactivate(queue, priority);
}

/// `count` deliveries have come into a class of a queue that lingers. One that had no work waits
/// for more, up to a full batch, or until end_lingers(); what may be picked stays so until it is.
void Dispatcher::gather(QueueState& queue, std::uint8_t priority, std::uint64_t count) {
  QueueClass& lane = queue.classes[priority];
  if (lane.company == 0) queue.gathering |= 1U << priority;
  lane.company += count;
  if (lane.company >= queue.options.batch_max_events) queue.gathering &= ~(1U << priority);
  if (queue.may_pick(priority) && queue.executors < queue.options.concurrency) {
    pickers_[queue.pool].activate(queue, priority);
  }
}

/// What a pick has left behind.
void Dispatcher::gather_anew(QueueState& queue, std::uint8_t priority, std::int64_t now) {
  const QueueClass& lane = queue.classes[priority];
  if (lane.ready.empty() || lane.company >= queue.options.batch_max_events) return;
  if (queue.linger_end(priority) <= now) return;
  queue.gathering |= 1U << priority;
  pickers_[queue.pool].deactivate(queue, priority);
}

void Dispatcher::end_lingers(QueueState& queue, std::int64_t now) {
  for (std::uint32_t mask = queue.gathering; mask != 0; mask &= mask - 1) {
    const auto priority = static_cast<std::uint8_t>(std::countr_zero(mask));
    if (queue.linger_end(priority) <= now) {
      queue.gathering &= ~(1U << priority);
      if (queue.executors < queue.options.concurrency) {
        pickers_[queue.pool].activate(queue, priority);
      }
    }
  }
}

void Dispatcher::list_head(QueueState& queue, Strand& strand, std::int64_t now) {
  Delivery& head = *strand.head;
  if (queue.begun != nullptr) {
    const std::int64_t* begun = queue.begun->find(strand.key);
    if (begun != nullptr && *begun + queue.options.latest_every > now) {
      head.ready_ns = *begun + queue.options.latest_every;
      strand.parked = true;
      start_timer(queue, head);
      return;
    }
  }
  strand.listed = true;
  if (head.ready_ns == 0) {
    head.ready_ns = now;
    list_ready(queue, head, strand.top);
    return;
  }
  // Given back: it keeps the time from which it has been ready.
  list_by_readiness(queue, head, strand.top);
}

void Dispatcher::list_by_readiness(QueueState& queue, Delivery& delivery, std::uint8_t priority) {
  RunList& list = queue.classes[priority].ready;
  const bool was_empty = list.empty();
  list.push_by_readiness(delivery);
  delivery.place = Place::kReady;
  ++queue.ready;
  Picker& picker = pickers_[queue.pool];
  if (queue.lingers()) {
    gather(queue, priority, weight_of(delivery));
  } else if (was_empty && queue.executors < queue.options.concurrency) {
    picker.activate(queue, priority);
  }
  picker.note_front(queue, *list.front());
}

void Dispatcher::progress(QueueState& queue, Strand* strand, std::int64_t now) {
  if (strand == nullptr || strand->in_flight != 0) return;
  if (strand->waiting == 0) {
    strands_.erase(*strand);
  } else if (!strand->parked && !strand->listed) {
    if (strand->head->ready_ns <= now) {
      list_head(queue, *strand, now);
      return;
    }
    // A retry. Only the head of a strand is ever in the wheel, and only while none is in flight:
    // a batch that fails as a whole (a sink's flush) settles several retries of one key.
    strand->parked = true;
    start_timer(queue, *strand->head);
  }
}

void Dispatcher::start_timer(QueueState& queue, Delivery& delivery) {
  delivery.place = Place::kTimer;
  ++queue.counts.delayed;
  wheel_.insert(delivery);
}

void Dispatcher::stop_timer(QueueState& queue, Delivery& delivery) {
  --queue.counts.delayed;
  wheel_.remove(delivery);
}

/// Out of wherever it waits.
void Dispatcher::withdraw(QueueState& queue, Delivery& delivery, std::int64_t now) {
  end_waiting(queue, delivery);
  Strand* strand = delivery.filed ? delivery.order.strand : nullptr;
  if (delivery.place == Place::kHeld) {
    queue.resequencer->remove(delivery);
    --queue.counts.held;
  } else if (delivery.place == Place::kTimer) {
    stop_timer(queue, delivery);
    if (strand != nullptr) strand->parked = false;
  } else if (delivery.place == Place::kReady && strand == nullptr) {
    unlist(queue, delivery, delivery.priority);
  }
  delivery.place = Place::kNowhere;
  if (strand == nullptr) return;
  const std::uint8_t listed_in = strand->top;
  Delivery& head = *strand->head;
  strand->remove(delivery);
  if (strand->listed && queue.lingers()) --queue.classes[listed_in].company;
  if (strand->listed && strand->waiting == 0) {
    unlist(queue, head, listed_in);
    strand->listed = false;
  } else if (strand->listed) {
    if (strand->head != &head) hand_over(queue, head, *strand->head, listed_in);
    if (strand->top != listed_in) {  // the key falls to a lower class, and is ready as long
      unlist(queue, *strand->head, listed_in);
      list_by_readiness(queue, *strand->head, strand->top);
    }
  }
  progress(queue, strand, now);
}

/// The place of a key in the run list, and the time from which it has been ready, stay with the
/// key. Never by way of an empty list: a class that loses its last work loses its credit.
void Dispatcher::hand_over(QueueState& queue, Delivery& head, Delivery& successor,
                           std::uint8_t priority) {
  successor.ready_ns = head.ready_ns;
  successor.place = Place::kReady;
  queue.classes[priority].ready.replace(head, successor);
}

void Dispatcher::drop(Delivery& delivery, const char* reason, std::int64_t now,
                      Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  withdraw(queue, delivery, now);
  count_drop(queue, delivery, reason, now);
  terminate(queue, delivery, DeliveryState::kDropped, released);
}

void Dispatcher::cancel(Delivery& delivery, std::int64_t now, Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  withdraw(queue, delivery, now);
  tally_drop(queue, delivery, "cancelled");
  const AttemptStamps stamps{queue.id, delivery.attempt, 0, 0};
  timelines_.ended(*delivery.slot, stamps, StationKind::kDropped, "cancelled", now);
  terminate(queue, delivery, DeliveryState::kDropped, released);
}

void Dispatcher::watch_expiry(QueueState& queue, Delivery& delivery) {
  const std::int64_t expiry = queue.expiry_of(*delivery.slot);
  if (expiry == INT64_MAX) return;
  if (queue.by_expiry == nullptr) {
    queue.by_expiry = std::make_unique<WaitingIndex>();
    note_timed(queue);
  }
  queue.by_expiry->insert(expiry, delivery);
}

void Dispatcher::begin_waiting(QueueState& queue, Delivery& delivery) {
  watch_expiry(queue, delivery);
  if (queue.by_drop != nullptr) queue.by_drop->insert(queue.drop_rank(delivery), delivery);
}

void Dispatcher::end_waiting(QueueState& queue, Delivery& delivery) {
  if (queue.by_expiry != nullptr) {
    queue.by_expiry->erase(queue.expiry_of(*delivery.slot), delivery);
  }
  if (queue.by_drop != nullptr) queue.by_drop->erase(queue.drop_rank(delivery), delivery);
}

void Dispatcher::expire(QueueState& queue, std::int64_t now, Released& released) {
  if (queue.by_expiry == nullptr) return;
  while (queue.by_expiry->front_rank() <= now) {
    drop(queue.by_expiry->front(), "expired", now, released);
  }
}

void Dispatcher::note_timed(QueueState& queue) {
  if (std::find(timed_.begin(), timed_.end(), &queue) != timed_.end()) return;
  timed_.push_back(&queue);
  std::sort(timed_.begin(), timed_.end(),
            [](const QueueState* a, const QueueState* b) { return a->id < b->id; });
}

std::int64_t Dispatcher::next_due() const noexcept {
  std::int64_t next = wheel_.next_due();
  for (const QueueState* queue : timed_) {
    if (queue->by_expiry != nullptr) next = std::min(next, queue->by_expiry->front_rank());
    if (queue->resequencer != nullptr) next = std::min(next, queue->resequencer->next_due());
    for (std::uint32_t mask = queue->gathering; mask != 0; mask &= mask - 1) {
      const auto priority = static_cast<std::uint8_t>(std::countr_zero(mask));
      next = std::min(next, queue->linger_end(priority));
    }
  }
  return next;
}

void Dispatcher::advance(std::int64_t now, Released& released) {
  for (QueueState* queue : timed_) expire(*queue, now, released);
  for (QueueState* queue : timed_) {
    if (queue->resequencer != nullptr) end_holds(*queue, now, released);
  }
  fire(now, released);
  for (QueueState* queue : timed_) end_lingers(*queue, now);
}

/// Timers that have come to their end. What one of them does may drop another.
void Dispatcher::fire(std::int64_t now, Released& released) {
  due_.clear();
  wheel_.advance(now, due_);
  for (Delivery* delivery : due_) {
    --queues_[delivery->queue]->counts.delayed;
    delivery->place = Place::kNowhere;
    if (delivery->filed && delivery->order.strand != nullptr) {
      delivery->order.strand->parked = false;
      delivery->place = Place::kLine;
      delivery->ready_ns = 0;
    }
  }
  for (Delivery* delivery : due_) {
    if (delivery->state.load(std::memory_order_relaxed) != DeliveryState::kWaiting) continue;
    QueueState& queue = *queues_[delivery->queue];
    if (!delivery->filed) {
      enqueue(*delivery, now, released);
    } else if (Strand* strand = delivery->order.strand; strand != nullptr) {
      if (!strand->listed && !strand->parked) list_head(queue, *strand, now);
    } else {
      delivery->ready_ns = now;
      list_ready(queue, *delivery, delivery->priority);
    }
  }
}

void Dispatcher::collect_waiting(std::vector<Delivery*>& out) const {
  strands_.for_each([&](const Strand& strand) {
    for (Delivery* d = strand.head; d != nullptr; d = d->order.next) out.push_back(d);
  });
  wheel_.for_each([&](Delivery& delivery) {
    if (!delivery.filed || delivery.order.strand == nullptr) out.push_back(&delivery);
  });
  for (const auto& queue : queues_) {
    if (queue->resequencer != nullptr) {
      queue->resequencer->for_each([&](Delivery& delivery) { out.push_back(&delivery); });
    }
    for (const QueueClass& lane : queue->classes) {
      lane.ready.for_each([&](Delivery& delivery) {
        if (delivery.order.strand == nullptr) out.push_back(&delivery);
      });
    }
  }
}

void Dispatcher::note_emission(std::uint16_t from, std::uint16_t to) {
  auto& emits = queues_[from]->emits;
  if (std::find(emits.begin(), emits.end(), to) == emits.end()) emits.push_back(to);
}

bool Dispatcher::reaches(std::uint16_t from, std::uint16_t to) const {
  std::vector<bool> seen(queues_.size());
  std::vector<std::uint16_t> open{from};
  while (!open.empty()) {
    const std::uint16_t at = open.back();
    open.pop_back();
    if (at == to) return true;
    if (seen[at]) continue;
    seen[at] = true;
    for (const std::uint16_t next : queues_[at]->emits) open.push_back(next);
  }
  return false;
}

bool Dispatcher::held(const QueueState& queue) const {
  return std::any_of(queue.emits.begin(), queue.emits.end(), [&](std::uint16_t to) {
    const QueueState& target = *queues_[to];
    return target.options.overflow == Overflow::kBlock && target.over_capacity() &&
           !reaches(to, queue.id);
  });
}

}  // namespace veltrix
