#include "veltrix/dispatch/dispatcher.hpp"

#include <algorithm>
#include <limits>

namespace veltrix {

Dispatcher::Dispatcher(DispatchOptions options, std::vector<QueuePlan> queues,
                       std::vector<Pool> pools, DeadLetters& dead_letters)
    : options_(options), retry_policy_(options.seed), dead_letters_(dead_letters) {
  pickers_.reserve(pools.size());
  for (const Pool& pool : pools) pickers_.emplace_back(options_, pool.slots);
  for (QueuePlan& plan : queues) {
    const auto id = static_cast<std::uint16_t>(queues_.size());
    queues_.push_back(std::make_unique<QueueState>(std::move(plan.options), id, plan.pool));
  }
}

std::size_t Dispatcher::key_bound(const QueueOptions& options) const noexcept {
  // In total order everything is one key, and follow-ups come in over capacity.
  if (options.order != Order::kKey) return std::numeric_limits<std::size_t>::max();
  return options.capacity_per_key != 0 ? options.capacity_per_key
                                       : std::max<std::size_t>(1, options.capacity_events / 8);
}

void Dispatcher::prefetch(const Slot& slot) const noexcept {
  const Delivery& delivery = first_delivery(slot);
  if (!delivery.key.empty()) strands_.prefetch(delivery.queue, delivery.key);
}

void Dispatcher::file(Slot& slot, std::int64_t now, Released& released) {
  // `sibling` is read first: the last delivery may turn terminal at once and release the slot.
  for (Delivery* delivery = &first_delivery(slot); delivery != nullptr;) {
    Delivery* sibling = delivery->sibling;
    QueueState& queue = *queues_[delivery->queue];
    ++queue.counts.accepted;
    ++queue.lane_of(*delivery).accepted;
    ++queue.counts.in_flight;
    ++in_flight_;
    queue.in_flight_bytes += slot.charged_bytes();
    // release: a receipt that sees the delivery filed also sees the event's sequence
    delivery->state.store(DeliveryState::kWaiting, std::memory_order_release);
    if (delivery->ready_ns > now) {
      ++queue.counts.delayed;
      wheel_.insert(*delivery);
    } else {
      enqueue(*delivery, now, released);
    }
    delivery = sibling;
  }
}

void Dispatcher::enqueue(Delivery& delivery, std::int64_t now, Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  delivery.filed = true;
  if (!delivery.key.empty()) {
    enqueue_keyed(queue, delivery, now, released);
    return;
  }
  delivery.order = {nullptr, nullptr};
  delivery.ready_ns = now;
  list_ready(queue, delivery, delivery.priority);
}

void Dispatcher::enqueue_keyed(QueueState& queue, Delivery& delivery, std::int64_t now,
                               Released& released) {
  Strand& strand = strands_.find_or_make(queue.id, delivery.key);
  if (strand.waiting + strand.in_flight >= key_bound(queue.options)) {
    delivery.order = {nullptr, nullptr};
    bury(queue, delivery, {"key_overflow", "its key has more events waiting than capacity.per_key"},
         now);
    terminate(queue, delivery, DeliveryState::kDead, released);
    return;
  }
  const std::uint8_t listed_in = strand.top;
  delivery.ready_ns = 0;
  strand.push_back(delivery);
  if (!strand.listed) {
    if (strand.in_flight == 0 && !strand.parked) list_head(queue, strand, now);
  } else if (strand.top != listed_in) {
    // A more urgent event lifts its key, which takes its place among the urgent ones from now on.
    unlist(queue, *strand.head, listed_in);
    strand.head->ready_ns = now;
    list_ready(queue, *strand.head, strand.top);
  }
}

void Dispatcher::list_ready(QueueState& queue, Delivery& delivery, std::uint8_t priority) {
  RunList& list = queue.classes[priority].ready;
  const bool was_empty = list.empty();
  list.push_back(delivery);
  ++queue.ready;
  if (was_empty && queue.executors < queue.options.concurrency) {
    pickers_[queue.pool].activate(queue, priority);
  }
}

void Dispatcher::unlist(QueueState& queue, Delivery& delivery, std::uint8_t priority) {
  RunList& list = queue.classes[priority].ready;
  list.remove(delivery);
  --queue.ready;
  if (list.empty()) pickers_[queue.pool].deactivate(queue, priority);
}

void Dispatcher::list_head(QueueState& queue, Strand& strand, std::int64_t now) {
  Delivery& head = *strand.head;
  strand.listed = true;
  if (head.ready_ns == 0) {
    head.ready_ns = now;
    list_ready(queue, head, strand.top);
    return;
  }
  // Given back: it keeps the time from which it has been ready.
  RunList& list = queue.classes[strand.top].ready;
  const bool was_empty = list.empty();
  list.push_by_readiness(head);
  ++queue.ready;
  Picker& picker = pickers_[queue.pool];
  if (was_empty && queue.executors < queue.options.concurrency) {
    picker.activate(queue, strand.top);
  }
  picker.note_front(queue, *list.front());
}

void Dispatcher::advance(std::int64_t now, Released& released) {
  due_.clear();
  wheel_.advance(now, due_);
  for (Delivery* delivery : due_) {
    QueueState& queue = *queues_[delivery->queue];
    --queue.counts.delayed;
    if (!delivery->filed) {
      enqueue(*delivery, now, released);
    } else if (Strand* strand = delivery->order.strand; strand != nullptr) {
      strand->parked = false;
      delivery->ready_ns = 0;
      list_head(queue, *strand, now);
    } else {
      delivery->ready_ns = now;
      list_ready(queue, *delivery, delivery->priority);
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
