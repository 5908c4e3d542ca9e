#pragma once
// What becomes of a route's events, counted by each producer for itself: one thread writes, any may
// read.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace veltrix {

/// A route that steps back for one that `unless` names is not asked and counts nothing.
enum class RouteCount : std::uint8_t {
  kMatched,          // takes the event
  kFiltered,         // its condition says no
  kFilterMissing,    // … names a member that the event does not have: it says no
  kFilterError,      // … cannot be computed for another reason
  kKeyMissing,       // takes it, but its key is missing, null or cannot be computed
  kPriorityMissing,  // takes it, but its priority is no int in 0 … 9 or cannot be computed
};
inline constexpr std::size_t kRouteCounts = 6;

struct RouteTally {
  std::array<std::atomic<std::uint64_t>, kRouteCounts> counts{};

  void add(RouteCount what) noexcept {
    std::atomic<std::uint64_t>& count = counts[static_cast<std::size_t>(what)];
    // relaxed: a single writer, and no reader concludes anything else from it
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::uint64_t get(RouteCount what) const noexcept {
    return counts[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
  }
};

}  // namespace veltrix
