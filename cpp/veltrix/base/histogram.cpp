#include "veltrix/base/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace veltrix {
namespace {

constexpr int kStepBits = 5;  // 32 linear steps per power of two
constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;
constexpr std::size_t kBuckets = (64 - kStepBits + 1) * kSteps;
static_assert(kBuckets == 1'920);

std::int64_t add_saturating(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::numeric_limits<std::int64_t>::max();
  return sum;
}

}  // namespace

Histogram::Histogram() : counts_(kBuckets) {}

std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  if (value < kSteps) return static_cast<std::size_t>(value);  // one bucket per nanosecond
  const int exponent = static_cast<int>(std::bit_width(value)) - 1;
  const int shift = exponent - kStepBits;
  const std::uint64_t step = (value >> shift) & (kSteps - 1);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(shift + 1) * kSteps + step);
}

std::uint64_t Histogram::upper_edge(std::size_t bucket) noexcept {
  if (bucket < kSteps) return bucket;
  const auto shift = bucket / kSteps - 1;
  const std::uint64_t low = (kSteps + bucket % kSteps) << shift;
  return low + ((std::uint64_t{1} << shift) - 1);
}

void Histogram::record(std::int64_t nanoseconds, std::uint64_t times) noexcept {
  if (times == 0) return;
  // Two clocks may disagree by a little: a negative duration counts as none.
  const std::int64_t value = std::max<std::int64_t>(nanoseconds, 0);
  counts_[bucket_of(static_cast<std::uint64_t>(value))] += times;
  count_ += times;
  max_ = std::max(max_, value);
  std::int64_t total = 0;
  if (__builtin_mul_overflow(value, times, &total)) {
    total = std::numeric_limits<std::int64_t>::max();
  }
  sum_ = add_saturating(sum_, total);
}

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ = add_saturating(sum_, other.sum_);
  max_ = std::max(max_, other.max_);
}

std::int64_t Histogram::quantile(double q) const noexcept {
  if (count_ == 0) return 0;
  const double share = std::clamp(q, 0.0, 1.0) * static_cast<double>(count_);
  // The value of rank ⌈q·n⌉, from 1: the least value that at least q of all do not exceed.
  const std::uint64_t rank =
      std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(share)), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen < rank) continue;
    return static_cast<std::int64_t>(std::min(upper_edge(i), static_cast<std::uint64_t>(max_)));
  }
  return max_;
}

}  // namespace veltrix
