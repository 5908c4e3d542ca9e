#include "veltrix/base/clock.hpp"

#include <ctime>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * kSecond + now.tv_nsec;
}

TEST(SteadyClock, NeverGoesBack) {
  std::int64_t last = steady_ns();
  for (int i = 0; i < 1'000'000; ++i) {
    const std::int64_t now = steady_ns();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(SteadyClock, RunsAsFastAsTheSystemClock) {
  const std::int64_t steady_start = steady_ns();
  const std::int64_t system_start = monotonic_ns();
  while (monotonic_ns() - system_start < 50 * kMillisecond) {
  }
  const std::int64_t steady = steady_ns() - steady_start;
  const std::int64_t system = monotonic_ns() - system_start;
  // 1 % is far more than the calibration's error and far less than a wrong frequency. What an
  // interruption between two readings adds is allowed for by 5 ms.
  EXPECT_NEAR(static_cast<double>(steady), static_cast<double>(system),
              0.01 * static_cast<double>(system) + 5.0 * kMillisecond);
}

TEST(SteadyClock, StaysWithItsSource) {
  const bool tsc = steady_is_tsc();
  steady_ns();
  EXPECT_EQ(steady_is_tsc(), tsc);
}

TEST(WallClock, AgreesWithTime) {
  const std::int64_t before = std::time(nullptr);
  const std::int64_t now = wall_ns();
  const std::int64_t after = std::time(nullptr);
  EXPECT_GE(now, (before - 1) * kSecond);  // time() may lag by one tick of the kernel
  EXPECT_LE(now, (after + 2) * kSecond);
}

}  // namespace
}  // namespace veltrix
