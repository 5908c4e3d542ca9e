#include "veltrix/queue/timer_wheel.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/base/clock.hpp"

#include "cpp/queue/deliveries.hpp"

namespace veltrix {
namespace {

constexpr std::int64_t kTick = 1 << 18;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDay = 86'400 * kSecond;

/// A wheel beside a sorted set of what waits in it.
class WheelModel {
 public:
  explicit WheelModel(std::int64_t now) : wheel_(now), now_(now) {}

  void insert(std::int64_t after) {
    Delivery& delivery = deliveries_.add(++sequence_, now_ + after);
    wheel_.insert(delivery);
    waiting_.emplace(delivery.ready_ns, sequence_);
  }
  void advance(std::int64_t by) {
    now_ += by;
    const bool promised = wheel_.next_due() <= now_;
    std::vector<Delivery*> due;
    wheel_.advance(now_, due);
    if (!due.empty()) RC_ASSERT(promised);
    std::pair<std::int64_t, std::uint64_t> last{0, 0};
    for (const Delivery* delivery : due) {
      const std::pair<std::int64_t, std::uint64_t> one{delivery->ready_ns,
                                                       delivery->slot->sequence};
      RC_ASSERT(one.first <= now_);  // never early
      RC_ASSERT(last < one);         // in order of time, then of sequence
      RC_ASSERT(waiting_.erase(one) == 1U);
      last = one;
    }
    // Late by a tick at most.
    if (!waiting_.empty()) RC_ASSERT(waiting_.begin()->first + kTick > now_);
    RC_ASSERT(wheel_.size() == waiting_.size());
  }
  /// Sleeping until next_due() again and again gets everything out.
  void run_dry() {
    for (int i = 0; i < 10'000 && !waiting_.empty(); ++i) {
      const std::int64_t next = wheel_.next_due();
      RC_ASSERT(next != kNever);
      RC_ASSERT(next <= waiting_.begin()->first + kTick);
      advance(std::max<std::int64_t>(next - now_, 0));
    }
    RC_ASSERT(waiting_.empty());
    RC_ASSERT(wheel_.next_due() == kNever);
  }

 private:
  Deliveries deliveries_;
  TimerWheel wheel_;
  std::int64_t now_;
  std::uint64_t sequence_ = 0;
  std::set<std::pair<std::int64_t, std::uint64_t>> waiting_;
};

/// Times of every order of magnitude, from one nanosecond to 100 days.
rc::Gen<std::int64_t> any_span() {
  return rc::gen::mapcat(rc::gen::inRange(0, 53), [](int bits) {
    return rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << bits);
  });
}

RC_GTEST_PROP(TimerWheelProperty, IsNeverEarlyAndLateByATickAtMost, ()) {
  WheelModel model(*any_span());
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    if (*rc::gen::inRange(0, 3) != 0) {
      model.insert(*any_span());
    } else {
      model.advance(*any_span());
    }
  }
  model.run_dry();
}

TEST(TimerWheel, FiresAroundEveryBorderOfItsLevels) {
  for (int level = 0; level <= 5; ++level) {
    const std::int64_t block = kTick << (6 * level);
    for (const std::int64_t due : {block - kTick, block - 1, block, block + 1, block + kTick}) {
      Deliveries deliveries;
      TimerWheel wheel(block - 2 * kTick);
      wheel.insert(deliveries.add(1, due));
      std::vector<Delivery*> out;
      wheel.advance(due - 1, out);
      EXPECT_TRUE(out.empty()) << "level " << level << " due " << due;
      wheel.advance(due + kTick, out);
      EXPECT_EQ(out.size(), 1U) << "level " << level << " due " << due;
    }
  }
}

/// What is furthest away shares its slot of the outermost level with the current time.
TEST(TimerWheel, DoesNotLetAFarTimerHideANearerOne) {
  Deliveries deliveries;
  TimerWheel wheel(kTick);
  wheel.insert(deliveries.add(1, 10 * kDay));
  wheel.insert(deliveries.add(2, kDay / 2));
  EXPECT_LE(wheel.next_due(), kDay / 2);
  std::vector<Delivery*> out;
  wheel.advance(kDay / 2 + kTick, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out.front()->slot->sequence, 2U);
}

TEST(TimerWheel, KeepsWhatLiesBeyondItsHorizon) {
  for (const std::int64_t days : {3, 4, 10, 400}) {
    Deliveries deliveries;
    TimerWheel wheel(kDay);
    wheel.insert(deliveries.add(1, kDay + days * kDay));
    std::vector<Delivery*> out;
    for (std::int64_t day = 1; day < days; ++day) wheel.advance(kDay + day * kDay, out);
    EXPECT_TRUE(out.empty()) << days;
    wheel.advance(kDay + days * kDay + kTick, out);
    EXPECT_EQ(out.size(), 1U) << days;
  }
}

/// One event in several queues, delayed by as much: filed in the order in which it would have been
/// at once, whatever the wheel did with them.
TEST(TimerWheel, KeepsTheQueuesOfOneEventInOrder) {
  constexpr std::uint16_t kQueues = 5;
  Deliveries deliveries;
  TimerWheel wheel;
  Delivery& first = deliveries.add(1, kTick);
  std::array<Delivery, kQueues> others;
  for (std::uint16_t queue = 1; queue < kQueues; ++queue) {
    others[queue].slot = first.slot;
    others[queue].ready_ns = first.ready_ns;
    others[queue].queue = queue;
  }
  for (const std::size_t at : {2U, 4U, 1U, 3U}) wheel.insert(others[at]);
  wheel.insert(first);
  std::vector<Delivery*> out;
  wheel.advance(2 * kTick, out);
  ASSERT_EQ(out.size(), std::size_t{kQueues});
  for (std::uint16_t queue = 0; queue < kQueues; ++queue) EXPECT_EQ(out[queue]->queue, queue);
}

TEST(TimerWheel, TakesOneJumpOverEverything) {
  Deliveries deliveries;
  TimerWheel wheel;
  std::uint64_t sequence = 0;
  for (std::int64_t due = 1; due < 300 * kDay; due *= 3)
    wheel.insert(deliveries.add(++sequence, due));
  std::vector<Delivery*> out;
  wheel.advance(1'000 * kDay, out);
  EXPECT_EQ(out.size(), sequence);
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_TRUE(std::is_sorted(out.begin(), out.end(), [](const Delivery* a, const Delivery* b) {
    return a->ready_ns < b->ready_ns;
  }));
}

TEST(TimerWheel, FiresWhatIsDueAlreadyWithinATick) {
  Deliveries deliveries;
  TimerWheel wheel(10 * kTick);
  wheel.insert(deliveries.add(1, 10 * kTick));
  wheel.insert(deliveries.add(2, 3 * kTick));
  std::vector<Delivery*> out;
  wheel.advance(11 * kTick, out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out.front()->slot->sequence, 2U);
}

TEST(TimerWheel, AppendsBehindWhatIsInTheListAlready) {
  Deliveries deliveries;
  TimerWheel wheel;
  Delivery& other = deliveries.add(9, 99 * kTick);
  std::vector<Delivery*> out{&other};
  wheel.insert(deliveries.add(1, kTick));
  wheel.advance(2 * kTick, out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out.front(), &other);
}

}  // namespace
}  // namespace veltrix
