#include "bindings/gil_arbiter.hpp"

#include "veltrix/base/clock.hpp"
#include "veltrix/base/pause.hpp"

#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kHandOver = 100 * kMicrosecond;
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
  attach(state);
  announce(priority, -1);
  grants_.fetch_add(1, std::memory_order_release);
}

void GilArbiter::release() noexcept {
  const std::int64_t before = steady_ns();
  std::int64_t& last_turn = last_turn_ns_;
  const bool turn_due = before - last_turn > kTurnEvery;
  if (turn_due) last_turn = before;
  PyEval_SaveThread();
  if (!turn_due) return;
  const std::int64_t after = steady_ns();
  if (after - before > kWaiterTells) {
    stay_out_until_.store(after + kTurn, std::memory_order_relaxed);
  }
}

void GilArbiter::hand_over() noexcept {
  const std::uint64_t grants = grants_.load(std::memory_order_acquire);
  PyThreadState* state = PyEval_SaveThread();
  const std::int64_t until = steady_ns() + kHandOver;
  while (grants_.load(std::memory_order_acquire) == grants && wanted() && steady_ns() < until) {
    pause_core();
  }
  attach(state);
}

void GilArbiter::forget_waiters() noexcept {
  for (auto& waiting : waiting_) waiting.store(0, std::memory_order_relaxed);
  top_.store(-1, std::memory_order_relaxed);
}

}  // namespace veltrix
