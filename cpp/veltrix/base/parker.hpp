#pragma once
// One thread sleeps here until another wakes it: a one-token semaphore over a futex. A token that
// comes before the sleep is not lost: the sleep ends at once. Linux only.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace veltrix {

class Parker {
 public:
  /// kDescriptor: nobody parks; who waits watches a file descriptor, as event loops do.
  enum class Wake : std::uint8_t { kFutex, kDescriptor };
  explicit Parker(Wake wake = Wake::kFutex);
  ~Parker();
  Parker(const Parker&) = delete;
  Parker& operator=(const Parker&) = delete;

  /// Sleeps until a token is there or `timeout_ns` is over (-1: for ever), and takes the token.
  /// True: there was one. May end early without one.
  bool park(std::int64_t timeout_ns = -1) noexcept;
  /// Any thread. Costs one exchange when nobody sleeps.
  void unpark() noexcept;

  // With a descriptor: readable from unpark() to clear().
  int fd() const noexcept { return fd_; }
  void clear() noexcept;

 private:
  enum : std::uint32_t { kEmpty = 0, kToken = 1, kSleeping = 2 };
  std::atomic<std::uint32_t> state_{kEmpty};
  int fd_ = -1;
};

/// Many threads wait here for a condition that others make true (an eventcount). A waiter takes a
/// ticket with prepare(), looks at its condition, then wait()s on the ticket or cancel()s; a
/// notifier changes the condition first, then calls notify(), which costs a fence and a load if
/// nobody waits.
class Gate {
 public:
  std::uint32_t prepare() noexcept;
  void cancel() noexcept;
  /// False: the timeout is over.
  bool wait(std::uint32_t ticket, std::int64_t timeout_ns) noexcept;
  void notify() noexcept;

  /// Event loops do not sleep here: from watch() to unwatch() every notify() unparks the watcher,
  /// which looks at its conditions after each clear(). It counts as a waiter.
  void watch(Parker& watcher);
  void unwatch(Parker& watcher) noexcept;

 private:
  std::atomic<std::uint32_t> epoch_{0};
  std::atomic<std::uint32_t> waiters_{0};
  std::atomic<std::uint32_t> watched_{0};
  std::mutex watchers_mutex_;
  std::vector<Parker*> watchers_;  // GUARDED_BY(watchers_mutex_)
};

}  // namespace veltrix
