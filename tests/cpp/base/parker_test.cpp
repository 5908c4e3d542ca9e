#include "veltrix/base/parker.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>

#include "veltrix/base/clock.hpp"

namespace veltrix {
namespace {

// Long enough that only a lost wake-up takes it: a wait that should end early fails then, by time.
constexpr std::int64_t kPatience = 20 * kSecond;
constexpr int kRounds = 20'000;

TEST(Parker, DoesNotSleepWhenTheTokenCameFirst) {
  Parker parker;
  parker.unpark();
  EXPECT_TRUE(parker.park());
}

TEST(Parker, KeepsOneTokenOnly) {
  Parker parker;
  parker.unpark();
  parker.unpark();
  EXPECT_TRUE(parker.park(0));
  EXPECT_FALSE(parker.park(0));
}

TEST(Parker, ComesBackWithoutATokenWhenTheTimeIsOver) {
  Parker parker;
  const std::int64_t begun = steady_ns();
  EXPECT_FALSE(parker.park(kMillisecond));
  // The kernel's clock and ours agree to some microseconds.
  EXPECT_GE(steady_ns() - begun, kMillisecond - 10 * kMicrosecond);
}

TEST(Parker, SleepsMoreThanASecondWhenAsked) {
  Parker parker;
  std::jthread waker([&] { parker.unpark(); });
  EXPECT_TRUE(parker.park(2 * kSecond + 5));
}

TEST(Parker, LosesNoTokenBetweenTwoThreads) {
  Parker ping;
  Parker pong;
  int lost = 0;
  std::jthread other([&] {
    for (int i = 0; i < kRounds; ++i) {
      (void)ping.park();
      pong.unpark();
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    ping.unpark();
    // A park may end early without a token, but not for ever.
    const std::int64_t until = steady_ns() + kPatience;
    bool token = false;
    while (!token && steady_ns() < until) token = pong.park(kPatience);
    if (!token) ++lost;
    if (lost != 0) ping.unpark();
  }
  EXPECT_EQ(lost, 0);
}

TEST(Parker, ShowsWhatWasWrittenBeforeTheToken) {
  Parker parker;
  int written = 0;  // plain: ThreadSanitizer sees a race if unpark() does not order it
  std::jthread writer([&] {
    written = 7;
    parker.unpark();
  });
  while (!parker.park(kPatience)) {
  }
  EXPECT_EQ(written, 7);
}

TEST(Gate, DoesNotSleepWhenNotifiedAfterTheTicket) {
  Gate gate;
  const std::uint32_t ticket = gate.prepare();
  gate.notify();
  EXPECT_TRUE(gate.wait(ticket, kPatience));
}

TEST(Gate, DoesNotCountANoticeBeforeTheTicket) {
  Gate gate;
  gate.notify();
  const std::uint32_t ticket = gate.prepare();
  EXPECT_FALSE(gate.wait(ticket, kMillisecond));
}

TEST(Gate, HasNobodyToWakeAfterACancel) {
  Gate gate;
  const std::uint32_t first = gate.prepare();
  gate.cancel();
  gate.notify();  // nobody waits: the epoch stays
  EXPECT_EQ(gate.prepare(), first);
  gate.cancel();
}

/// Numbers that climb: a notifier counts up, waiters wait for each number.
TEST(Gate, LosesNoNoticeOfManyWaiters) {
  constexpr int kWaiters = 3;
  Gate changed;
  Gate seen;
  std::atomic<int> number{0};
  std::array<std::atomic<int>, kWaiters> reached{};
  std::atomic<int> lost{0};
  const auto wait_until = [&](Gate& gate, const auto& condition) {
    const std::int64_t until = steady_ns() + kPatience;
    while (true) {
      const std::uint32_t ticket = gate.prepare();
      if (condition() || steady_ns() > until) break;
      (void)gate.wait(ticket, kPatience);
    }
    gate.cancel();
    if (!condition()) lost.fetch_add(1);
  };
  std::vector<std::jthread> waiters;
  for (std::size_t w = 0; w < kWaiters; ++w) {
    waiters.emplace_back([&, w] {
      for (int i = 1; i <= kRounds / 10 && lost.load() == 0; ++i) {
        wait_until(changed, [&] { return number.load(std::memory_order_relaxed) >= i; });
        reached[w].store(i, std::memory_order_relaxed);
        seen.notify();
      }
    });
  }
  for (int i = 1; i <= kRounds / 10 && lost.load() == 0; ++i) {
    number.store(i, std::memory_order_relaxed);
    changed.notify();
    for (auto& one : reached) {
      wait_until(seen, [&] { return one.load(std::memory_order_relaxed) >= i; });
    }
  }
  waiters.clear();
  EXPECT_EQ(lost.load(), 0);
}

bool readable(const Parker& parker) {
  pollfd one{parker.fd(), POLLIN, 0};
  return poll(&one, 1, 0) == 1;
}

TEST(Parker, WakesThroughADescriptorUntilItIsCleared) {
  Parker parker(Parker::Wake::kDescriptor);
  EXPECT_FALSE(readable(parker));
  parker.unpark();
  parker.unpark();
  EXPECT_TRUE(readable(parker));
  parker.clear();
  EXPECT_FALSE(readable(parker));
  parker.unpark();
  EXPECT_TRUE(readable(parker)) << "and again";
}

TEST(Parker, LosesNoWakeThatComesWhileItIsCleared) {
  Parker parker(Parker::Wake::kDescriptor);
  std::atomic<int> said{0};
  std::jthread waker([&] {
    for (int i = 1; i <= kRounds; ++i) {
      said.store(i, std::memory_order_relaxed);
      parker.unpark();
    }
  });
  const std::int64_t until = steady_ns() + 20 * kSecond;
  int seen = 0;
  while (seen < kRounds && steady_ns() < until) {
    pollfd one{parker.fd(), POLLIN, 0};
    if (poll(&one, 1, 1'000) == 0) continue;
    parker.clear();
    seen = said.load(std::memory_order_relaxed);
  }
  EXPECT_EQ(seen, kRounds);
}

TEST(Gate, TellsItsWatchersFromWatchToUnwatch) {
  Gate gate;
  Parker first(Parker::Wake::kDescriptor);
  Parker second(Parker::Wake::kDescriptor);
  gate.notify();
  gate.watch(first);
  EXPECT_FALSE(readable(first));
  gate.watch(second);
  gate.notify();
  EXPECT_TRUE(readable(first));
  EXPECT_TRUE(readable(second));
  first.clear();
  second.clear();
  gate.unwatch(first);
  gate.unwatch(first);
  gate.notify();
  EXPECT_FALSE(readable(first));
  EXPECT_TRUE(readable(second));
  gate.unwatch(second);
}

}  // namespace
}  // namespace veltrix
