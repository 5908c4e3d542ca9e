#include "veltrix/queue/strand.hpp"

namespace veltrix {

void Strand::push_back(Delivery& delivery) noexcept {
  delivery.order = {this, nullptr};
  (tail != nullptr ? tail->order.next : head) = &delivery;
  tail = &delivery;
  count_in(delivery.priority);
}

void Strand::take_back(Delivery& delivery) noexcept {
  Delivery* before = nullptr;
  Delivery* after = head;
  // An attempt begun tells what came back from what never ran. The walk is as long as the batch.
  while (after != nullptr && after->attempt != 0 &&
         after->slot->sequence < delivery.slot->sequence) {
    before = after;
    after = after->order.next;
  }
  delivery.order = {this, after};
  (before != nullptr ? before->order.next : head) = &delivery;
  if (before != nullptr) delivery.ready_ns = 0;
  if (after != nullptr) {
    after->ready_ns = 0;
  } else {
    tail = &delivery;
  }
  count_in(delivery.priority);
}

Delivery* Strand::pop_front() noexcept {
  Delivery* delivery = head;
  if (delivery == nullptr) return nullptr;
  head = delivery->order.next;
  if (head == nullptr) tail = nullptr;
  count_out(delivery->priority);
  return delivery;
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
