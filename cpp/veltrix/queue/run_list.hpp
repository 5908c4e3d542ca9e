#pragma once
// The ready deliveries of one queue and priority, oldest readiness first. A keyed delivery stands
// for its whole strand. A ring of pointers, so that whoever picks can touch the memory of what
// comes next; each delivery knows its place, since a strand that is promoted leaves from the
// middle. What leaves the middle leaves a gap, which is skipped and closed when the ring is full.
// Not synchronised (state machine only).

#include <cstddef>
#include <cstdint>
#include <vector>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class RunList {
 public:
  bool empty() const noexcept { return begin_ == end_; }
  Delivery* front() const noexcept { return empty() ? nullptr : at(begin_); }
  /// What stands `places` behind the front; null: a gap, or the end.
  Delivery* ahead(std::size_t places) const noexcept {
    return places < end_ - begin_ ? at(begin_ + places) : nullptr;
  }
  template <class F>
  void for_each(F&& visit) const {
    for (std::uint64_t place = begin_; place != end_; ++place) {
      if (at(place) != nullptr) visit(*at(place));
    }
  }

  void push_back(Delivery& delivery) {
    if (end_ - begin_ == ring_.size()) make_room();
    put(end_++, &delivery);
  }
  /// Back to where its time of readiness belongs; what is given back is among the oldest, so the
  /// walk is short (bounded by what other executors gave back before).
  void push_by_readiness(Delivery& delivery);
  void remove(Delivery& delivery) noexcept;
  /// `successor` stands where `delivery` stood.
  void replace(Delivery& delivery, Delivery& successor) noexcept {
    put(delivery.run_place, &successor);
  }
  Delivery* pop_front() noexcept {
    Delivery* delivery = front();
    if (delivery != nullptr) remove(*delivery);
    return delivery;
  }

 private:
  Delivery* at(std::uint64_t place) const noexcept { return ring_[place & (ring_.size() - 1)]; }
  void put(std::uint64_t place, Delivery* delivery) noexcept {
    ring_[place & (ring_.size() - 1)] = delivery;
    if (delivery != nullptr) delivery->run_place = place;
  }
  void make_room();

  std::vector<Delivery*> ring_;  // size 0 or a power of two
  // Places only ever grow, but for what is put in front. At either end of [begin_, end_) there is a
  // delivery, unless it is empty.
  std::uint64_t begin_ = std::uint64_t{1} << 62;
  std::uint64_t end_ = begin_;
  std::size_t gaps_ = 0;
};

}  // namespace veltrix
