#include "veltrix/base/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace veltrix {
namespace {

constexpr int kStepBits = 5;  // 32 linear steps per power of two
constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;
constexpr std::size_t kCells = (64 - kStepBits + 1) * kSteps;
static_assert(kCells == 1'920);

constexpr std::size_t cell_of(std::uint64_t value) noexcept {
  if (value < kSteps) return static_cast<std::size_t>(value);  // one cell per nanosecond
  const int exponent = static_cast<int>(std::bit_width(value)) - 1;
  const int shift = exponent - kStepBits;
  const std::uint64_t step = (value >> shift) & (kSteps - 1);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(shift + 1) * kSteps + step);
}

constexpr std::uint64_t upper_edge(std::size_t cell) noexcept {
  if (cell < kSteps) return cell;
  const auto shift = cell / kSteps - 1;
  const std::uint64_t low = (kSteps + cell % kSteps) << shift;
  return low + ((std::uint64_t{1} << shift) - 1);
}

/// The first cell of each group. A bound's own cell is the last one of its group: it may hold
/// values above the bound, and nothing else in the group does.
constexpr auto kFirstCell = [] {
  std::array<std::size_t, kHistogramBounds.size() + 1> first{};
  for (std::size_t i = 0; i < kHistogramBounds.size(); ++i) {
    first[i + 1] = cell_of(static_cast<std::uint64_t>(kHistogramBounds[i])) + 1;
  }
  return first;
}();
static_assert(std::adjacent_find(kFirstCell.begin(), kFirstCell.end(), std::greater_equal<>()) ==
                  kFirstCell.end(),
              "no cell holds two bounds");

constexpr auto kGroupOf = [] {
  std::array<std::uint8_t, kCells> group{};
  for (std::size_t i = 1; i < kFirstCell.size(); ++i) {
    for (std::size_t cell = kFirstCell[i]; cell < kCells; ++cell) {
      group[cell] = static_cast<std::uint8_t>(i);
    }
  }
  return group;
}();

std::int64_t add_saturating(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::numeric_limits<std::int64_t>::max();
  return sum;
}

}  // namespace

Histogram::Histogram() : cells_(kCells) {}

void Histogram::record(std::int64_t nanoseconds, std::uint64_t times) noexcept {
  if (times == 0) return;
  // Two clocks may disagree by a little: a negative duration counts as none.
  const std::int64_t value = std::max<std::int64_t>(nanoseconds, 0);
  const std::size_t cell = cell_of(static_cast<std::uint64_t>(value));
  const std::size_t group = kGroupOf[cell];
  cells_[cell] += times;
  groups_[group] += times;
  if (group < kHistogramBounds.size() && value > kHistogramBounds[group]) above_[group] += times;
  max_ = std::max(max_, value);
  std::int64_t total = 0;
  if (__builtin_mul_overflow(value, times, &total)) {
    total = std::numeric_limits<std::int64_t>::max();
  }
  sum_ = add_saturating(sum_, total);
}

Histogram::Groups Histogram::groups_of(Several all) noexcept {
  Groups groups{};
  for (const Histogram* one : all) {
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i] += one->groups_[i];
  }
  return groups;
}

Distribution Histogram::read(Several all) noexcept {
  const Groups groups = groups_of(all);
  Distribution out;
  for (std::size_t i = 0; i < kHistogramBounds.size(); ++i) {
    out.count += groups[i];
    out.buckets[i] = out.count;
  }
  out.count += groups.back();
  for (const Histogram* one : all) {
    for (std::size_t i = 0; i < kHistogramBounds.size(); ++i) out.buckets[i] -= one->above_[i];
    out.sum = add_saturating(out.sum, one->sum_);
    out.max = std::max(out.max, one->max_);
  }
  out.p50 = quantile(all, groups, 0.50);
  out.p99 = quantile(all, groups, 0.99);
  return out;
}

std::int64_t Histogram::quantile(Several all, double q) noexcept {
  return quantile(all, groups_of(all), q);
}

std::int64_t Histogram::quantile(Several all, const Groups& groups, double q) noexcept {
  const std::uint64_t count = std::accumulate(groups.begin(), groups.end(), std::uint64_t{0});
  if (count == 0) return 0;
  const double share = std::clamp(q, 0.0, 1.0) * static_cast<double>(count);
  // The value of rank ⌈q·n⌉, from 1: the least value that at least q of all do not exceed.
  const std::uint64_t rank =
      std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(share)), 1, count);
  std::uint64_t seen = 0;
  std::size_t group = 0;
  while (seen + groups[group] < rank) seen += groups[group++];
  std::size_t cell = kFirstCell[group];
  std::uint64_t greatest = 0;
  for (const Histogram* one : all) {
    greatest = std::max(greatest, static_cast<std::uint64_t>(one->max_));
  }
  while (true) {
    for (const Histogram* one : all) seen += one->cells_[cell];
    if (seen >= rank) return static_cast<std::int64_t>(std::min(upper_edge(cell), greatest));
    ++cell;
  }
}

}  // namespace veltrix
