#include "veltrix/base/parker.hpp"

#include <cerrno>
#include <climits>
#include <ctime>
#include <system_error>

#include <linux/futex.h>
#include <sys/eventfd.h>
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

Parker::Parker(Wake wake) {
  if (wake == Wake::kFutex) return;
  fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Parker::~Parker() {
  if (fd_ >= 0) close(fd_);
}

void Parker::clear() noexcept {
  std::uint64_t count = 0;
  (void)!read(fd_, &count, sizeof count);
  // Last: a token that comes in between is taken with this one, and what it tells of is seen by
  // whoever looks from here on. acquire: what the waker wrote before is visible.
  state_.exchange(kEmpty, std::memory_order_acquire);
}

void Parker::unpark() noexcept {
  if (fd_ >= 0) {
    // acq_rel: once between two clear()s
    if (state_.exchange(kToken, std::memory_order_acq_rel) == kToken) return;
    const std::uint64_t one = 1;
    (void)!write(fd_, &one, sizeof one);
    return;
  }
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
  const std::uint32_t watched = watched_.load(std::memory_order_acquire);
  if (waiters_.load(std::memory_order_relaxed) > watched) futex_wake(epoch_, INT_MAX);
  if (watched == 0) return;
  const std::lock_guard guard(watchers_mutex_);
  for (Parker* watcher : watchers_) watcher->unpark();
}

void Gate::watch(Parker& watcher) {
  const std::lock_guard guard(watchers_mutex_);
  watchers_.push_back(&watcher);
  watched_.fetch_add(1, std::memory_order_release);
  (void)prepare();  // from here on notify() does not pass by
}

void Gate::unwatch(Parker& watcher) noexcept {
  const std::lock_guard guard(watchers_mutex_);
  if (std::erase(watchers_, &watcher) == 0) return;
  watched_.fetch_sub(1, std::memory_order_release);
  cancel();
}

}  // namespace veltrix
