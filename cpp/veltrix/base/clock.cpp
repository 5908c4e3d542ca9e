#include "veltrix/base/clock.hpp"

#include <ctime>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace veltrix {
namespace {

std::int64_t read_clock(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * kSecond + now.tv_nsec;
}

#if defined(__x86_64__)

constexpr std::int64_t kCalibrationTime = 4 * kMillisecond;
constexpr int kFractionBits = 32;  // nanoseconds per tick as 32.32 fixed point

__extension__ using Wide = unsigned __int128;

/// One instant on both clocks.
struct Pair {
  std::uint64_t ticks;
  std::int64_t nanoseconds;
};

bool counter_is_invariant() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(0x8000'0007, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned kInvariantTsc = 1U << 8;
  return (d & kInvariantTsc) != 0;
}

/// The tightest of several attempts: one that an interrupt has stretched says little.
Pair sample_both() noexcept {
  Pair best{};
  std::uint64_t best_width = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::uint64_t before = __rdtsc();
    const std::int64_t now = read_clock(CLOCK_MONOTONIC);
    const std::uint64_t after = __rdtsc();
    if (after < before || after - before >= best_width) continue;
    best_width = after - before;
    best = {before + best_width / 2, now};
  }
  return best;
}

struct Calibration {
  bool usable = false;
  Pair origin{};
  std::uint64_t scale = 0;

  Calibration() noexcept {
    if (!counter_is_invariant()) return;
    origin = sample_both();
    // Spinning, not sleeping: a sleep would let the CPU change its state and costs a wake-up.
    while (read_clock(CLOCK_MONOTONIC) - origin.nanoseconds < kCalibrationTime) _mm_pause();
    const Pair end = sample_both();
    if (end.ticks <= origin.ticks || end.nanoseconds <= origin.nanoseconds) return;
    const auto elapsed = static_cast<std::uint64_t>(end.nanoseconds - origin.nanoseconds);
    scale =
        static_cast<std::uint64_t>((Wide{elapsed} << kFractionBits) / (end.ticks - origin.ticks));
    usable = scale != 0;
  }

  std::int64_t now() const noexcept {
    const std::uint64_t ticks = __rdtsc();
    // A core whose counter lags by some ticks must not turn into 584 years.
    if (ticks < origin.ticks) return origin.nanoseconds;
    const Wide elapsed = (Wide{ticks - origin.ticks} * scale) >> kFractionBits;
    return origin.nanoseconds + static_cast<std::int64_t>(elapsed);
  }
};

const Calibration& calibration() noexcept {
  static const Calibration once;
  return once;
}

#endif

}  // namespace

std::int64_t steady_ns() noexcept {
#if defined(__x86_64__)
  const Calibration& counter = calibration();
  if (counter.usable) return counter.now();
#endif
  return read_clock(CLOCK_MONOTONIC);
}

std::int64_t wall_ns() noexcept { return read_clock(CLOCK_REALTIME); }

bool steady_is_tsc() noexcept {
#if defined(__x86_64__)
  return calibration().usable;
#else
  return false;
#endif
}

}  // namespace veltrix
