#include "bindings/gil_arbiter.hpp"

#include "veltrix/base/clock.hpp"
#include "veltrix/base/pause.hpp"

#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kHandOver = 200 * kMicrosecond;
constexpr std::int64_t kHot = kMillisecond;
constexpr std::int64_t kOffer = 10 * kMicrosecond;
constexpr std::int64_t kWaiterTells = 600;
constexpr std::int64_t kTurn = 60 * kMicrosecond;
constexpr std::int64_t kTurnEvery = kMillisecond;
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
  const std::int64_t until = stay_out_until_.load(std::memory_order_relaxed);
  while (steady_ns() < until) pause_core();
  announce(priority, 1);
  await_offer();
  attach(state);
  announce(priority, -1);
  grants_.fetch_add(1, std::memory_order_release);
}

/// While a publisher is at it, it lets go within about a microsecond; to sleep and be woken
/// costs 20.
void GilArbiter::await_offer() noexcept {
  const std::int64_t now = steady_ns();
  if (now >= hot_until_.load(std::memory_order_relaxed)) return;
  const std::uint64_t offers = offers_.load(std::memory_order_relaxed);
  while (offers_.load(std::memory_order_relaxed) == offers && steady_ns() < now + kOffer) {
    pause_core();
  }
}

bool GilArbiter::may_keep(std::int64_t attached_ns) const noexcept {
  return !wanted() && steady_ns() - attached_ns < kTurnEvery;
}

void GilArbiter::release() noexcept {
  const std::int64_t before = steady_ns();
  std::int64_t& last_turn = last_turn_ns_;
  const bool turn_due = before - last_turn > kTurnEvery;
  if (turn_due) last_turn = before;
  PyEval_SaveThread();
  returns_.fetch_add(1, std::memory_order_relaxed);
  if (!turn_due) return;
  const std::int64_t after = steady_ns();
  if (after - before > kWaiterTells) {
    stay_out_until_.store(after + kTurn, std::memory_order_relaxed);
  }
}

void GilArbiter::hand_over() noexcept {
  const std::uint64_t grants = grants_.load(std::memory_order_acquire);
  const std::uint64_t returns = returns_.load(std::memory_order_relaxed);
  PyThreadState* state = PyEval_SaveThread();
  offers_.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t begin = steady_ns();
  while (grants_.load(std::memory_order_acquire) == grants && wanted() &&
         steady_ns() < begin + kHandOver) {
    pause_core();
  }
  while (returns_.load(std::memory_order_relaxed) == returns && steady_ns() < begin + kHandOver) {
    pause_core();
  }
  hot_until_.store(steady_ns() + kHot, std::memory_order_relaxed);
  attach(state);
}

void GilArbiter::forget_waiters() noexcept {
  for (auto& waiting : waiting_) waiting.store(0, std::memory_order_relaxed);
  top_.store(-1, std::memory_order_relaxed);
}

}  // namespace veltrix
