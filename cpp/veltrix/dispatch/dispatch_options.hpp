#pragma once
// How the dispatcher shares executors between priorities. Durations are nanoseconds.

#include <cstddef>
#include <cstdint>

#include "veltrix/base/clock.hpp"

namespace veltrix {

enum class Policy : std::uint8_t {
  kClasses,  // the highest priority first, with a minimum share and a bound on waiting for the rest
  kStrict,   // the highest priority first and nothing else: low priorities can starve
};

struct DispatchOptions {
  Policy policy = Policy::kClasses;
  double min_share = 0.01;      // 0 … 0.1: of the pool's time, for every priority with work
  double overdue_share = 0.25;  // at most, for work that waited longer than max_wait
  std::int64_t overdue_burst = 25 * kMillisecond;  // 25 % of 100 ms, per executor
  std::int64_t batch_time = 300 * kMicrosecond;    // a batch's estimated time at most
  std::uint32_t key_run = 16;      // events of one key in a batch while other keys are ready
  std::uint8_t reserved_from = 7;  // priorities below it hold at most max(1, W - 1) of W slots
  std::size_t fates = 0;           // events whose outcomes are kept, to be told to duplicates
  std::uint64_t seed = 1;          // of retry jitter
};

}  // namespace veltrix
