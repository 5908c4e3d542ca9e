#include "veltrix/cel/workspace.hpp"

#include <cstring>
#include <utility>

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace veltrix::cel {
namespace {

TEST(Arena, GivesAlignedRoomThatDoesNotOverlap) {
  Arena arena;
  std::vector<std::pair<unsigned char*, std::size_t>> all;
  for (std::size_t size = 0; size < 3'000; size += 7) {
    auto* const at = static_cast<unsigned char*>(arena.allocate(size));
    ASSERT_NE(at, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 16, 0U);
    std::memset(at, static_cast<int>(size % 251), size);
    all.emplace_back(at, size);
  }
  for (const auto& [at, size] : all) {
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(at[i], size % 251);
  }
}

TEST(Arena, EndsAtItsBound) {
  Arena arena;
  EXPECT_EQ(arena.allocate(kMaxArenaBytes + 1), nullptr);
  std::size_t total = 0;
  while (arena.allocate(1'000) != nullptr) total += 1'008;
  EXPECT_LE(total, kMaxArenaBytes);
  EXPECT_GT(total, kMaxArenaBytes * 9 / 10);
  arena.reset();
  EXPECT_NE(arena.allocate(kKeptArenaBytes), nullptr);
}

TEST(Arena, GivesOneLargeTextItsBound) {
  Arena arena;
  EXPECT_NE(arena.allocate(kMaxArenaBytes), nullptr);
  EXPECT_EQ(arena.allocate(1), nullptr);
  arena.reset();
  EXPECT_NE(arena.allocate(16), nullptr);
}

TEST(Arena, KeepsItsFirstBlock) {
  Arena arena;
  void* const first = arena.allocate(64);
  arena.allocate(std::size_t{1} << 20);
  arena.reset();
  EXPECT_EQ(arena.allocate(64), first);
}

TEST(Arena, CountsThatOverflowAreRefused) {
  Arena arena;
  EXPECT_EQ(arena.array<std::uint64_t>(SIZE_MAX / 4), nullptr);
  EXPECT_NE(arena.array<std::uint64_t>(0), nullptr);
}

TEST(Workspace, SpendsNoMoreThanItHas) {
  Workspace work;
  EXPECT_TRUE(work.spend(kMaxSteps - 1));
  EXPECT_TRUE(work.spend());
  EXPECT_FALSE(work.spend());
  work.reset();
  EXPECT_FALSE(work.spend(~std::uint64_t{0}));
  EXPECT_EQ(work.steps, kMaxSteps);
  EXPECT_FALSE(work.spend());
  work.reset();
  EXPECT_TRUE(work.spend_bytes(1'023));
  EXPECT_EQ(work.steps, 0U);
  EXPECT_TRUE(work.spend_bytes(1'024));
  EXPECT_EQ(work.steps, 1U);
}

TEST(Workspace, MovesWithWhatItHolds) {
  Workspace work;
  char* const text = work.arena.text(3);
  std::memcpy(text, "abc", 3);
  const re2::RE2* const pattern = work.pattern("a+");
  Workspace other(std::move(work));
  EXPECT_EQ(std::string_view(text, 3), "abc");
  EXPECT_EQ(other.pattern("a+"), pattern);
  work = Workspace();
  EXPECT_NE(work.arena.allocate(16), nullptr);
}

}  // namespace
}  // namespace veltrix::cel
