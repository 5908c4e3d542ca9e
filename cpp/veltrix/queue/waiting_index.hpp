#pragma once
// What waits in one queue, in an order of its own: by expiry, or by what overflow drops first. Only
// queues with such a policy have one, so a plain queue pays nothing. An ordered tree, 100 ns a
// change; a heap with positions would need room in Delivery, which is one cache line and full.
// State machine only.

#include <cstdint>
#include <set>
#include <tuple>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class WaitingIndex {
 public:
  /// Again with the same rank: no change.
  void insert(std::int64_t rank, Delivery& delivery) {
    entries_.insert({rank, delivery.slot->sequence, &delivery});
  }
  void erase(std::int64_t rank, Delivery& delivery) {
    entries_.erase({rank, delivery.slot->sequence, &delivery});
  }
  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  /// The lowest rank; inside it the lowest sequence.
  Delivery& front() const noexcept { return *entries_.begin()->delivery; }
  std::int64_t front_rank() const noexcept {
    return entries_.empty() ? INT64_MAX : entries_.begin()->rank;
  }

 private:
  struct Entry {
    std::int64_t rank;
    std::uint64_t sequence;
    Delivery* delivery;
    bool operator<(const Entry& other) const noexcept {
      return std::tie(rank, sequence) < std::tie(other.rank, other.sequence);
    }
  };
  std::set<Entry> entries_;
};

}  // namespace veltrix
