#include "veltrix/event/slot.hpp"

#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/event/slab.hpp"

namespace veltrix {
namespace {

TEST(Slot, IsTwoCacheLines) {
  EXPECT_EQ(sizeof(Slot), 128U);
  EXPECT_EQ(offsetof(Slot, first_delivery), 64U);
}

TEST(HeapSlot, IsAlignedAndFreshInEverySize) {
  for (std::size_t bytes = sizeof(Slot); bytes < 2'000; bytes += 7) {
    Slot* slot = new_heap_slot(bytes);
    ASSERT_NE(slot, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slot) % kCacheLine, 0U);
    EXPECT_EQ(slot->size_class, kHeapClass);
    EXPECT_EQ(slot->owner, nullptr);
    EXPECT_EQ(slot->refs.load(), 1U);
    reinterpret_cast<char*>(slot)[bytes - 1] = 'x';  // the last byte is ours, says the sanitizer
    release(slot);
  }
}

TEST(DropReferences, SaysWhoWasTheLast) {
  Slot slot;
  slot.refs.store(3);
  EXPECT_FALSE(drop_references(slot, 1));
  EXPECT_EQ(slot.refs.load(), 2U);
  EXPECT_TRUE(drop_references(slot, 2));
}

TEST(DropReferences, HasOneLastAmongThreads) {
  constexpr std::uint32_t kThreads = 4;
  for (int round = 0; round < 500; ++round) {
    Slot slot;
    slot.refs.store(kThreads);
    std::atomic<int> last{0};
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] { last += drop_references(slot, 1) ? 1 : 0; });
    }
    threads.clear();
    ASSERT_EQ(last.load(), 1);
  }
}

TEST(Release, GivesBackOnlyWithTheLastReference) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  Slot* slot = cache->take(0);
  slot->refs.store(2);
  release(slot);
  EXPECT_EQ(slot->refs.load(), 1U);
  std::vector<Slot*> others;
  for (int i = 0; i < 63; ++i) others.push_back(cache->take(0));
  release(slot);
  EXPECT_EQ(cache->take(0), slot) << "the next refill must find the returned slot";
}

TEST(Release, GivesBackTheCompanionsToo) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  for (int round = 0; round < 1'000; ++round) {
    Slot* slot = cache->take(0);
    slot->next = cache->take(1);
    slot->next->next = new_heap_slot(300);  // the sanitizer counts it
    release(slot);
  }
  const std::size_t first_chunks = 2 * 256 * kSlotClassBytes[0];
  EXPECT_EQ(slab.allocated_bytes(), first_chunks) << "slots were lost";
}

TEST(ChargedBytes, AreTheClassOrTheBlock) {
  Slot slot;
  slot.size_class = 1;
  EXPECT_EQ(slot.charged_bytes(), 1'024U);
  slot.size_class = kHeapClass;
  slot.attributes_size = 13;
  slot.data_size = 100;
  EXPECT_EQ(slot.charged_bytes(), sizeof(Slot) + 16 + 100 + kJsonPadding);
}

}  // namespace
}  // namespace veltrix
