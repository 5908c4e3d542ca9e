#include "veltrix/event/type_table.hpp"

#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

std::string type_number(std::uint32_t i) { return "type." + std::to_string(i); }

TEST(TypeTable, GivesDenseIdsInOrderOfFirstUse) {
  TypeTable table;
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.intern("a"), 0U);
  EXPECT_EQ(table.intern("b"), 1U);
  EXPECT_EQ(table.intern("a"), 0U);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.text(0), "a");
  EXPECT_EQ(table.text(1), "b");
}

TEST(TypeTable, KeepsItsOwnCopyOfTheText) {
  TypeTable table;
  std::string type = "flight.departed";
  const auto id = table.intern(type);
  type.assign(type.size(), 'x');
  EXPECT_EQ(table.text(id), "flight.departed");
  EXPECT_EQ(table.intern("flight.departed"), id);
}

TEST(TypeTable, RefusesMoreThanItsLimit) {
  TypeTable table;
  for (std::uint32_t i = 0; i < kMaxTypes; ++i) ASSERT_EQ(table.intern(type_number(i)), i);
  EXPECT_EQ(table.intern("one.too.many"), kNoType);
  EXPECT_EQ(table.intern(type_number(17)), 17U) << "known types are still found";
  EXPECT_EQ(table.size(), kMaxTypes);
}

TEST(TypeTable, LeavesLongTextsToTheSlot) {
  TypeTable table;
  EXPECT_EQ(table.intern(std::string(kMaxInternedTypeBytes + 1, 'x')), kNoType);
  EXPECT_EQ(table.intern(std::string(kMaxInternedTypeBytes, 'x')), 0U);
}

TEST(TypeCache, AnswersLikeTheTable) {
  TypeTable table;
  TypeCache first(table), second(table);
  for (std::uint32_t i = 0; i < 100; ++i) {
    std::string type = type_number(i % 10);
    const auto id = first.intern(type);
    EXPECT_EQ(id, i % 10);
    EXPECT_EQ(second.intern(type), id);
    type.assign(type.size(), 'x');  // the cache must not point into the caller's text
  }
  EXPECT_EQ(first.intern(std::string(kMaxInternedTypeBytes + 1, 'x')), kNoType);
}

TEST(TypeTable, ShowsFinishedTextsToOtherThreads) {
  constexpr std::uint32_t kTypes = 2'000;
  TypeTable table;
  std::barrier start(3);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      TypeCache cache(table);
      start.arrive_and_wait();
      for (std::uint32_t i = 0; i < kTypes; ++i) {
        ASSERT_EQ(table.text(cache.intern(type_number(i))), type_number(i));
      }
    });
  }
  threads.emplace_back([&] {
    start.arrive_and_wait();
    for (std::uint32_t seen = 0; seen < kTypes; seen = table.size()) {
      if (seen == 0) continue;
      ASSERT_EQ(table.text(seen - 1).substr(0, 5), "type.");
    }
  });
  threads.clear();
  EXPECT_EQ(table.size(), kTypes);
}

}  // namespace
}  // namespace veltrix
