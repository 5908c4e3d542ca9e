#include "veltrix/base/parker.hpp"

#include <cerrno>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace veltrix {

namespace {

/// False only on a timeout.
bool futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::int64_t timeout_ns) noexcept {
  timespec limit{};
  if (timeout_ns >= 0) {
    limit.tv_sec = static_cast<time_t>(timeout_ns / 1'000'000'000);
    limit.tv_nsec = static_cast<long>(timeout_ns % 1'000'000'000);
  }
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected,
                              timeout_ns >= 0 ? &limit : nullptr, nullptr, 0);
  return !(result == -1 && errno == ETIMEDOUT);
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

}  // namespace

bool Parker::park(std::int64_t timeout_ns) noexcept {
  std::uint32_t expected = kEmpty;
  // acquire on success of taking a token: what the waker wrote before is visible
  if (state_.compare_exchange_strong(expected, kSleeping, std::memory_order_acquire)) {
    futex_wait(state_, kSleeping, timeout_ns);
  }
  return state_.exchange(kEmpty, std::memory_order_acquire) == kToken;
}

void Parker::unpark() noexcept {
  // release: pairs with the acquire in park()
  if (state_.exchange(kToken, std::memory_order_release) == kSleeping) futex_wake(state_, 1);
}

std::uint32_t Gate::prepare() noexcept {
  waiters_.fetch_add(1, std::memory_order_relaxed);
  // seq_cst fence: the waiter's announcement before its look at the condition, which may be a
  // relaxed one (Dekker, with the fence in notify())
  std::atomic_thread_fence(std::memory_order_seq_cst);
  // acquire: what was changed before a notice that this ticket already counts is seen by the look
  return epoch_.load(std::memory_order_acquire);
}

void Gate::cancel() noexcept { waiters_.fetch_sub(1, std::memory_order_relaxed); }

bool Gate::wait(std::uint32_t ticket, std::int64_t timeout_ns) noexcept {
  bool in_time = true;
  if (epoch_.load(std::memory_order_acquire) == ticket) {
    in_time = futex_wait(epoch_, ticket, timeout_ns);
  }
  cancel();
  return in_time;
}

void Gate::notify() noexcept {
  // seq_cst fence: the condition was changed before; see prepare()
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (waiters_.load(std::memory_order_relaxed) == 0) return;
  epoch_.fetch_add(1, std::memory_order_release);
  futex_wake(epoch_, INT_MAX);
}

}  // namespace veltrix
