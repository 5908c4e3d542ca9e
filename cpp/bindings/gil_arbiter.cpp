#include "bindings/gil_arbiter.hpp"

#include <algorithm>

#include <sched.h>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/pause.hpp"

#include "bindings/python_attach.hpp"

// Atomics are relaxed where nothing is read behind them: they tell who waits and until when, the
// GIL itself orders everything else. A stale one costs a release or a few microseconds.

namespace veltrix {

namespace {
constexpr std::int64_t kHandOver = 200 * kMicrosecond;
constexpr std::int64_t kHot = kMillisecond;
constexpr std::int64_t kOffer = 20 * kMicrosecond;
constexpr std::int64_t kAwake = 5 * kMicrosecond;
constexpr std::int64_t kKeep = 150 * kMicrosecond;
// Turns of other threads:
constexpr std::int64_t kWaiterTells = 600;
constexpr std::int64_t kTurn = 150 * kMicrosecond;  // to wake up on a halted core takes 50 and more
constexpr std::int64_t kNextCall = 8 * kMicrosecond;  // what comes within that belongs to one turn
// Between two turns passes so many times what the first one took.
constexpr std::int64_t kLongestPause = kMillisecond;
constexpr std::int64_t kExecutorsPause = 16;
constexpr std::int64_t kPublishersPause = 3;

/// Awake at first; then whoever else wants this core may have it: of three threads on two cores
/// the one that is waited for may be the one that waits for a core.
class Wait {
 public:
  bool before(std::int64_t end) noexcept {
    const std::int64_t now = steady_ns();
    if (now >= end) return false;
    if (now - begun_ < kAwake) {
      pause_core();
    } else {
      sched_yield();
    }
    return true;
  }

 private:
  const std::int64_t begun_ = steady_ns();
};
}  // namespace

GilArbiter& GilArbiter::instance() {
  static GilArbiter& arbiter = *new GilArbiter();  // leaked: threads may outlive static destructors
  return arbiter;
}

void GilArbiter::announce(std::uint8_t priority, int change) noexcept {
  waiting_[priority].fetch_add(change, std::memory_order_relaxed);
  // Recomputed by everybody who changes it; a stale value lasts until the next change and only
  // makes a publisher let go once too often or one event too late.
  int top = kPriorities - 1;
  while (top >= 0 && waiting_[static_cast<std::size_t>(top)].load(std::memory_order_relaxed) == 0) {
    --top;
  }
  top_.store(top, std::memory_order_relaxed);
}

void GilArbiter::acquire(PyThreadState* state, std::uint8_t priority) noexcept {
  stay_out();
  announce(priority, 1);
  await_offer();
  stay_out();
  attach(state);
  announce(priority, -1);
  grants_.fetch_add(1, std::memory_order_release);
}

void GilArbiter::stay_out() const noexcept {
  Wait wait;
  while (wait.before(turn_until_.load(std::memory_order_relaxed))) {
  }
}

/// While a publisher is at it, it lets go within about a microsecond; to sleep and be woken
/// costs 20.
void GilArbiter::await_offer() noexcept {
  const std::int64_t now = steady_ns();
  if (now >= hot_until_.load(std::memory_order_relaxed)) return;
  const std::uint64_t offers = offers_.load(std::memory_order_relaxed);
  Wait wait;
  while (offers_.load(std::memory_order_relaxed) == offers && wait.before(now + kOffer)) {
  }
}

bool GilArbiter::may_keep(std::int64_t attached_ns) const noexcept {
  if (wanted()) return false;
  const std::int64_t now = steady_ns();
  if (now < attached_ns + kKeep) return true;
  return publishers_.load(std::memory_order_relaxed) == 0 &&
         now < next_turn_ns_.load(std::memory_order_relaxed);
}

PyThreadState* GilArbiter::let_go(std::int64_t pause_per_turn) noexcept {
  const std::int64_t before = steady_ns();
  const bool due = before >= next_turn_ns_.load(std::memory_order_relaxed);
  const std::uint64_t grants = grants_.load(std::memory_order_relaxed);
  PyThreadState* state = PyEval_SaveThread();
  if (!due) return state;
  const std::int64_t after = steady_ns();
  if (after - before > kWaiterTells) give_turn(after, grants, pause_per_turn);
  return state;
}

void GilArbiter::give_turn(std::int64_t begun, std::uint64_t grants,
                           std::int64_t pause_per_turn) noexcept {
  // Whoever gets the GIL meanwhile does not begin a second one.
  next_turn_ns_.store(begun + kTurn + kKeep, std::memory_order_relaxed);
  turn_ends_.store(begun + kTurn, std::memory_order_relaxed);
  turn_until_.store(begun + kTurn, std::memory_order_relaxed);
  // An executor that slept already may have been the waiter.
  Wait wait;
  while (grants_.load(std::memory_order_relaxed) == grants &&
         wait.before(turn_until_.load(std::memory_order_relaxed))) {
  }
  const std::int64_t now = steady_ns();
  turn_until_.store(0, std::memory_order_relaxed);
  next_turn_ns_.store(now + std::clamp(pause_per_turn * (now - begun), kKeep, kLongestPause),
                      std::memory_order_relaxed);
}

void GilArbiter::use_turn() noexcept {
  const std::int64_t until =
      wanted() ? 0 : std::min(steady_ns() + kNextCall, turn_ends_.load(std::memory_order_relaxed));
  turn_until_.store(until, std::memory_order_relaxed);
}

void GilArbiter::release() noexcept {
  let_go(kExecutorsPause);
  returns_.fetch_add(1, std::memory_order_relaxed);
}

void GilArbiter::hand_over() noexcept {
  const std::uint64_t grants = grants_.load(std::memory_order_acquire);
  const std::uint64_t returns = returns_.load(std::memory_order_relaxed);
  publishers_.fetch_add(1, std::memory_order_relaxed);
  PyThreadState* state = let_go(kPublishersPause);
  offers_.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t end = steady_ns() + kHandOver;
  Wait wait;
  while (grants_.load(std::memory_order_acquire) == grants && wanted() && wait.before(end)) {
  }
  while (returns_.load(std::memory_order_relaxed) == returns && wait.before(end)) {
  }
  stay_out();
  hot_until_.store(steady_ns() + kHot, std::memory_order_relaxed);
  attach(state);
  publishers_.fetch_sub(1, std::memory_order_relaxed);
}

void GilArbiter::forget_waiters() noexcept {
  for (auto& waiting : waiting_) waiting.store(0, std::memory_order_relaxed);
  top_.store(-1, std::memory_order_relaxed);
  publishers_.store(0, std::memory_order_relaxed);
  turn_until_.store(0, std::memory_order_relaxed);
}

}  // namespace veltrix
