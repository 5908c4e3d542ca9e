#include "veltrix/queue/strand.hpp"

namespace veltrix {

void Strand::push_back(Delivery& delivery) noexcept {
  delivery.order = {this, nullptr};
  (tail != nullptr ? tail->order.next : head) = &delivery;
  tail = &delivery;
  count_in(delivery.priority);
}

void Strand::push_front(Delivery& delivery) noexcept {
  delivery.order = {this, head};
  head = &delivery;
  if (tail == nullptr) tail = &delivery;
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
