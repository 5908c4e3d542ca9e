#include "veltrix/queue/strand_table.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

using Key = std::pair<std::uint16_t, std::uint64_t>;

/// Few low words: long probe sequences, and strands that only `high` or the queue tells apart.
Hash128 crowded(std::uint64_t number) { return {number % 7 + 1, number + 1}; }

RC_GTEST_PROP(StrandTableProperty, AgreesWithAMapUnderInsertAndErase, ()) {
  StrandTable table;
  std::map<Key, Strand*> model;
  const int steps = *rc::gen::inRange(1, 200);
  for (int i = 0; i < steps; ++i) {
    const Key key{*rc::gen::inRange<std::uint16_t>(0, 3), *rc::gen::inRange<std::uint64_t>(0, 40)};
    const auto found = model.find(key);
    if (found != model.end() && *rc::gen::inRange(0, 2) == 0) {
      table.erase(*found->second);
      model.erase(found);
    } else {
      Strand& strand = table.find_or_make(key.first, crowded(key.second));
      if (found != model.end()) RC_ASSERT(&strand == found->second);
      model[key] = &strand;
    }
    RC_ASSERT(table.size() == model.size());
  }
  for (const auto& [key, strand] : model) {
    RC_ASSERT(&table.find_or_make(key.first, crowded(key.second)) == strand);
  }
}

TEST(StrandTable, GrowsWithoutMovingItsStrands) {
  StrandTable table;
  std::map<std::uint64_t, Strand*> strands;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const Hash128 key{i * 0x9E37'79B9'7F4A'7C15ULL, i};
    strands[i] = &table.find_or_make(1, key.empty() ? Hash128{1, 1} : key);
  }
  EXPECT_EQ(table.size(), 5'000U);
  std::set<Strand*> different;
  for (const auto& [number, strand] : strands) different.insert(strand);
  EXPECT_EQ(different.size(), 5'000U);
  const Hash128 last{4'999 * 0x9E37'79B9'7F4A'7C15ULL, 4'999};
  EXPECT_EQ(&table.find_or_make(1, last), strands[4'999]);
}

TEST(StrandTable, MakesACleanStrandFromAUsedOne) {
  StrandTable table;
  Strand& used = table.find_or_make(0, {1, 2});
  used.listed = used.parked = used.halted = used.mixed = true;
  table.erase(used);
  Strand& fresh = table.find_or_make(3, {5, 6});
  EXPECT_EQ(&fresh, &used);
  EXPECT_EQ(fresh.queue, 3);
  EXPECT_FALSE(fresh.listed || fresh.parked || fresh.halted || fresh.mixed);
  EXPECT_TRUE(fresh.idle());
}

TEST(StrandTable, KeepsTheSameKeyOfTwoQueuesApart) {
  StrandTable table;
  Strand& first = table.find_or_make(0, {9, 9});
  Strand& second = table.find_or_make(1, {9, 9});
  EXPECT_NE(&first, &second);
  table.erase(first);
  EXPECT_EQ(&table.find_or_make(1, {9, 9}), &second);
}

}  // namespace
}  // namespace veltrix
