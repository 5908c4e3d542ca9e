#include "veltrix/base/histogram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Distribution read(const Histogram& histogram) {
  const Histogram* one = &histogram;
  return Histogram::read({&one, 1});
}

std::int64_t quantile(const Histogram& histogram, double q) {
  const Histogram* one = &histogram;
  return Histogram::quantile({&one, 1}, q);
}

TEST(Histogram, SaysNothingWhenEmpty) {
  const Histogram histogram;
  for (const Distribution& empty : {read(histogram), Histogram::read({})}) {
    EXPECT_EQ(empty.count, 0U);
    EXPECT_EQ(empty.sum, 0);
    EXPECT_EQ(empty.p99, 0);
    EXPECT_EQ(empty.max, 0);
    EXPECT_EQ(empty.buckets, HistogramBuckets{});
  }
  EXPECT_EQ(quantile(histogram, 0.5), 0);
}

TEST(Histogram, IsExactBelowSixtyFour) {
  Histogram histogram;
  for (int i = 0; i < 64; ++i) histogram.record(i);
  EXPECT_EQ(read(histogram).count, 64U);
  EXPECT_EQ(read(histogram).sum, 63 * 64 / 2);
  EXPECT_EQ(read(histogram).p50, 31);
  EXPECT_EQ(read(histogram).p99, 63);
  for (int i = 1; i <= 64; ++i) EXPECT_EQ(quantile(histogram, i / 64.0), i - 1);
}

TEST(Histogram, NeverAnswersAboveTheMaximum) {
  Histogram histogram;
  histogram.record(1'000'001);
  EXPECT_EQ(quantile(histogram, 0.5), 1'000'001);
  EXPECT_EQ(quantile(histogram, 1.0), 1'000'001);
}

TEST(Histogram, TakesTheExtremes) {
  Histogram histogram;
  histogram.record(-5);
  histogram.record(kMost);
  EXPECT_EQ(quantile(histogram, 0.0), 0);
  EXPECT_EQ(quantile(histogram, 1.0), kMost);
  EXPECT_EQ(read(histogram).max, kMost);
  histogram.record(kMost, 3);
  EXPECT_EQ(read(histogram).sum, kMost) << "the sum saturates";
}

TEST(Histogram, CountsTimes) {
  Histogram histogram;
  histogram.record(10, 3);
  histogram.record(20, 0);
  EXPECT_EQ(read(histogram).count, 3U);
  EXPECT_EQ(read(histogram).sum, 30);
  EXPECT_EQ(read(histogram).max, 10);
}

TEST(Histogram, ClampsTheQuantile) {
  Histogram histogram;
  histogram.record(1);
  histogram.record(2);
  EXPECT_EQ(quantile(histogram, -1.0), 1);
  EXPECT_EQ(quantile(histogram, 2.0), 2);
}

std::vector<std::int64_t> absolute(std::vector<std::int64_t> values) {
  for (auto& value : values) value = value < 0 ? -(value + 1) : value;
  return values;
}

/// Values of all magnitudes, not only large ones.
rc::Gen<std::vector<std::int64_t>> durations() {
  const auto one =
      rc::gen::apply([](std::int64_t value, int shift) { return absolute({value})[0] >> shift; },
                     rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange(0, 63));
  return rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(one));
}

HistogramBuckets counted_one_by_one(const std::vector<std::int64_t>& values) {
  HistogramBuckets out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint64_t>(
        std::count_if(values.begin(), values.end(),
                      [&](std::int64_t value) { return value <= kHistogramBounds[i]; }));
  }
  return out;
}

TEST(Histogram, CountsEachBoundInItsOwnBucket) {
  std::vector<std::int64_t> values{0, kMost};
  for (const std::int64_t bound : kHistogramBounds) {
    for (const std::int64_t near : {bound - 1, bound, bound + 1}) values.push_back(near);
  }
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  EXPECT_EQ(read(histogram).buckets, counted_one_by_one(values));
  EXPECT_EQ(read(histogram).count, values.size());
}

/// Half of them so near to a bound that they share its cell.
rc::Gen<std::vector<std::int64_t>> durations_near_bounds() {
  const auto near = rc::gen::apply(
      [](std::int64_t bound, std::int64_t parts) { return bound + bound / 10'000 * parts; },
      rc::gen::elementOf(kHistogramBounds), rc::gen::inRange<std::int64_t>(-300, 301));
  const auto any = rc::gen::map(durations(), [](const auto& values) { return values[0]; });
  return rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::int64_t>>(rc::gen::oneOf(near, any)));
}

RC_GTEST_PROP(HistogramProperty, BucketsAreTheCountsOfThoseNotAboveTheirBounds, ()) {
  const auto values = *durations_near_bounds();
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value, 2);
  auto twice = counted_one_by_one(values);
  for (auto& count : twice) count *= 2;
  RC_ASSERT(read(histogram).buckets == twice);
  RC_ASSERT(read(histogram).count == 2 * values.size());
}

RC_GTEST_PROP(HistogramProperty, QuantileIsWithinOneThirtySecondOfTheSortedValues, ()) {
  std::vector<std::int64_t> values = *rc::gen::oneOf(durations(), durations_near_bounds());
  const double q = *rc::gen::inRange(0, 1'001) / 1'000.0;
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(q * n)));
  const std::int64_t exact = values[rank - 1];
  const std::int64_t answer = quantile(histogram, q);
  RC_ASSERT(answer >= exact);
  RC_ASSERT(answer - exact <= exact / 32);
  RC_ASSERT(read(histogram).max == values.back());
  RC_ASSERT(read(histogram).p99 == quantile(histogram, 0.99));
}

RC_GTEST_PROP(HistogramProperty, SeveralReadAsOneEqualOneOfAllValues, ()) {
  const auto parts = *rc::gen::container<std::vector<std::vector<std::int64_t>>>(
      3, rc::gen::oneOf(durations(), durations_near_bounds()));
  std::array<Histogram, 3> histograms;
  std::array<const Histogram*, 3> several{};
  Histogram together;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const std::int64_t value : parts[i]) {
      histograms[i].record(value);
      together.record(value);
    }
    several[i] = &histograms[i];
  }
  const Distribution all = Histogram::read(several), one = read(together);
  RC_ASSERT(std::tie(all.count, all.sum, all.max) == std::tie(one.count, one.sum, one.max));
  RC_ASSERT(all.buckets == one.buckets);
  for (const double q : {0.0, 0.25, 0.5, 0.99, 1.0}) {
    RC_ASSERT(Histogram::quantile(several, q) == quantile(together, q));
  }
}

}  // namespace
}  // namespace veltrix
