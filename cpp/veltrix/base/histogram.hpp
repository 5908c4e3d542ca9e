#pragma once
// A log-linear histogram of nanoseconds (HDR style): 32 linear steps per power of two, so every
// quantile is right within 1/32 (3.2 %). Fixed 1,920 cells, no allocation after construction.
//
// Monitoring wants buckets with round bounds, and a millisecond is never the edge of a cell. So the
// cells are counted in groups, one for each bound, and beside each group those of its values that
// exceed the bound: both together give exact buckets, and a quantile has to look at the cells of
// one group only. Hence reading is short enough for the inside of a lock.
//
// Not synchronised: the writer's lock guards the reader.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "veltrix/base/clock.hpp"

namespace veltrix {

/// Upper bounds of the buckets that monitoring sees, inclusive.
inline constexpr std::array<std::int64_t, 23> kHistogramBounds = {
    1 * kMicrosecond,   5 * kMicrosecond,   10 * kMicrosecond,  50 * kMicrosecond,
    100 * kMicrosecond, 250 * kMicrosecond, 500 * kMicrosecond, 1 * kMillisecond,
    2'500'000,          5 * kMillisecond,   10 * kMillisecond,  25 * kMillisecond,
    50 * kMillisecond,  100 * kMillisecond, 250 * kMillisecond, 500 * kMillisecond,
    1 * kSecond,        2'500'000'000,      5 * kSecond,        10 * kSecond,
    30 * kSecond,       60 * kSecond,       300 * kSecond};
using HistogramBuckets = std::array<std::uint64_t, kHistogramBounds.size()>;

/// What histograms hold, as plain values. All 0 when empty.
struct Distribution {
  std::uint64_t count = 0;
  std::int64_t sum = 0, p50 = 0, p99 = 0, max = 0;  // nanoseconds
  HistogramBuckets buckets{};  // how many do not exceed each of kHistogramBounds
};

class Histogram {
 public:
  /// To be read as one.
  using Several = std::span<const Histogram* const>;

  Histogram();
  void record(std::int64_t nanoseconds, std::uint64_t times = 1) noexcept;
  static Distribution read(Several all) noexcept;
  /// The value at quantile q in [0, 1]; 0 when empty; never above the greatest.
  static std::int64_t quantile(Several all, double q) noexcept;

 private:
  using Groups =
      std::array<std::uint64_t, kHistogramBounds.size() + 1>;  // the last: above all bounds
  static Groups groups_of(Several all) noexcept;
  static std::int64_t quantile(Several all, const Groups& groups, double q) noexcept;

  std::vector<std::uint64_t> cells_;
  Groups groups_{};           // values in the cells of each group
  HistogramBuckets above_{};  // of those: above the group's bound
  std::int64_t sum_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace veltrix
