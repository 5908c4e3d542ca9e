// What is written down of events: timelines.hpp, as the machine feeds it.

#include "veltrix/dispatch/timelines.hpp"

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

using Kinds = std::vector<StationKind>;

Kinds kinds(const Timeline& timeline) {
  Kinds all;
  for (const Station& station : timeline.stations) all.push_back(station.kind);
  return all;
}

/// Runs a pick as an executor does, which tells when it began.
void settle_begun(Rig& rig, const Pick& pick, OutcomeKind kind = OutcomeKind::kDone) {
  std::vector<Machine::Settled> settled;
  for (Delivery* delivery : pick.deliveries) {
    settled.push_back({delivery, delivery->attempt, Rig::outcome(kind), rig.now});
  }
  rig.now += kMillisecond;
  rig.machine->settle(settled, rig.now);
  rig.machine->dispatcher().finish(pick, 1'000, settled.size());
}

TEST(Timelines, TellWhatFailedInFullAndTheRestByStamps) {
  Rig rig({queue_named("a")});
  rig.publish({{0}}, 1);
  settle_begun(rig, rig.pick());
  rig.publish({{0}}, 2);
  settle_begun(rig, rig.pick(), OutcomeKind::kRetry);
  rig.advance_to(rig.now + kSecond);
  settle_begun(rig, rig.pick());
  const auto plain = rig.machine->timeline("id1", rig.now);
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_FALSE(plain[0].full);
  EXPECT_EQ(kinds(plain[0]), (Kinds{StationKind::kPublished, StationKind::kReady,
                                    StationKind::kStarted, StationKind::kDone}));
  const auto failed = rig.machine->timeline("id2", rig.now);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_TRUE(failed[0].full);
  EXPECT_EQ(failed[0].stations[3].kind, StationKind::kRetry);
  EXPECT_EQ(failed[0].stations[3].code, "code");
  EXPECT_EQ(failed[0].stations.back().kind, StationKind::kDone);
  EXPECT_EQ(failed[0].stations.back().attempt, 2);
  EXPECT_TRUE(rig.machine->timeline("id3", rig.now).empty());
}

TEST(Timelines, TellOneInAThousandFromItsAdmissionOn) {
  Rig rig({queue_named("a")});
  for (std::uint64_t id = 1; id <= 1'024; ++id) rig.publish({{0}}, id);
  while (!rig.machine->quiet()) settle_begun(rig, rig.pick(1'024));
  const auto sampled = rig.machine->timeline("id1024", rig.now);
  ASSERT_EQ(sampled.size(), 1U);
  EXPECT_TRUE(sampled[0].full);
  EXPECT_EQ(kinds(sampled[0]).at(1), StationKind::kAdmitted);
}

TEST(Timelines, RecordAFewOfEachVisitAndForgetTheOldest) {
  Timelines timelines;
  Rig rig({queue_named("a")});
  const Slot& slot = rig.event({{0}}, 5);
  std::size_t written = 0;
  for (timelines.new_visit(); timelines.wants_recent(); ++written) {
    timelines.recent(slot, {0, 1, 1, 1}, rig.now);
  }
  EXPECT_EQ(written, Timelines::kRecentPerVisit);
  for (std::uint64_t number = 1; number <= Timelines::kTraces + 1; ++number) {
    Slot& one = rig.event({{0}}, number);
    one.sequence = number;
    timelines.admitted(one, rig.now);
  }
  EXPECT_EQ(timelines.trace_of(1), nullptr);
  EXPECT_NE(timelines.trace_of(2), nullptr);
}

TEST(Timelines, BoundTheStationsOfAnEventAndKeepItsFirstAndLast) {
  Timelines timelines;
  Rig rig({queue_named("a")});
  Slot& slot = rig.event({{0}}, 5);
  slot.sequence = 1;
  for (std::uint16_t attempt = 1; attempt <= 500; ++attempt) {
    timelines.ended(slot, {0, attempt, 0, 0}, StationKind::kRetry, "code", attempt);
  }
  const Timeline& timeline = *timelines.trace_of(1);
  EXPECT_EQ(timeline.stations.size(), Timelines::kStations);
  EXPECT_EQ(timeline.stations.front().kind, StationKind::kPublished);
  EXPECT_EQ(timeline.stations.back().attempt, 500);
}

}  // namespace
}  // namespace veltrix
