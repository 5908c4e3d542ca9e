#pragma once
// The line of one key in one queue: events that run one after another, in order of sequence.
//
// A strand exists only while its key has work, so a million keys ever seen cost nothing. Of the
// events behind one another only the head is ever ready; while some are in flight none is. Its
// class is the highest priority among the waiting ones. Linked both ways: behind the head nothing
// is in a run list, so Delivery::link is free for the way back. State machine only, except
// `halted`.

#include <cstdint>

#include "veltrix/base/hash.hpp"
#include "veltrix/base/limits.hpp"
#include "veltrix/queue/delivery.hpp"

namespace veltrix {

struct alignas(kCacheLine) Strand {
  Hash128 key;
  Delivery* head = nullptr;  // waiting, in order; what is in flight has left the line
  Delivery* tail = nullptr;
  std::uint32_t waiting = 0;
  std::uint32_t in_flight = 0;
  std::uint16_t queue = 0;
  std::uint8_t top = 0;  // its class: highest priority waiting
  bool mixed = false;    // several priorities wait: `counts` is kept
  bool listed = false;   // the head is in a run list
  bool parked = false;   // the head waits for its time in the timer wheel; none in flight
  bool by_time = false;  // rank: event time, then sequence; else sequence alone
  // Written by the executor that holds the strand's deliveries, and by nobody while none is in
  // flight: an event failed, so those behind it in the same batch must not run before it.
  bool halted = false;
  Strand* next_free = nullptr;
  // second line: touched only when priorities are mixed
  std::uint32_t counts[kPriorities] = {};

  void push_back(Delivery& delivery) noexcept;
  /// What was in flight is in line again: in front, but behind what ranks before it and came back
  /// too, whichever of them is told first. Only the head keeps its ready_ns.
  void take_back(Delivery& delivery) noexcept;
  /// Before the first that ranks behind it. A head that it displaces must be in no list.
  void insert(Delivery& delivery) noexcept;
  Delivery* pop_front() noexcept;
  /// Out of the middle, too.
  void remove(Delivery& delivery) noexcept;
  /// insert() would make it the head.
  bool goes_first(const Delivery& delivery) const noexcept {
    return head == nullptr || !ranks_before(*head, delivery);
  }
  bool idle() const noexcept { return waiting == 0 && in_flight == 0; }

 private:
  void link_between(Delivery* before, Delivery& delivery, Delivery* after) noexcept;
  bool ranks_before(const Delivery& a, const Delivery& b) const noexcept;
  void count_in(std::uint8_t priority) noexcept;
  void count_out(std::uint8_t priority) noexcept;
};

}  // namespace veltrix
