#include "veltrix/base/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Histogram, SaysNothingWhenEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.sum(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.quantile(0.5), 0);
}

TEST(Histogram, IsExactBelowSixtyFour) {
  Histogram histogram;
  for (int i = 0; i < 64; ++i) histogram.record(i);
  EXPECT_EQ(histogram.count(), 64U);
  EXPECT_EQ(histogram.sum(), 63 * 64 / 2);
  for (int i = 1; i <= 64; ++i) EXPECT_EQ(histogram.quantile(i / 64.0), i - 1);
}

TEST(Histogram, NeverAnswersAboveTheMaximum) {
  Histogram histogram;
  histogram.record(1'000'001);
  EXPECT_EQ(histogram.quantile(0.5), 1'000'001);
  EXPECT_EQ(histogram.quantile(1.0), 1'000'001);
}

TEST(Histogram, TakesTheExtremes) {
  Histogram histogram;
  histogram.record(-5);
  histogram.record(kMost);
  EXPECT_EQ(histogram.quantile(0.0), 0);
  EXPECT_EQ(histogram.quantile(1.0), kMost);
  EXPECT_EQ(histogram.max(), kMost);
  histogram.record(kMost, 3);
  EXPECT_EQ(histogram.sum(), kMost) << "the sum saturates";
}

TEST(Histogram, CountsTimes) {
  Histogram histogram;
  histogram.record(10, 3);
  histogram.record(20, 0);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.sum(), 30);
  EXPECT_EQ(histogram.max(), 10);
}

TEST(Histogram, ClampsTheQuantile) {
  Histogram histogram;
  histogram.record(1);
  histogram.record(2);
  EXPECT_EQ(histogram.quantile(-1.0), 1);
  EXPECT_EQ(histogram.quantile(2.0), 2);
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

RC_GTEST_PROP(HistogramProperty, QuantileIsWithinOneThirtySecondOfTheSortedValues, ()) {
  std::vector<std::int64_t> values = *durations();
  const double q = *rc::gen::inRange(0, 1'001) / 1'000.0;
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(q * n)));
  const std::int64_t exact = values[rank - 1];
  const std::int64_t answer = histogram.quantile(q);
  RC_ASSERT(answer >= exact);
  RC_ASSERT(answer - exact <= exact / 32);
  RC_ASSERT(histogram.max() == values.back());
  RC_ASSERT(histogram.count() == values.size());
}

RC_GTEST_PROP(HistogramProperty, MergingEqualsRecordingTogether, ()) {
  const auto left = *durations();
  const auto right = *durations();
  Histogram a, b, both;
  for (const std::int64_t value : left) a.record(value), both.record(value);
  for (const std::int64_t value : right) b.record(value), both.record(value);
  a.merge(b);
  RC_ASSERT(a.count() == both.count());
  RC_ASSERT(a.max() == both.max());
  RC_ASSERT(a.sum() == both.sum());
  for (const double q : {0.0, 0.25, 0.5, 0.99, 1.0}) RC_ASSERT(a.quantile(q) == both.quantile(q));
}

}  // namespace
}  // namespace veltrix
