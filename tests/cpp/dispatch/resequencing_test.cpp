// Events of a key put back in order of time: resequencer.hpp, filing.cpp.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

QueueOptions sorted(Late late = Late::kDeliver) {
  QueueOptions options = queue_named("a");
  options.sort_wait = kSecond;
  options.sort_late = late;
  return options;
}

/// Events of one key with these times, `apart` ns one after another.
void publish_times(Rig& rig, const std::vector<std::int64_t>& times, std::int64_t apart) {
  for (const std::int64_t time : times) {
    rig.event_time = time;
    rig.publish({{0, 1}});
    rig.now += apart;
  }
}

std::vector<std::int64_t> times_run(Rig& rig) {
  std::vector<std::int64_t> times;
  for (Pick pick = rig.pick(); !pick.empty(); pick = rig.pick()) {
    for (const Delivery* delivery : pick.deliveries) times.push_back(delivery->slot->time_seconds);
    rig.settle(pick);
  }
  return times;
}
using Seconds = std::vector<std::int64_t>;

TEST(Resequencing, OrdersWhatArrivesWithinTheWait) {
  Rig rig({sorted()});
  publish_times(rig, {30, 10, 20, 40}, kMillisecond);
  EXPECT_TRUE(rig.pick().empty());
  EXPECT_EQ(rig.queue(0).counts.held, 4U);
  EXPECT_EQ(rig.machine->next_due(), 2 * kSecond);
  rig.advance_to(2 * kSecond);  // the first one's hold ends: 40 came later
  EXPECT_EQ(times_run(rig), (Seconds{10, 20, 30}));
  rig.advance_to(3 * kSecond);
  EXPECT_EQ(times_run(rig), (Seconds{40}));
  EXPECT_EQ(rig.queue(0).counts.reordered_late, 0U);
  expect_balance(rig, true);
}

TEST(Resequencing, CountsWhatComesLaterThanTheWaitAndLetsEqualTimesBe) {
  Rig rig({sorted()});
  publish_times(rig, {30}, kSecond);  // the next arrives exactly when the hold ends
  publish_times(rig, {20, 30}, 0);
  EXPECT_EQ(rig.queue(0).counts.reordered_late, 1U);
  rig.advance_to(rig.now + kSecond);
  EXPECT_EQ(times_run(rig), (Seconds{30, 20, 30}));
}

TEST(Resequencing, DoesWithLateOnesAsTold) {
  for (const Late late : {Late::kDead, Late::kDrop}) {
    Rig rig({sorted(late)});
    publish_times(rig, {30}, 2 * kSecond);
    publish_times(rig, {20}, 0);
    EXPECT_EQ(rig.queue(0).counts.dead_by_reason["late"], late == Late::kDead ? 1U : 0U);
    EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["late"], late == Late::kDrop ? 1U : 0U);
    EXPECT_EQ(times_run(rig), (Seconds{30}));
    expect_balance(rig, true);
  }
}

TEST(Resequencing, KeepsKeysApart) {
  Rig rig({sorted()});
  rig.event_time = 30;
  rig.publish({{0, 1}});
  rig.advance_to(rig.now + kSecond);
  rig.event_time = 10;
  rig.publish({{0, 2}});
  rig.publish({{0}});  // no key: no order to restore
  EXPECT_EQ(rig.queue(0).counts.reordered_late, 0U);
  EXPECT_EQ(rig.queue(0).counts.held, 1U);
}

TEST(Resequencing, KeepsTheOrderOfTimeWhenABatchComesBack) {
  QueueOptions options = sorted();
  options.retry.backoff = 0;
  Rig rig({options});
  rig.queue(0).cost_ns = 1;
  rig.queue(0).cost_known = true;
  publish_times(rig, {30, 10, 20}, 0);
  rig.advance_to(rig.now + kSecond);
  const Pick pick = rig.pick();
  ASSERT_EQ(pick.deliveries.size(), 3U);
  rig.settle(pick, OutcomeKind::kRetry);
  EXPECT_EQ(times_run(rig), (Seconds{10, 20, 30}));
}

}  // namespace
}  // namespace veltrix
