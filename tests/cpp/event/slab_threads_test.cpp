// Slots travel: taken by one thread, released by others. ThreadSanitizer runs these too.

#include <atomic>
#include <barrier>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/event/slab.hpp"

namespace veltrix {
namespace {

/// A small mailbox between threads.
class Mailbox {
 public:
  void put(Slot* slot) {
    const std::lock_guard lock(mutex_);
    slots_.push_back(slot);
  }
  Slot* get() {
    const std::lock_guard lock(mutex_);
    if (slots_.empty()) return nullptr;
    Slot* slot = slots_.back();
    slots_.pop_back();
    return slot;
  }

 private:
  std::mutex mutex_;
  std::vector<Slot*> slots_;
};

/// Marks a slot as held; the mark is checked and cleared by whoever releases it.
void stamp(Slot& slot, std::uint64_t value) {
  slot.sequence = value;
  std::memcpy(slot.body(), &value, sizeof value);
}

void check(const Slot& slot) {
  std::uint64_t value = 0;
  std::memcpy(&value, slot.body(), sizeof value);
  ASSERT_EQ(value, slot.sequence);
}

TEST(SlabThreads, ProducersAndReleasersShareNoSlot) {
  constexpr int kPairs = 2;
  constexpr std::uint64_t kEvents = 20'000;
  Slab slab;
  Mailbox mailbox;
  std::atomic<int> producers{kPairs};
  std::vector<std::jthread> threads;
  for (int p = 0; p < kPairs; ++p) {
    threads.emplace_back([&, p] {
      SlotCache* cache = slab.open_cache();
      for (std::uint64_t i = 0; i < kEvents; ++i) {
        Slot* slot = cache->take(static_cast<std::uint8_t>(i % 7 == 0 ? 1 : 0));
        stamp(*slot, i * kPairs + static_cast<std::uint64_t>(p));
        mailbox.put(slot);
      }
      slab.retire(cache);
      --producers;
    });
    threads.emplace_back([&] {
      SlotReturner returner;
      for (;;) {
        const bool last = producers.load() == 0;
        Slot* slot = mailbox.get();
        if (slot == nullptr && last) return;
        if (slot == nullptr) continue;
        check(*slot);
        returner.drop(slot);
      }
    });
  }
}

TEST(SlabThreads, TheLastOfSeveralHoldersGivesBack) {
  constexpr int kHolders = 3;
  Slab slab;
  SlotCache* cache = slab.open_cache();
  std::vector<Slot*> slots(256);
  std::barrier meet(kHolders + 1);
  std::vector<std::jthread> threads;
  constexpr int kRounds = 100;
  for (int h = 0; h < kHolders; ++h) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        meet.arrive_and_wait();
        for (Slot* slot : slots) {
          check(*slot);
          release(slot);
        }
        meet.arrive_and_wait();
      }
    });
  }
  for (int round = 0; round < kRounds; ++round) {
    for (Slot*& slot : slots) {
      slot = cache->take(0);
      stamp(*slot, static_cast<std::uint64_t>(round));
      slot->refs.store(kHolders, std::memory_order_relaxed);
    }
    meet.arrive_and_wait();
    meet.arrive_and_wait();
  }
  EXPECT_EQ(slab.allocated_bytes(), 256 * kSlotClassBytes[0]) << "a slot was lost";
}

TEST(SlabThreads, CachesChangeHandsWhileSlotsAreOut) {
  constexpr int kThreads = 4;
  Slab slab;
  Mailbox mailbox;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        std::minstd_rand random(static_cast<unsigned>(t + 1));
        for (int life = 0; life < 50; ++life) {
          SlotCache* cache = slab.open_cache();
          for (int i = 0; i < 100; ++i) {
            Slot* slot = cache->take(0);
            stamp(*slot, random());
            mailbox.put(slot);
            Slot* other = random() % 2 == 0 ? mailbox.get() : nullptr;
            if (other != nullptr) check(*other), release(other);
          }
          slab.retire(cache);
        }
      });
    }
  }
  while (Slot* slot = mailbox.get()) release(slot);
}

}  // namespace
}  // namespace veltrix
