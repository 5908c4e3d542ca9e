#include "veltrix/base/thread_cpu.hpp"

#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "veltrix/base/clock.hpp"

namespace veltrix {
namespace {

/// Works, rather than waits, until its own CPU clock has moved by 2 ms.
void work() {
  const auto spent = [] {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * kSecond + now.tv_nsec;
  };
  const std::int64_t until = spent() + 2 * kMillisecond;
  while (spent() < until) {
  }
}

TEST(ThreadCpu, IsZeroBeforeItsThreadBegins) { EXPECT_EQ(ThreadCpu().ns(), 0); }

TEST(ThreadCpu, GrowsWhileItsThreadWorksAndIsKeptWhenItHasEnded) {
  ThreadCpu cpu;
  std::binary_semaphore worked{0}, read{0};
  std::thread thread([&] {
    const ThreadCpu::Measured measured(cpu);
    work();
    worked.release();
    read.acquire();
    work();
  });
  worked.acquire();
  const std::int64_t first = cpu.ns();
  EXPECT_GE(first, 2 * kMillisecond);
  read.release();
  thread.join();
  const std::int64_t last = cpu.ns();
  EXPECT_GE(last, first + 2 * kMillisecond);
  std::thread(work).join();  // very likely with the number of the one that has ended
  EXPECT_EQ(cpu.ns(), last);
}

TEST(ThreadCpu, DoesNotCountAnotherThreadsWork) {
  ThreadCpu cpu;
  std::binary_semaphore begun{0}, end{0};
  std::thread thread([&] {
    const ThreadCpu::Measured measured(cpu);
    begun.release();
    end.acquire();
  });
  begun.acquire();
  work();
  EXPECT_LT(cpu.ns(), 2 * kMillisecond);
  end.release();
  thread.join();
}

}  // namespace
}  // namespace veltrix
