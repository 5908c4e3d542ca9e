#include "veltrix/queue/strand.hpp"

namespace veltrix {

bool Strand::ranks_before(const Delivery& a, const Delivery& b) const noexcept {
  if (by_time) {
    const Instant left = instant_of(*a.slot);
    const Instant right = instant_of(*b.slot);
    if (left != right) return left < right;
  }
  return a.slot->sequence < b.slot->sequence;
}

void Strand::link_between(Delivery* before, Delivery& delivery, Delivery* after) noexcept {
  delivery.order = {this, after};
  delivery.link = {nullptr, before};
  delivery.place = Place::kLine;
  (before != nullptr ? before->order.next : head) = &delivery;
  if (after != nullptr) {
    after->link = {nullptr, &delivery};
  } else {
    tail = &delivery;
  }
  count_in(delivery.priority);
}

void Strand::push_back(Delivery& delivery) noexcept { link_between(tail, delivery, nullptr); }

void Strand::take_back(Delivery& delivery) noexcept {
  Delivery* before = nullptr;
  Delivery* after = head;
  // An attempt begun tells what came back from what never ran. The walk is as long as the batch.
  while (after != nullptr && after->attempt != 0 && ranks_before(*after, delivery)) {
    before = after;
    after = after->order.next;
  }
  link_between(before, delivery, after);
  if (before != nullptr) delivery.ready_ns = 0;
  if (after != nullptr) after->ready_ns = 0;
}

void Strand::insert(Delivery& delivery) noexcept {
  Delivery* before = nullptr;
  Delivery* after = head;
  while (after != nullptr && ranks_before(*after, delivery)) {
    before = after;
    after = after->order.next;
  }
  link_between(before, delivery, after);
  delivery.ready_ns = 0;
  if (before != nullptr || after == nullptr) return;
  after->ready_ns = 0;
  after->place = Place::kLine;  // the head that was: in no list, and its timer is stopped
}

Delivery* Strand::pop_front() noexcept {
  Delivery* delivery = head;
  if (delivery == nullptr) return nullptr;
  head = delivery->order.next;
  if (head == nullptr) tail = nullptr;
  count_out(delivery->priority);
  return delivery;
}

void Strand::remove(Delivery& delivery) noexcept {
  if (&delivery == head) {
    pop_front();
    return;
  }
  Delivery* before = delivery.link.prev;
  Delivery* after = delivery.order.next;
  before->order.next = after;
  (after != nullptr ? after->link.prev : tail) = before;
  count_out(delivery.priority);
}

void Strand::count_in(std::uint8_t priority) noexcept {
  if (waiting++ == 0) {
    top = priority;
    mixed = false;
    return;
  }
  if (!mixed) {
    if (priority == top) return;
    mixed = true;
    for (auto& count : counts) count = 0;
    counts[top] = waiting - 1;
  }
  ++counts[priority];
  if (priority > top) top = priority;
}

void Strand::count_out(std::uint8_t priority) noexcept {
  --waiting;
  if (!mixed) return;
  --counts[priority];
  while (top > 0 && counts[top] == 0) --top;
  if (counts[top] == waiting) mixed = false;
}

}  // namespace veltrix
