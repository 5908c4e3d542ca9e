#pragma once
// Slots come from slabs that an engine owns. Each producer leases slots in runs of 64 into its own
// SlotCache and takes them without any lock; whoever drops the last reference pushes the slot back
// to its cache's return stack with one compare-and-swap (for a batch: one per cache, see
// SlotReturner). A cache that is retired gives its slots to the slab, and later caches reuse them;
// before the slab grows, it takes what came back to any cache, so that memory follows the events
// that are alive and not the number of producers.
//
// Free slots go about in bundles of up to 16 of one size class: the first one's body lists the
// others. Most of their lines lie in the cache of the core that released them, and from a list the
// taker can fetch several at once; along links it would wait for one after the other.

#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <vector>

#include "veltrix/event/slot.hpp"

namespace veltrix {

class Slab;

inline constexpr std::size_t kSlabClasses = std::size(kSlotClassBytes);

/// In the body of a free slot; further bundles are linked by its Slot::next.
struct Bundle {
  static constexpr std::uint32_t kOthers = 15;
  Slot* others[kOthers];
  std::uint32_t count;  // of `others`
};
static_assert(sizeof(Slot) + sizeof(Bundle) <= kSlotClassBytes[0]);
inline Bundle& bundle_of(Slot& slot) noexcept { return *reinterpret_cast<Bundle*>(slot.body()); }

/// Owned by one producer thread at a time; only return_chain() may be called from others.
class alignas(kCacheLine) SlotCache {
 public:
  /// A slot of that size class, uninitialised past the header; null when memory is exhausted.
  Slot* take(std::uint8_t size_class) noexcept;
  /// Gives back a chain of bundles, first … last, that were of this cache. Any thread.
  void return_chain(Slot* first, Slot* last) noexcept;

 private:
  friend class Slab;
  explicit SlotCache(Slab& slab) noexcept : slab_(slab) {}
  bool open_bundle(std::uint8_t size_class) noexcept;
  bool refill(std::uint8_t size_class) noexcept;

  struct Free {
    Slot* slots[Bundle::kOthers + 1];  // the bundle at hand; taken from the end
    std::uint32_t left = 0;
    Slot* bundles = nullptr;
  };
  Slab& slab_;
  Free free_[kSlabClasses];  // owner thread only
  Slot* drained_ = nullptr;  // owner thread only: taken off returned_, not yet sorted
  alignas(kCacheLine) std::atomic<Slot*> returned_{nullptr};  // all classes mixed
};

/// Thread-safe; outlives every slot it gave out. Memory grows in chunks and is given back when the
/// Slab dies; it is bounded by the queues' budgets, plus what receipts and Event objects pin.
/// Chunks are touched when they are made.
class Slab {
 public:
  Slab() = default;
  ~Slab();
  Slab(const Slab&) = delete;
  SlotCache* open_cache();                 // a retired one, or new; owned by the slab
  void retire(SlotCache* cache) noexcept;  // its producer is gone
  std::size_t allocated_bytes() const noexcept;

 private:
  friend class SlotCache;
  /// A chain of bundles of that class, up to 64 slots, or null.
  Slot* lease(std::uint8_t size_class) noexcept;
  // With mutex_ held:
  bool grow(std::uint8_t size_class) noexcept;
  void adopt(Slot* chain) noexcept;
  void sweep() noexcept;  // the return stacks of all caches

  mutable std::mutex mutex_;                        // guards everything below
  std::vector<std::unique_ptr<SlotCache>> caches_;  // GUARDED_BY(mutex_)
  std::vector<SlotCache*> retired_;                 // GUARDED_BY(mutex_)
  Slot* free_[kSlabClasses] = {};                   // GUARDED_BY(mutex_); bundles
  std::vector<void*> chunks_;                       // GUARDED_BY(mutex_)
  std::size_t class_bytes_[kSlabClasses] = {};      // GUARDED_BY(mutex_); allocated, of each class
};

/// Collects dropped slots of one batch and returns them with one compare-and-swap per cache.
/// Slots of the heap are freed at once. flush() (or the destructor) returns what is left.
class SlotReturner {
 public:
  ~SlotReturner() { flush(); }
  void drop(Slot* slot) noexcept;  // drops one reference
  void flush() noexcept;

 private:
  void put(Slot* slot) noexcept;

  SlotCache* cache_ = nullptr;
  Slot* first_ = nullptr;  // of the bundles, which are linked; the one that is being filled
  Slot* last_ = nullptr;
};

}  // namespace veltrix
