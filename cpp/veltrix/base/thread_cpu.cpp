#include "veltrix/base/thread_cpu.hpp"

#include <pthread.h>

#include "veltrix/base/clock.hpp"

namespace veltrix {
namespace {

std::int64_t read_clock(clockid_t clock) noexcept {
  timespec spent{};
  clock_gettime(clock, &spent);
  return static_cast<std::int64_t>(spent.tv_sec) * kSecond + spent.tv_nsec;
}

}  // namespace

std::int64_t thread_cpu_ns() noexcept { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

ThreadCpu::Measured::Measured(ThreadCpu& cpu) noexcept : cpu_(cpu) {
  if (pthread_getcpuclockid(pthread_self(), &cpu_.clock_) != 0) return;  // then it stays 0
  cpu_.running_.store(true, std::memory_order_release);
}

ThreadCpu::Measured::~Measured() {
  cpu_.last_ns_.store(thread_cpu_ns(), std::memory_order_relaxed);
  cpu_.running_.store(false, std::memory_order_release);
}

std::int64_t ThreadCpu::ns() const noexcept {
  if (running_.load(std::memory_order_acquire)) {
    const std::int64_t spent = read_clock(clock_);
    // It runs still, so that was its own clock: the kernel gives an ended thread's number, and the
    // clock with it, to a new one.
    if (running_.load(std::memory_order_acquire)) return spent;
  }
  return last_ns_.load(std::memory_order_relaxed);  // ordered by the acquire of running_
}

}  // namespace veltrix
