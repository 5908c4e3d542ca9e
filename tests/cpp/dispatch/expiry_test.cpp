// What waits too long (`ttl`, expirytime), and what is cancelled.

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

QueueOptions short_lived(std::int64_t ttl = kSecond) {
  QueueOptions options = queue_named("a");
  options.ttl = ttl;
  return options;
}

TEST(Expiry, DropsWhatWaitedTooLongToTheNanosecond) {
  Rig rig({short_lived()});
  rig.publish({{0, 1}});
  rig.publish({{0, 1}});
  const std::int64_t expiry = rig.now + kSecond;
  EXPECT_EQ(rig.machine->next_due(), expiry);
  rig.advance_to(expiry - 1);
  EXPECT_EQ(rig.queue(0).counts.dropped, 0U);
  rig.advance_to(expiry);
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["expired"], 2U);
  EXPECT_TRUE(rig.pick().empty());
  expect_balance(rig, true);
}

TEST(Expiry, LeavesWhatRuns) {
  Rig rig({short_lived()});
  rig.publish({{0}});
  const Pick pick = rig.pick();
  rig.advance_to(rig.now + 2 * kSecond);
  rig.settle(pick);
  EXPECT_EQ(rig.queue(0).counts.done, 1U);
}

TEST(Expiry, EndsRetriesAndDelays) {
  Rig rig({short_lived()});
  rig.publish({{0, 0, 4, rig.now + 10 * kSecond}});
  rig.publish({{0, 2}});
  rig.settle(rig.pick(), OutcomeKind::kRetry);
  rig.advance_to(rig.now + kSecond);
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["expired"], 2U);
  EXPECT_EQ(rig.queue(0).counts.delayed, 0U);
  rig.publish({{0, 2}});
  const Pick pick = rig.pick();
  rig.now += 2 * kSecond;
  rig.settle(pick, OutcomeKind::kRetry);  // too late for another attempt
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["expired"], 3U);
  expect_balance(rig, true);
}

TEST(Expiry, HeedsTheEventsOwn) {
  Rig rig({queue_named("a"), short_lived(kMillisecond)});
  rig.expiry = rig.now + 5 * kMillisecond;
  rig.publish({{0}, {1}});
  rig.advance_to(rig.now + kMillisecond);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 1U);
  EXPECT_EQ(rig.queue(1).counts.in_flight, 0U);
  rig.advance_to(rig.expiry);
  EXPECT_EQ(rig.queue(0).counts.in_flight, 0U);
  rig.publish({{0}});  // expired before it came
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["expired"], 2U);
  EXPECT_EQ(rig.queue(0).counts.accepted, 2U);
  expect_balance(rig, true);
}

TEST(Expiry, FreesTheKeyOfAParkedRetry) {
  QueueOptions options = short_lived(3 * kMillisecond);
  options.retry.backoff = kSecond;
  Rig rig({options});
  rig.publish({{0, 1}});
  rig.settle(rig.pick(), OutcomeKind::kRetry);
  rig.now += 2 * kMillisecond;
  rig.publish({{0, 1}});
  EXPECT_TRUE(rig.pick().empty());
  rig.advance_to(rig.now + kMillisecond);
  EXPECT_EQ(sequences(rig.pick()), (Sequences{2}));
}

TEST(Cancel, FindsWhatWaitsWhereverItIs) {
  QueueOptions sorted = queue_named("b");
  sorted.sort_wait = kSecond;
  QueueOptions plain = queue_named("a");
  plain.concurrency = 4;
  Rig rig({plain, sorted});
  rig.event_time = 5;
  rig.publish({{0, 9}}, 1);
  const Pick running = rig.pick();
  rig.publish({{0, 1}, {1, 1}}, 2);                // ready; held
  rig.publish({{0, 1}}, 3);                        // behind it
  rig.publish({{0, 0, 4, rig.now + kSecond}}, 4);  // delayed
  rig.publish({{0}}, 5);                           // ready, unordered
  for (const char* id : {"id2", "id3", "id4", "id5", "id1", "id9"}) {
    const std::size_t expected = id[2] == '2' ? 2U : (id[2] == '1' || id[2] == '9') ? 0U : 1U;
    EXPECT_EQ(rig.machine->cancel(id, "/rig", rig.now).size(), expected) << id;
  }
  EXPECT_EQ(rig.queue(0).counts.dropped_by_reason["cancelled"], 4U);
  EXPECT_TRUE(rig.pick().empty());
  rig.settle(running);
  EXPECT_EQ(rig.machine->dispatcher().strands(), 0U);
  expect_balance(rig, true);
}

TEST(Cancel, TellsSourcesApart) {
  Rig rig({queue_named("a")});
  rig.publish({{0}}, 1);
  EXPECT_TRUE(rig.machine->cancel("id1", "/other", rig.now).empty());
  EXPECT_EQ(rig.machine->cancel("id1", "", rig.now).size(), 1U);
}

}  // namespace
}  // namespace veltrix
