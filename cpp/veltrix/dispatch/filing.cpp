// The first part of Dispatcher: from acceptance to the run lists.

#include <algorithm>
#include <limits>

#include "veltrix/dispatch/dispatcher.hpp"

namespace veltrix {

std::size_t Dispatcher::key_bound(const QueueOptions& options) const noexcept {
  // In total order everything is one key, and follow-ups come in over capacity.
  if (options.order != Order::kKey) return std::numeric_limits<std::size_t>::max();
  return options.capacity_per_key != 0 ? options.capacity_per_key
                                       : std::max<std::size_t>(1, options.capacity_events / 8);
}

void Dispatcher::file(Slot& slot, std::int64_t now, Released& released) {
  // `sibling` is read first: the last delivery may turn terminal at once and release the slot.
  for (Delivery* delivery = &first_delivery(slot); delivery != nullptr;) {
    Delivery* sibling = delivery->sibling;
    file_one(*queues_[delivery->queue], *delivery, now, released);
    delivery = sibling;
  }
}

void Dispatcher::file_one(QueueState& queue, Delivery& delivery, std::int64_t now,
                          Released& released) {
  const Slot& slot = *delivery.slot;
  ++queue.counts.accepted;
  ++queue.lane_of(delivery).accepted;
  ++queue.counts.in_flight;
  ++in_flight_;
  queue.in_flight_bytes += delivery.turned_away ? 0 : slot.charged_bytes();
  const bool watched = queue.watches(slot);
  if (watched) {
    if (const char* reason = refusal(queue, delivery, now); reason != nullptr) {
      count_drop(queue, delivery, reason, now);
      terminate(queue, delivery, DeliveryState::kDropped, released);
      return;
    }
  }
  // release: a receipt that sees the delivery filed also sees the event's sequence
  delivery.state.store(DeliveryState::kWaiting, std::memory_order_release);
  if (delivery.ready_ns > now) {
    if (watched) watch_expiry(queue, delivery);
    start_timer(queue, delivery);
  } else {
    enqueue(delivery, now, released);
  }
  if (queue.by_drop != nullptr) evict(queue, now, released);
}

/// Why a delivery is dropped before it waits; null: it is not.
const char* Dispatcher::refusal(QueueState& queue, Delivery& delivery, std::int64_t now) {
  if (delivery.turned_away) return "newest";
  if (DedupWindow* window = dedup_[queue.id].get(); window != nullptr && !delivery.returns) {
    const Hash128 hash = queue.dedup_hash(*delivery.slot);
    const DedupWindow::Accepted candidate{delivery.slot->sequence, 0};
    if (!hash.empty() && window->find_or_insert(hash, candidate, now).sequence != 0) {
      return "duplicate";
    }
  }
  return queue.expiry_of(*delivery.slot) <= now ? "expired" : nullptr;
}

/// What is accepted, or was delayed and is due now.
void Dispatcher::enqueue(Delivery& delivery, std::int64_t now, Released& released) {
  QueueState& queue = *queues_[delivery.queue];
  if (queue.watches(*delivery.slot)) {
    if (hold(queue, delivery, now, released)) return;
    begin_waiting(queue, delivery);
  }
  line_up(queue, delivery, now, released);
}

/// True: the delivery does not go on for now, or at all.
bool Dispatcher::hold(QueueState& queue, Delivery& delivery, std::int64_t now, Released& released) {
  if (queue.resequencer == nullptr || delivery.returns || delivery.key.empty()) return false;
  end_holds(queue, now, released);
  if ((delivery.slot->flags & kHasTime) == 0) return false;
  if (!queue.resequencer->late(delivery)) {
    delivery.place = Place::kHeld;
    ++queue.counts.held;
    queue.resequencer->hold(delivery, now);
    begin_waiting(queue, delivery);
    return true;
  }
  ++queue.counts.reordered_late;
  if (queue.options.sort_late == Late::kDeliver) return false;
  end_waiting(queue, delivery);
  if (queue.options.sort_late == Late::kDead) {
    bury(queue, delivery, {"late", "a later event of its key has run already"}, now);
    terminate(queue, delivery, DeliveryState::kDead, released);
  } else {
    count_drop(queue, delivery, "late", now);
    terminate(queue, delivery, DeliveryState::kDropped, released);
  }
  return true;
}

void Dispatcher::end_holds(QueueState& queue, std::int64_t now, Released& released) {
  if (queue.resequencer->next_due() > now) return;
  let_go_.clear();
  queue.resequencer->release(now, let_go_);
  queue.counts.held -= let_go_.size();
  for (Delivery* delivery : let_go_) {
    delivery->place = Place::kNowhere;
    line_up(queue, *delivery, now, released);
  }
}

/// `latest`: what waits of the key makes room for the newest; what is redriven is rarely that.
void Dispatcher::supersede(Strand& strand, std::int64_t now, Released& released) {
  while (strand.head != strand.tail) drop(*strand.head, "superseded", now, released);
}

void Dispatcher::line_up(QueueState& queue, Delivery& delivery, std::int64_t now,
                         Released& released) {
  if (!delivery.key.empty()) {
    line_up_keyed(queue, delivery, now, released);
    return;
  }
  delivery.filed = true;
  delivery.order = {nullptr, nullptr};
  delivery.ready_ns = now;
  list_ready(queue, delivery, delivery.priority);
}

void Dispatcher::line_up_keyed(QueueState& queue, Delivery& delivery, std::int64_t now,
                               Released& released) {
  Strand& strand = strands_.find_or_make(queue.id, delivery.key);
  const bool bounded = !delivery.returns && queue.begun == nullptr;
  if (bounded && strand.waiting + strand.in_flight >= key_bound(queue.options)) {
    end_waiting(queue, delivery);
    bury(queue, delivery, {"key_overflow", "its key has more events waiting than capacity.per_key"},
         now);
    terminate(queue, delivery, DeliveryState::kDead, released);
    return;
  }
  delivery.filed = true;
  strand.by_time = queue.resequencer != nullptr;
  const std::uint8_t listed_in = strand.top;
  delivery.ready_ns = 0;
  if (delivery.returns) {
    rejoin(queue, strand, delivery);
  } else {
    strand.push_back(delivery);
  }
  if (!strand.listed) {
    if (strand.in_flight == 0 && !strand.parked) list_head(queue, strand, now);
  } else if (strand.top != listed_in) {
    // A more urgent event lifts its key, which takes its place among the urgent ones from now on.
    if (queue.lingers()) ++queue.classes[listed_in].company;  // unlist() takes all of them out
    unlist(queue, *strand.head, listed_in);
    strand.head->ready_ns = now;
    list_ready(queue, *strand.head, strand.top);
  } else if (queue.lingers()) {
    gather(queue, listed_in, 1);
  }
  if (queue.begun != nullptr) supersede(strand, now, released);
}

/// Back to where it stood before it left the line of its key.
void Dispatcher::rejoin(QueueState& queue, Strand& strand, Delivery& delivery) {
  Delivery* head = strand.goes_first(delivery) ? strand.head : nullptr;
  if (head != nullptr && strand.parked) {
    stop_timer(queue, *head);
    strand.parked = false;
  }
  const bool takes_over = head != nullptr && strand.listed;
  if (takes_over) hand_over(queue, *head, delivery, strand.top);
  const std::uint64_t run_place = delivery.run_place;  // insert() writes the links of a line
  const std::int64_t ready_ns = delivery.ready_ns;
  strand.insert(delivery);
  if (!takes_over) return;
  delivery.run_place = run_place;
  delivery.ready_ns = ready_ns;
  delivery.place = Place::kReady;
}

void Dispatcher::evict(QueueState& queue, std::int64_t now, Released& released) {
  const char* reason = queue.options.overflow == Overflow::kDropOldest ? "oldest" : "lowest";
  while (queue.over_capacity() && !queue.by_drop->empty()) {
    drop(queue.by_drop->front(), reason, now, released);
  }
}

}  // namespace veltrix
