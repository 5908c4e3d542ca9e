#include "veltrix/event/slab.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

std::size_t bytes_of(const Slot& slot) { return kSlotClassBytes[slot.size_class]; }

/// Writes the whole slot behind its header: overlapping slots would show, and a sanitizer sees the
/// end of the chunk.
void fill(Slot& slot, char with) {
  std::memset(static_cast<void*>(slot.body()), with, bytes_of(slot) - sizeof(Slot));
}

TEST(SlotCache, GivesFreshSlotsOfTheClassAskedFor) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  for (std::uint8_t size_class = 0; size_class < kSlabClasses; ++size_class) {
    Slot* slot = cache->take(size_class);
    ASSERT_NE(slot, nullptr);
    EXPECT_EQ(slot->size_class, size_class);
    EXPECT_EQ(slot->owner, cache);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slot) % kCacheLine, 0U);
    fill(*slot, 'x');
    release(slot);
  }
}

TEST(SlotCache, RenewsTheHeaderOfAUsedSlot) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  for (int i = 0; i < 200; ++i) {
    Slot* slot = cache->take(0);
    EXPECT_EQ(slot->refs.load(), 1U);
    EXPECT_EQ(slot->type, kNoType);
    EXPECT_EQ(slot->sequence + slot->data_size + slot->attributes_size + slot->flags, 0U);
    EXPECT_EQ(slot->priority, kNoPriority);
    EXPECT_EQ(slot->next, nullptr);
    EXPECT_EQ(slot->state.load(), SlotState::kPublished);
    slot->type = 7;
    slot->sequence = 9;
    slot->data_size = slot->attributes_size = 5;
    slot->flags = slot->priority = 3;
    slot->state.store(SlotState::kAccepted);
    release(slot);
  }
}

TEST(SlotCache, NeverGivesASlotTwice) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  std::set<Slot*> seen;
  for (int i = 0; i < 2'000; ++i) {
    Slot* slot = cache->take(static_cast<std::uint8_t>(i % kSlabClasses));
    ASSERT_TRUE(seen.insert(slot).second);
    fill(*slot, static_cast<char>(i));
  }
  for (Slot* slot : seen) release(slot);
}

TEST(SlotCache, UsesReturnedSlotsBeforeNewMemory) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  for (int round = 0; round < 1'000; ++round) {
    Slot* slots[100];
    for (Slot*& slot : slots) slot = cache->take(0);
    for (Slot* slot : slots) release(slot);
  }
  EXPECT_EQ(slab.allocated_bytes(), 256 * kSlotClassBytes[0]);
}

TEST(SlotCache, SortsReturnedSlotsByTheirClass) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  std::vector<Slot*> slots;
  for (int i = 0; i < 400; ++i) {
    slots.push_back(cache->take(static_cast<std::uint8_t>(i % kSlabClasses)));
  }
  const std::size_t before = slab.allocated_bytes();
  for (Slot* slot : slots) release(slot);
  for (int i = 0; i < 400; ++i) {
    const auto size_class = static_cast<std::uint8_t>(i % kSlabClasses);
    EXPECT_EQ(cache->take(size_class)->size_class, size_class);
  }
  EXPECT_EQ(slab.allocated_bytes(), before);
}

TEST(Slab, GrowsByAQuarterUpToFourMegabytes) {
  constexpr std::size_t kFirst = 256 * kSlotClassBytes[0];
  Slab slab;
  SlotCache* cache = slab.open_cache();
  EXPECT_EQ(slab.allocated_bytes(), 0U);
  std::size_t last = 0, step = 0;
  for (int i = 0; i < 120'000; ++i) {
    cache->take(0);
    const std::size_t now = slab.allocated_bytes();
    if (now == last) continue;
    step = now - last;
    EXPECT_TRUE(step == kFirst || (step <= last / 4 && step <= std::size_t{4} << 20));
    last = now;
  }
  EXPECT_EQ(step, std::size_t{4} << 20);
}

TEST(Slab, LendsWhatCameBackToAnotherCacheBeforeItGrows) {
  Slab slab;
  SlotCache* first = slab.open_cache();
  SlotCache* second = slab.open_cache();
  std::vector<Slot*> out;
  for (int i = 0; i < 256; ++i) out.push_back(first->take(0));
  for (Slot* slot : out) release(slot);
  const std::size_t before = slab.allocated_bytes();
  for (int i = 0; i < 256; ++i) EXPECT_EQ(second->take(0)->owner, second);
  EXPECT_EQ(slab.allocated_bytes(), before);
}

TEST(Slab, ReusesTheCacheOfAProducerThatIsGone) {
  Slab slab;
  SlotCache* first = slab.open_cache();
  SlotCache* second = slab.open_cache();
  EXPECT_NE(first, second);
  slab.retire(first);
  EXPECT_EQ(slab.open_cache(), first);
}

TEST(Slab, LendsTheSlotsOfARetiredCache) {
  Slab slab;
  SlotCache* first = slab.open_cache();
  SlotCache* second = slab.open_cache();
  std::vector<Slot*> out;
  for (int i = 0; i < 256; ++i) out.push_back(first->take(0));  // the whole first chunk
  slab.retire(first);
  for (Slot* slot : out) release(slot);  // they come back to a cache without an owner
  const std::size_t before = slab.allocated_bytes();
  for (int i = 0; i < 256; ++i) EXPECT_EQ(second->take(0)->owner, second);
  EXPECT_EQ(slab.allocated_bytes(), before);
}

TEST(Slab, TakesBackUnusedSlotsWhenACacheIsRetired) {
  Slab slab;
  SlotCache* first = slab.open_cache();
  SlotCache* second = slab.open_cache();
  release(first->take(0));
  slab.retire(first);
  const std::size_t before = slab.allocated_bytes();
  for (int i = 0; i < 255; ++i) second->take(0);
  EXPECT_EQ(slab.allocated_bytes(), before);
}

TEST(SlotReturner, ReturnsSlotsOfSeveralCachesAndOfTheHeap) {
  Slab slab;
  SlotCache* a = slab.open_cache();
  SlotCache* b = slab.open_cache();
  for (int round = 0; round < 500; ++round) {
    SlotReturner returner;
    for (int i = 0; i < 20; ++i) {
      returner.drop(a->take(0));
      returner.drop(b->take(1));
      returner.drop(b->take(0));
      returner.drop(new_heap_slot(300));
    }
  }
  // Two leases of 64 would do; a leak would have taken 10,000 slots of each class.
  EXPECT_LE(slab.allocated_bytes(), 3 * 256 * kSlotClassBytes[0]);
}

TEST(SlotReturner, KeepsASlotThatSomebodyStillHolds) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  Slot* slot = cache->take(0);
  slot->refs.store(2);
  SlotReturner returner;
  returner.drop(slot);
  returner.flush();
  EXPECT_EQ(slot->refs.load(), 1U);
  returner.drop(slot);
}

TEST(SlotReturner, ReturnsCompanionsWithTheirSlot) {
  Slab slab;
  SlotCache* a = slab.open_cache();
  SlotCache* b = slab.open_cache();
  for (int round = 0; round < 1'000; ++round) {
    Slot* slot = a->take(0);
    slot->next = b->take(0);
    slot->next->next = a->take(0);
    SlotReturner returner;
    returner.drop(slot);
  }
  EXPECT_EQ(slab.allocated_bytes(), 256 * kSlotClassBytes[0]) << "slots were lost";
}

RC_GTEST_PROP(SlabProperty, HandsOutEachSlotToOneHolderWhateverTheOrder,
              (const std::vector<std::uint8_t>& steps)) {
  Slab slab;
  SlotCache* caches[] = {slab.open_cache(), slab.open_cache()};
  std::vector<Slot*> held;
  for (const std::uint8_t step : steps) {
    if (step % 3 == 0 && !held.empty()) {
      const std::size_t which = step % held.size();
      release(held[which]);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      Slot* slot = caches[step % 2]->take(static_cast<std::uint8_t>(step / 2 % kSlabClasses));
      RC_ASSERT(std::find(held.begin(), held.end(), slot) == held.end());
      held.push_back(slot);
    }
  }
  for (Slot* slot : held) release(slot);
}

}  // namespace
}  // namespace veltrix
