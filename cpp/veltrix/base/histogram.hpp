#pragma once
// A log-linear histogram of nanoseconds (HDR style): 32 linear steps per power of two, so every
// quantile is right within 1/32 (3.2 %). Fixed 1,920 counters, no allocation after construction.
// Not synchronised: each writer owns one, readers merge copies taken under the writer's lock.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace veltrix {

class Histogram {
 public:
  Histogram();
  void record(std::int64_t nanoseconds, std::uint64_t times = 1) noexcept;
  void merge(const Histogram& other) noexcept;
  std::uint64_t count() const noexcept { return count_; }
  std::int64_t max() const noexcept { return max_; }
  std::int64_t sum() const noexcept { return sum_; }
  /// The value at quantile q in [0, 1]; 0 when empty; never above max().
  std::int64_t quantile(double q) const noexcept;

 private:
  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t upper_edge(std::size_t bucket) noexcept;

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::int64_t sum_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace veltrix
