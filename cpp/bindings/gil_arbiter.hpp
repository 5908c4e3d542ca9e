#pragma once
// Who holds the GIL next. One arbiter per process.
//
// Three parties: executors of the engine, publishers (user threads inside publish), other user
// threads.
//   - An executor announces itself with its priority before it takes the GIL, and keeps it from
//     batch to batch while work is ready: for 150 us, and on until another thread's turn is due.
//   - A publisher that sees an announcement lets go, spins until the executor has come and gone
//     (200 us at most), then takes the GIL back: 1-2 us instead of the switch interval of 5 ms. As
//     long as a publisher is that busy, an executor spins for its offer too (20 us at most): with
//     neither of them asleep, a hand-over costs no futex call and wakes no halted core, which
//     trebles the rate of both.
//   - An executor that runs handlers yields after an event when a more urgent one waits.
//   - For other threads: to release the GIL is cheap unless somebody waits for it. A release that
//     took more than 600 ns tells of a waiter. Then whoever released it, executor or publisher,
//     gives a turn: nobody here asks for the GIL for 150 us, or until the waiter has published and
//     come to rest. Without turns it would starve: every release wakes it, it loses the race, and
//     its 5 ms begin anew. For the same reason an executor does not release when no turn is due.
//     Between two turns passes 16 times (publishers: 3 times) what the first took, 150 us at least
//     and 1 ms at most.
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
  /// Whoever has had the GIL since `attached_ns` may keep it for a batch that follows at once.
  bool may_keep(std::int64_t attached_ns) const noexcept;
  /// A more urgent executor waits: end the batch. One load after every event.
  bool should_yield(std::uint8_t priority) const noexcept {
    return top_.load(std::memory_order_relaxed) > static_cast<int>(priority);
  }

  // Publishers, holding the GIL.
  /// After every event: if this is another thread's turn, it has been used.
  void published() noexcept {
    if (turn_until_.load(std::memory_order_relaxed) != 0) use_turn();
  }
  bool wanted() const noexcept { return top_.load(std::memory_order_relaxed) >= 0; }
  void hand_over() noexcept;

  /// In a forked child: whoever waited is not there.
  void forget_waiters() noexcept;

 private:
  void announce(std::uint8_t priority, int change) noexcept;
  void await_offer() noexcept;
  void stay_out() const noexcept;
  /// Releases the GIL, and gives a turn to whoever else waits, where one is due.
  PyThreadState* let_go(std::int64_t pause_per_turn) noexcept;
  /// `grants`: as they were when the GIL was still held.
  void give_turn(std::int64_t begun, std::uint64_t grants, std::int64_t pause_per_turn) noexcept;
  void use_turn() noexcept;

  std::array<std::atomic<int>, kPriorities> waiting_{};
  std::atomic<int> top_{-1};                 // most urgent priority that waits, -1: nobody
  std::atomic<int> publishers_{0};           // that have let go and wait for the GIL to come back
  std::atomic<std::uint64_t> offers_{0};     // times that a publisher let go
  std::atomic<std::uint64_t> grants_{0};     // times that an executor got the GIL
  std::atomic<std::uint64_t> returns_{0};    // times that an executor let go
  std::atomic<std::int64_t> hot_until_{0};   // a publisher has been at it a moment ago
  std::atomic<std::int64_t> turn_until_{0};  // another thread's turn goes on, 0: none's
  std::atomic<std::int64_t> turn_ends_{0};   // at the latest
  std::atomic<std::int64_t> next_turn_ns_{0};
};

}  // namespace veltrix
