#pragma once
// When a failed delivery runs again: exponential backoff with full jitter (M. Brooker, AWS
// Architecture Blog, 2015): uniform in [0, min(max_backoff, backoff · 2^(attempt-1))], so that a
// storm of failures does not come back as one wave. Seeded, so that a simulation repeats it.

#include <algorithm>
#include <cstdint>

#include "veltrix/queue/queue_options.hpp"

namespace veltrix {

class RetryPolicy {
 public:
  explicit RetryPolicy(std::uint64_t seed) noexcept : state_(seed) {}

  bool exhausted(const RetryOptions& options, std::uint32_t attempts) const noexcept {
    return attempts >= options.max_attempts;
  }
  /// Delay before the attempt that follows attempt number `attempts` (1 = the first).
  std::int64_t delay(const RetryOptions& options, std::uint32_t attempts) noexcept {
    return static_cast<std::int64_t>(random() * static_cast<double>(bound(options, attempts)));
  }
  static std::int64_t bound(const RetryOptions& options, std::uint32_t attempts) noexcept {
    const std::uint32_t doublings = std::min<std::uint32_t>(attempts - 1, 40);
    const double grown =
        static_cast<double>(options.backoff) * static_cast<double>(std::uint64_t{1} << doublings);
    return static_cast<std::int64_t>(std::min(grown, static_cast<double>(options.max_backoff)));
  }

 private:
  double random() noexcept {  // splitmix64 (S. Vigna, 2015); 53 bits in [0, 1)
    std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }
  std::uint64_t state_;
};

}  // namespace veltrix
