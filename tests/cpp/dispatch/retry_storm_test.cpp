// All handlers fail for a minute of virtual time, then recover: F18 of the fault list. Failing is
// quick, as a refused connection is, so nothing but the jitter of retries keeps them apart.

#include <algorithm>
#include <numeric>

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

constexpr std::int64_t kOutage = 60 * kSecond;
constexpr std::int64_t kFailing = 10 * kMicrosecond;
constexpr std::int64_t kWorking = kMillisecond;
constexpr std::int64_t kWindow = 100 * kMillisecond;
constexpr std::size_t kEvents = 3'000;  // all there when the outage begins

/// One executor in virtual time.
class Storm {
 public:
  Storm() : rig_({options()}), begin_(rig_.now) {
    rig_.queue(0).cost_known = true;
    rig_.publish_many(kEvents, {});
  }

  void run() {
    while (rig_.queue(0).counts.in_flight != 0) {
      rig_.advance_to(rig_.now);
      const Pick pick = rig_.pick(1);
      if (pick.empty()) {
        rig_.now = rig_.machine->next_due();
        continue;
      }
      const bool fails = elapsed() < kOutage;
      if (fails) ++attempts_[static_cast<std::size_t>(elapsed() / kWindow)];
      rig_.now += fails ? kFailing : kWorking;
      rig_.settle(pick, fails ? OutcomeKind::kRetry : OutcomeKind::kDone, kWorking);
    }
  }

  std::int64_t elapsed() const { return rig_.now - begin_; }
  /// In the last half of the outage: the fullest window against the mean one.
  double spike() const {
    const auto half = attempts_.begin() + static_cast<std::ptrdiff_t>(attempts_.size() / 2);
    const double sum = std::accumulate(half, attempts_.end(), 0.0);
    return *std::max_element(half, attempts_.end()) /
           (sum / static_cast<double>(attempts_.end() - half));
  }
  Rig& rig() { return rig_; }

 private:
  static QueueOptions options() {
    QueueOptions options = queue_named("a");
    options.order = Order::kNone;
    options.retry = {1'000, 200 * kMillisecond, 2 * kSecond, 0};
    return options;
  }

  Rig rig_;
  const std::int64_t begin_;
  std::vector<int> attempts_ = std::vector<int>(kOutage / kWindow);
};

TEST(RetryStorm, IsSpreadOutAndWorkedOffInTwiceItsTime) {
  Storm storm;
  storm.run();
  const QueueCounts& counts = storm.rig().queue(0).counts;
  EXPECT_EQ(counts.done, kEvents);
  EXPECT_EQ(counts.dead, 0U);
  EXPECT_LT(storm.spike(), 1.5) << "retries come as waves";
  const std::int64_t backlog_time = static_cast<std::int64_t>(kEvents) * kWorking;
  EXPECT_LE(storm.elapsed() - kOutage, 2 * backlog_time);
  expect_balance(storm.rig(), true);
}

}  // namespace
}  // namespace veltrix
