#pragma once
// Deliveries that wait for a time: retries and delayed events. A hierarchical timing wheel
// (Varghese and Lauck, 1987): five levels of 64 slots, one tick 2^18 ns (0.26 ms), so 3.2 days;
// what is further away waits in the last slot and is placed again. Insert and remove are O(1),
// advance() skips empty stretches by one bit map a level. Never early; late by at most one tick.
// State machine only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class TimerWheel {
 public:
  explicit TimerWheel(std::int64_t now = 0) noexcept : current_(now >> kTickBits) {}

  /// Due at delivery.ready_ns.
  void insert(Delivery& delivery) noexcept;
  void remove(Delivery& delivery) noexcept;
  /// Appends everything that is due at or before `now`, in order of due time, then of
  /// sequence, then of queue.
  void advance(std::int64_t now, std::vector<Delivery*>& due);
  /// A time not after the first one due; INT64_MAX when empty.
  std::int64_t next_due() const noexcept;
  std::size_t size() const noexcept { return size_; }
  template <class F>
  void for_each(F&& visit) const {
    for (const auto& level : slots_) {
      for (Delivery* chain : level) {
        for (; chain != nullptr; chain = chain->link.next) visit(*chain);
      }
    }
  }

 private:
  static constexpr int kTickBits = 18;
  static constexpr int kLevels = 5;
  static constexpr int kSlotBits = 6;
  static constexpr std::int64_t kSlots = 1 << kSlotBits;

  struct Spot {
    int level;
    std::size_t slot;
  };
  Spot spot_of(std::int64_t tick) const noexcept;
  static std::int64_t tick_of(const Delivery& delivery) noexcept;  // rounded up: never early
  void link(Delivery& delivery) noexcept;
  void unlink_first(Spot spot, Delivery& delivery) noexcept;
  /// Empties the slot that begins at `tick`: what is due goes out, the rest one or more levels in.
  void open_slot(int level, std::int64_t tick, std::vector<Delivery*>& due);
  std::int64_t next_tick() const noexcept;

  std::array<std::array<Delivery*, kSlots>, kLevels> slots_{};
  std::array<std::uint64_t, kLevels> occupied_{};
  std::int64_t current_;  // every tick up to and including this one has been fired
  std::size_t size_ = 0;
};

}  // namespace veltrix
