#pragma once
// Who holds the GIL next. One arbiter per process.
//
// Three parties: executors of the engine, publishers (user threads inside publish), other user
// threads.
//   - An executor announces itself with its priority before it takes the GIL.
//   - A publisher that sees an announcement lets go, spins until the executor has the GIL (100 us
//   at
//     most), then takes it back: 1-2 us instead of the interpreter's switch interval of 5 ms.
//   - An executor that runs handlers yields after an event when a more urgent one waits.
//   - For other threads: to release the GIL is cheap unless somebody waits for it. A release that
//   took
//     more than 600 ns tells of a waiter; then the executor stays out for up to 60 us, so that the
//     waiter gets its turn, at most once per millisecond. Releasing for each batch alone would
//     starve it: every release wakes it, it loses the race and its 5 ms begin anew.
// Figures: measured on 2 cores with CPython 3.11.

#include "bindings/python.hpp"

#include <array>
#include <atomic>
#include <cstdint>

#include "veltrix/base/limits.hpp"

namespace veltrix {

class GilArbiter {
 public:
  static GilArbiter& instance();

  // Executors. `state` is the thread's own, kept for its life.
  void acquire(PyThreadState* state, std::uint8_t priority) noexcept;
  void release() noexcept;
  /// A more urgent executor waits: end the batch. One load after every event.
  bool should_yield(std::uint8_t priority) const noexcept {
    return top_.load(std::memory_order_relaxed) > static_cast<int>(priority);
  }

  // Publishers, holding the GIL.
  bool wanted() const noexcept { return top_.load(std::memory_order_relaxed) >= 0; }
  void hand_over() noexcept;

  /// In a forked child: whoever waited is not there.
  void forget_waiters() noexcept;

 private:
  void announce(std::uint8_t priority, int change) noexcept;

  std::array<std::atomic<int>, kPriorities> waiting_{};
  std::atomic<int> top_{-1};              // most urgent priority that waits, -1: nobody
  std::atomic<std::uint64_t> grants_{0};  // executors that got the GIL so far
  std::atomic<std::int64_t> stay_out_until_{0};
  std::int64_t last_turn_ns_ = 0;  // guarded by the GIL
};

}  // namespace veltrix
