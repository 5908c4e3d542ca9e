#pragma once
// The ready deliveries of one queue and priority, oldest readiness first. A keyed delivery stands
// for its whole strand. Intrusive and doubly linked: a strand that is promoted leaves from the
// middle. Not synchronised (state machine only).

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class RunList {
 public:
  bool empty() const noexcept { return head_ == nullptr; }
  Delivery* front() const noexcept { return head_; }

  void push_back(Delivery& delivery) noexcept {
    delivery.link = {nullptr, tail_};
    (tail_ != nullptr ? tail_->link.next : head_) = &delivery;
    tail_ = &delivery;
  }

  /// Back to where its time of readiness belongs; what is given back is among the oldest, so the
  /// walk is short (bounded by what other executors gave back before).
  void push_by_readiness(Delivery& delivery) noexcept {
    Delivery* after = nullptr;
    Delivery* before = head_;
    while (before != nullptr && older(*before, delivery)) {
      after = before;
      before = before->link.next;
    }
    delivery.link = {before, after};
    (after != nullptr ? after->link.next : head_) = &delivery;
    (before != nullptr ? before->link.prev : tail_) = &delivery;
  }

  void remove(Delivery& delivery) noexcept {
    Delivery* next = delivery.link.next;
    Delivery* prev = delivery.link.prev;
    (prev != nullptr ? prev->link.next : head_) = next;
    (next != nullptr ? next->link.prev : tail_) = prev;
    delivery.link = {nullptr, nullptr};
  }

  /// `successor` stands where `delivery` stood.
  void replace(Delivery& delivery, Delivery& successor) noexcept {
    successor.link = delivery.link;
    (successor.link.prev != nullptr ? successor.link.prev->link.next : head_) = &successor;
    (successor.link.next != nullptr ? successor.link.next->link.prev : tail_) = &successor;
    delivery.link = {nullptr, nullptr};
  }

  Delivery* pop_front() noexcept {
    Delivery* delivery = head_;
    if (delivery != nullptr) remove(*delivery);
    return delivery;
  }

 private:
  static bool older(const Delivery& a, const Delivery& b) noexcept {
    if (a.ready_ns != b.ready_ns) return a.ready_ns < b.ready_ns;
    return a.slot->sequence < b.slot->sequence;
  }

  Delivery* head_ = nullptr;
  Delivery* tail_ = nullptr;
};

}  // namespace veltrix
