#pragma once
// Waits of tests. Each ends after a long while with an answer instead of hanging, so that a lost
// wake-up is a failed test.

#include <atomic>
#include <thread>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/pause.hpp"

#if defined(__SANITIZE_THREAD__)
#define VX_SANITIZED_THREADS 1
#else
#define VX_SANITIZED_THREADS 0
#endif
#if defined(__SANITIZE_ADDRESS__)
#define VX_SANITIZED_ADDRESSES 1
#else
#define VX_SANITIZED_ADDRESSES 0
#endif

namespace veltrix {

inline constexpr std::int64_t kPatience = 20 * kSecond;

/// Work for a test that runs ten to fifty times slower under a sanitizer.
constexpr int scaled(int rounds) {
  return rounds / (VX_SANITIZED_THREADS != 0 ? 50 : VX_SANITIZED_ADDRESSES != 0 ? 10 : 1);
}

/// True as soon as `condition` holds; false: it did not come to hold. Spins a little, then lets
/// others run: the cores may be fewer than the threads.
template <class Condition>
bool await(const Condition& condition, std::int64_t patience = kPatience) {
  constexpr int kSpins = 200;
  for (int i = 0; i < kSpins; ++i) {
    if (condition()) return true;
    pause_core();
  }
  const std::int64_t until = steady_ns() + patience;
  while (!condition()) {
    if (steady_ns() > until) return condition();
    std::this_thread::yield();
  }
  return true;
}

/// Holds handlers until a test lets them go; whatever way the test ends, they are let go.
class Barrier {
 public:
  /// A handler's side: says that it is here, and waits.
  void wait() noexcept {
    arrived_.fetch_add(1, std::memory_order_acq_rel);
    open_.wait(false, std::memory_order_acquire);
  }
  bool arrived(int count = 1) {
    return await([&] { return arrived_.load(std::memory_order_acquire) >= count; });
  }
  void open() noexcept {
    open_.store(true, std::memory_order_release);
    open_.notify_all();
  }

  /// Opens at the end of a scope. Declare it behind the engine, which waits for its handlers.
  class Opener {
   public:
    explicit Opener(Barrier& barrier) : barrier_(barrier) {}
    ~Opener() { barrier_.open(); }
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;

   private:
    Barrier& barrier_;
  };

 private:
  std::atomic<int> arrived_{0};
  std::atomic<bool> open_{false};
};

}  // namespace veltrix
