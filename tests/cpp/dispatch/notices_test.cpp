#include "veltrix/dispatch/notices.hpp"

#include <gtest/gtest.h>

#include "cpp/dispatch/rig.hpp"

namespace veltrix {
namespace {

constexpr int kAtOnce = 10;

class NoticesTest : public testing::Test {
 protected:
  NoticesTest() : rig({queue_named("a")}), slot(rig.event({{0}}, 7)) { notices.listen(); }

  void letters(int count, const char* code, std::int64_t now) {
    for (int i = 0; i < count; ++i) notices.dead_letter(slot, {0, 3, code, "text"}, now);
  }
  std::vector<Notice> taken() {
    std::vector<Notice> out;
    notices.take(out);
    return out;
  }
  std::uint64_t sum() {
    std::uint64_t all = 0;
    for (const Notice& notice : taken()) all += notice.left_out + (notice.id.empty() ? 0U : 1U);
    return all;
  }

  Rig rig;
  Slot& slot;
  Notices notices;
};

TEST_F(NoticesTest, TellOfADeadLetterWhatPeopleAskFor) {
  letters(1, "ValueError", 0);
  ASSERT_TRUE(notices.waiting());
  const auto all = taken();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, NoticeKind::kDeadLetter);
  EXPECT_EQ(all[0].code, "ValueError");
  EXPECT_EQ(all[0].text, "text");
  EXPECT_EQ(all[0].id, "id7");
  EXPECT_EQ(all[0].type, "rigged");
  EXPECT_EQ(all[0].attempts, 3);
  EXPECT_EQ(all[0].left_out, 0U);
  EXPECT_FALSE(notices.waiting());
}

TEST_F(NoticesTest, AreNotKeptBeforeSomebodyListens) {
  Notices deaf;
  deaf.dead_letter(slot, {0, 1, "a", "b"}, 0);
  deaf.warning({0, 0, "a", "b"}, 0);
  EXPECT_FALSE(deaf.waiting());
}

TEST_F(NoticesTest, ComeTenAtOnceThenOneASecondWithTheExactRest) {
  letters(kAtOnce + 5, "a", kSecond);
  EXPECT_EQ(taken().size(), 10U);
  letters(1, "a", kSecond + kSecond / 2);
  EXPECT_TRUE(taken().empty());
  letters(3, "a", 2 * kSecond);
  const auto all = taken();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].left_out, 6U);
  EXPECT_EQ(all[0].id, "id7");
}

TEST_F(NoticesTest, CountQueuesAndCodesApart) {
  letters(kAtOnce + 1, "a", 0);
  letters(1, "b", 0);
  notices.dead_letter(slot, {kNoQueue, 0, "a", "text"}, 0);
  EXPECT_EQ(taken().size(), 12U);
}

TEST_F(NoticesTest, TellWhatWasLeftOutWhenNothingMoreComes) {
  letters(kAtOnce + 4, "a", 0);
  (void)taken();
  EXPECT_FALSE(notices.due(kSecond - 1));
  ASSERT_TRUE(notices.due(kSecond));
  notices.tell_left_out(kSecond, false);
  EXPECT_FALSE(notices.due(INT64_MAX - 1));
  const auto all = taken();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].left_out, 4U);
  EXPECT_TRUE(all[0].only_count);
  EXPECT_EQ(all[0].code, "a");
}

TEST_F(NoticesTest, TellTheRestAtOnceAtTheEnd) {
  letters(kAtOnce + 4, "a", 0);
  notices.tell_left_out(1, true);
  EXPECT_EQ(sum(), kAtOnce + 4U);
}

TEST_F(NoticesTest, AreBoundedAndWhatIsLostIsSaid) {
  for (int code = 0; code < 40; ++code) letters(12, std::to_string(code).c_str(), 0);
  notices.tell_left_out(0, true);
  const auto all = taken();
  ASSERT_EQ(all.size(), Notices::kMaxNotices + 1);
  EXPECT_EQ(all.back().kind, NoticeKind::kLost);
  std::uint64_t told = 0;
  for (const Notice& notice : all) told += notice.left_out + (notice.id.empty() ? 0U : 1U);
  EXPECT_EQ(told, 480U);
  EXPECT_FALSE(notices.waiting());
}

TEST_F(NoticesTest, OfTooManyKindsShareACount) {
  for (std::size_t code = 0; code < Notices::kMaxKinds + 50; ++code) {
    letters(1, std::to_string(code).c_str(), 0);
    (void)taken();
  }
  notices.tell_left_out(0, true);
  const auto all = taken();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].code, "other");
  EXPECT_EQ(all[0].left_out, 40U);
}

TEST_F(NoticesTest, CarryWarningsOfQueuesAndOfNone) {
  notices.warning({0, 0, "gil_held", "for 20 ms"}, 0);
  const auto all = taken();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, NoticeKind::kWarning);
  EXPECT_EQ(all[0].text, "for 20 ms");
  for (int i = 0; i < kAtOnce; ++i) notices.warning({0, 0, "gil_held", "again"}, 0);
  (void)taken();
  notices.tell_left_out(0, true);
  const auto rest = taken();
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].kind, NoticeKind::kWarning);
  EXPECT_EQ(rest[0].left_out, 1U);
}

}  // namespace
}  // namespace veltrix
