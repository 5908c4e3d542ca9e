#include "veltrix/base/hash.hpp"

#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

TEST(Hash128, IsTheSameForTheSameBytesAndSeed) {
  const std::string copy = "airports/EWR";
  EXPECT_EQ(hash128("airports/EWR", 7), hash128(copy, 7));
}

TEST(Hash128, DependsOnTheSeed) {
  EXPECT_FALSE(hash128("key", 1) == hash128("key", 2));
  EXPECT_FALSE(hash128("a", "b", 1) == hash128("a", "b", 2));
}

TEST(Hash128, IsNeverEmptyNotEvenForNothing) {
  EXPECT_FALSE(hash128("", 0).empty());
  EXPECT_FALSE(hash128("", "", 0).empty());
  EXPECT_TRUE(Hash128{}.empty());
}

TEST(Hash128, DiffersForEverySplitOfTheSameBytes) {
  const std::string_view text = "/airports/EWR UA1497-20130204";
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const Hash128 hash = hash128(text.substr(0, cut), text.substr(cut), 42);
    EXPECT_TRUE(seen.emplace(hash.low, hash.high).second) << cut;
  }
}

TEST(Hash128, OfAPairUsesAllBitsOfBothHalves) {
  std::set<std::uint64_t> lows, highs;
  for (int i = 0; i < 1'000; ++i) {
    const Hash128 first = hash128(std::to_string(i), "same", 3);
    const Hash128 second = hash128("same", std::to_string(i), 3);
    EXPECT_TRUE(lows.insert(first.low).second && lows.insert(second.low).second);
    EXPECT_TRUE(highs.insert(first.high).second && highs.insert(second.high).second);
  }
}

RC_GTEST_PROP(Hash128Property, PairsDifferUnlessBothHalvesAreEqual,
              (const std::string& a, const std::string& b, const std::string& c,
               const std::string& d)) {
  const bool same = a == c && b == d;
  RC_ASSERT((hash128(a, b, 9) == hash128(c, d, 9)) == same);
}

TEST(RandomSeed, DiffersFromCallToCall) {
  std::set<std::uint64_t> seeds;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seeds.insert(random_seed()).second);
}

}  // namespace
}  // namespace veltrix
