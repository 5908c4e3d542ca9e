// Slots travel: taken by one thread, released by others. ThreadSanitizer runs these too.

#include <atomic>
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
        if (slot == nullptr) {
          std::this_thread::yield();
          continue;
        }
        check(*slot);
        returner.drop(slot);
      }
    });
  }
}

/// One place for a slot. Giving it away says nothing about what the taker did with the last one:
/// only release() can order that, so ThreadSanitizer sees a memory order that is too weak.
class Desk {
 public:
  bool try_put(Slot* slot) noexcept {
    if (slot_.load(std::memory_order_relaxed) != nullptr) return false;
    slot_.store(slot, std::memory_order_release);
    return true;
  }
  Slot* take() noexcept { return slot_.exchange(nullptr, std::memory_order_acquire); }

 private:
  std::atomic<Slot*> slot_{nullptr};
};

TEST(SlabThreads, TheLastOfSeveralHoldersGivesBack) {
  constexpr std::size_t kHolders = 2;
  constexpr std::uint64_t kEvents = 5'000;
  Slab slab;
  Desk desks[kHolders];
  std::atomic<bool> done{false};
  std::vector<std::jthread> holders;
  for (Desk& desk : desks) {
    holders.emplace_back([&] {
      while (!done.load(std::memory_order_relaxed)) {
        Slot* slot = desk.take();
        if (slot == nullptr) {
          std::this_thread::yield();
          continue;
        }
        check(*slot);
        release(slot);
      }
    });
  }
  SlotCache* cache = slab.open_cache();
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    Slot* slot = cache->take(0);
    slot->refs.store(kHolders, std::memory_order_relaxed);
    stamp(*slot, i);
    for (Desk& desk : desks) {
      while (!desk.try_put(slot)) std::this_thread::yield();
    }
  }
  for (Desk& desk : desks) {
    while (!desk.try_put(nullptr)) std::this_thread::yield();
  }
  done = true;
  holders.clear();
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
