#include "veltrix/dispatch/dedup_window.hpp"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

/// Few shards and few buckets, so that ids meet.
Hash128 crowded(std::uint64_t number) { return {number % 3 + 1, number << 57 | (number + 1)}; }

std::uint64_t accept(DedupWindow& window, const Hash128& id, std::uint64_t sequence,
                     std::int64_t now) {
  return window.find_or_insert(id, {sequence, 0}, now).sequence;
}

/// Every id that was ever accepted, and when.
class WindowModel {
 public:
  explicit WindowModel(DedupOptions options) : options_(options) {}
  std::uint64_t find_or_insert(std::uint64_t id, std::uint64_t sequence, std::int64_t now) {
    const auto found = entries_.find(id);
    if (found != entries_.end() && now - found->second.at < options_.window &&
        accepted_ - found->second.place < options_.events) {
      return found->second.sequence;
    }
    entries_[id] = {sequence, now, ++accepted_};
    return 0;
  }
  void forget(std::uint64_t id, std::uint64_t sequence) {
    const auto found = entries_.find(id);
    if (found != entries_.end() && found->second.sequence == sequence) entries_.erase(found);
  }

 private:
  struct Entry {
    std::uint64_t sequence;
    std::int64_t at;
    std::uint64_t place;
  };
  DedupOptions options_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t accepted_ = 0;
};

RC_GTEST_PROP(DedupWindowProperty, AgreesWithAMapOfAllIds, ()) {
  const DedupOptions options{*rc::gen::inRange<std::int64_t>(1, 100),
                             *rc::gen::inRange<std::uint64_t>(1, 30)};
  DedupWindow window(options);
  WindowModel model(options);
  const int steps = *rc::gen::inRange(1, 300);
  std::int64_t now = 0;
  for (std::uint64_t sequence = 1; sequence <= static_cast<std::uint64_t>(steps); ++sequence) {
    now += *rc::gen::inRange(0, 12);
    const auto id = *rc::gen::inRange<std::uint64_t>(0, 40);
    if (*rc::gen::inRange(0, 8) == 0) {
      const auto which = *rc::gen::inRange<std::uint64_t>(1, sequence + 1);
      window.forget(crowded(id), which);
      model.forget(id, which);
      continue;
    }
    window.prefetch(crowded(id));
    RC_ASSERT(accept(window, crowded(id), sequence, now) ==
              model.find_or_insert(id, sequence, now));
  }
}

TEST(DedupWindow, EndsExactlyAfterItsTime) {
  for (const std::int64_t window : {1L, 2L, 1'000L, 600L * kSecond}) {
    DedupWindow dedup({window, 100});
    EXPECT_EQ(accept(dedup, {1, 1}, 7, 50), 0U);
    EXPECT_EQ(accept(dedup, {1, 1}, 8, 50 + window - 1), 7U) << window;
    EXPECT_EQ(accept(dedup, {1, 1}, 9, 50 + window), 0U) << window;
    EXPECT_EQ(accept(dedup, {1, 1}, 10, 50 + window), 9U) << window;
  }
}

TEST(DedupWindow, EndsExactlyAfterItsCount) {
  for (const std::uint64_t events : {1U, 2U, 100U}) {
    for (const std::uint64_t others : {events - 1, events}) {
      DedupWindow dedup({kSecond, events});
      EXPECT_EQ(accept(dedup, {1, 1}, 1, 0), 0U);
      for (std::uint64_t i = 0; i < others; ++i) {
        EXPECT_EQ(accept(dedup, {100 + i, 9}, 2 + i, 0), 0U);
      }
      EXPECT_EQ(accept(dedup, {1, 1}, 999, 0), others < events ? 1U : 0U)
          << events << " events, " << others << " others";
    }
  }
}

TEST(DedupWindow, ForgetsOnlyWhatWasNotStored) {
  DedupWindow dedup({100, 100});
  EXPECT_EQ(accept(dedup, {1, 1}, 1, 0), 0U);
  EXPECT_EQ(accept(dedup, {1, 1}, 2, 150), 0U);  // the window is over: accepted again
  dedup.forget({1, 1}, 1);
  EXPECT_EQ(accept(dedup, {1, 1}, 3, 151), 2U);
  dedup.forget({1, 1}, 2);
  EXPECT_EQ(accept(dedup, {1, 1}, 4, 152), 0U);
  dedup.forget({5, 5}, 1);  // never seen: nothing happens
}

TEST(DedupWindow, RemembersThePayload) {
  DedupWindow dedup({100, 100});
  EXPECT_EQ(dedup.find_or_insert({1, 1}, {7, 42}, 0).sequence, 0U);
  EXPECT_EQ(dedup.find_or_insert({1, 1}, {8, 43}, 0).payload, 42U);
}

TEST(DedupWindow, IsOffWithoutTimeOrCount) {
  EXPECT_FALSE(DedupWindow({0, 100}).enabled());
  EXPECT_FALSE(DedupWindow({kSecond, 0}).enabled());
  EXPECT_TRUE(DedupWindow({}).enabled());
}

TEST(DedupWindow, KeepsManyIdsAcrossItsGenerations) {
  DedupWindow dedup({kSecond, 10'000});
  const auto id = [](std::uint64_t i) { return Hash128{i * 0x9E37'79B9'7F4A'7C15ULL, ~i * 77}; };
  for (std::uint64_t i = 1; i <= 50'000; ++i) {
    ASSERT_EQ(accept(dedup, id(i), i, 0), 0U);
    if (i < 10'000) continue;
    ASSERT_EQ(accept(dedup, id(i - 9'999), i, 0), i - 9'999);
  }
}

}  // namespace
}  // namespace veltrix
