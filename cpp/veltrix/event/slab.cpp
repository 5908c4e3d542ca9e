#include "veltrix/event/slab.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>

#include "veltrix/base/huge_pages.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kLeaseBundles = 64 / (Bundle::kOthers + 1);
constexpr std::uint32_t kFetchAhead = 4;  // slots; a line from another core takes 100 ns and more
// A chunk is an eighth to a quarter of what its class has, so that little is too much; and:
constexpr std::size_t kMinChunkBytes = 256 * kSlotClassBytes[0];  // 64 KiB
constexpr std::size_t kMaxChunkBytes = std::size_t{4} << 20;

void push(Slot*& list, Slot* slot) noexcept {
  slot->next = list;
  list = slot;
}

Slot* pop(Slot*& list) noexcept {
  Slot* slot = list;
  list = slot->next;
  return slot;
}

/// Puts a slot into the first bundle of the list, or in front as a new one.
void pack(Slot*& list, Slot* slot) noexcept {
  if (list != nullptr && list->size_class == slot->size_class) {
    Bundle& bundle = bundle_of(*list);
    if (bundle.count < Bundle::kOthers) {
      bundle.others[bundle.count++] = slot;
      return;
    }
  }
  bundle_of(*slot).count = 0;
  push(list, slot);
}

/// What admission and settlement wrote, on another core perhaps.
void fetch(const Slot* slot) noexcept {
  __builtin_prefetch(slot, 1);
  __builtin_prefetch(slot->first_delivery, 1);
}

/// Zeroed memory. Written here, so that no producer meets the page faults.
void* allocate_chunk(std::size_t bytes) noexcept {
  void* chunk = allocate_pages(bytes, kCacheLine);
  if (chunk != nullptr) std::memset(chunk, 0, bytes);
  return chunk;
}

/// Line 0 as a fresh Slot has it; owner and size_class stay.
void renew(Slot& slot) noexcept {
  // Relaxed: the slot is private to the taker until the door publishes it.
  slot.refs.store(1, std::memory_order_relaxed);
  slot.type = kNoType;
  slot.sequence = 0;
  slot.published_ns = 0;
  slot.next = nullptr;
  slot.time_seconds = 0;
  slot.time_nanoseconds = 0;
  slot.time_offset_minutes = 0;
  slot.priority = kNoPriority;
  slot.flags = 0;
  slot.data_size = 0;
  slot.attributes_size = 0;
  slot.state.store(SlotState::kPublished, std::memory_order_relaxed);
}

}  // namespace

Slot* SlotCache::take(std::uint8_t size_class) noexcept {
  Free& free = free_[size_class];
  if (free.left == 0 && !open_bundle(size_class)) return nullptr;
  Slot* slot = free.slots[--free.left];
  if (free.left >= kFetchAhead) fetch(free.slots[free.left - kFetchAhead]);
  renew(*slot);
  return slot;
}

bool SlotCache::open_bundle(std::uint8_t size_class) noexcept {
  Free& free = free_[size_class];
  if (free.bundles == nullptr && !refill(size_class)) return false;
  Slot* first = pop(free.bundles);
  const Bundle& bundle = bundle_of(*first);
  free.slots[0] = first;
  std::copy_n(bundle.others, bundle.count, free.slots + 1);
  free.left = bundle.count + 1;
  for (std::uint32_t i = 1; i <= std::min(kFetchAhead, free.left); ++i) {
    fetch(free.slots[free.left - i]);
  }
  return true;
}

bool SlotCache::refill(std::uint8_t size_class) noexcept {
  if (drained_ == nullptr) {
    // Acquire: pairs with return_chain(), the links and the last reads of the slots come with it.
    // The whole stack is taken at once, so there is no ABA.
    drained_ = returned_.exchange(nullptr, std::memory_order_acquire);
  }
  // Sorted one by one, as needed: walking a long stack at once would only sweep the cache.
  while (drained_ != nullptr) {
    Slot* first = pop(drained_);
    push(free_[first->size_class].bundles, first);
    if (first->size_class == size_class) return true;
  }
  Slot* leased = slab_.lease(size_class);
  for (Slot* first = leased; first != nullptr; first = first->next) {
    const Bundle& bundle = bundle_of(*first);
    first->owner = this;
    for (std::uint32_t i = 0; i < bundle.count; ++i) bundle.others[i]->owner = this;
  }
  free_[size_class].bundles = leased;
  return leased != nullptr;
}

void SlotCache::return_chain(Slot* first, Slot* last) noexcept {
  // Relaxed: the value is only compared; nothing behind it is read.
  Slot* head = returned_.load(std::memory_order_relaxed);
  do {
    last->next = head;
    // Release: the links and our last reads of the slots happen before the owner reuses them.
  } while (!returned_.compare_exchange_weak(head, first, std::memory_order_release,
                                            std::memory_order_relaxed));
}

Slab::~Slab() {
  for (void* chunk : chunks_) std::free(chunk);
}

SlotCache* Slab::open_cache() {
  const std::lock_guard lock(mutex_);
  if (!retired_.empty()) {
    SlotCache* cache = retired_.back();
    retired_.pop_back();
    return cache;
  }
  retired_.reserve(caches_.size() + 1);  // so that retire() never allocates
  caches_.push_back(std::unique_ptr<SlotCache>(new SlotCache(*this)));
  return caches_.back().get();
}

void Slab::retire(SlotCache* cache) noexcept {
  const std::lock_guard lock(mutex_);
  for (SlotCache::Free& free : cache->free_) {
    adopt(free.bundles);
    free.bundles = nullptr;
    while (free.left != 0) {
      Slot* slot = free.slots[--free.left];
      pack(free_[slot->size_class], slot);
    }
  }
  adopt(cache->drained_);
  cache->drained_ = nullptr;
  retired_.push_back(cache);
  // What is still out comes back to cache->returned_ and is found by sweep().
}

std::size_t Slab::allocated_bytes() const noexcept {
  const std::lock_guard lock(mutex_);
  return std::accumulate(std::begin(class_bytes_), std::end(class_bytes_), std::size_t{0});
}

Slot* Slab::lease(std::uint8_t size_class) noexcept {
  const std::lock_guard lock(mutex_);
  Slot*& list = free_[size_class];
  if (list == nullptr) sweep();
  if (list == nullptr && !grow(size_class)) return nullptr;
  Slot* first = list;
  Slot* last = first;
  for (std::size_t i = 1; i < kLeaseBundles && last->next != nullptr; ++i) last = last->next;
  list = last->next;
  last->next = nullptr;
  return first;
}

bool Slab::grow(std::uint8_t size_class) noexcept {
  const std::size_t bytes =
      std::clamp(std::bit_floor(class_bytes_[size_class] / 4 + 1), kMinChunkBytes, kMaxChunkBytes);
  const std::size_t slot_size = kSlotClassBytes[size_class];
  void* chunk = allocate_chunk(bytes);
  if (chunk == nullptr) return false;
  try {
    chunks_.push_back(chunk);
  } catch (const std::bad_alloc&) {
    std::free(chunk);
    return false;
  }
  class_bytes_[size_class] += bytes;
  // From the end, so that bundles run upwards through memory, as the prefetcher likes it.
  for (std::size_t offset = bytes; offset >= slot_size; offset -= slot_size) {
    Slot* slot = new (static_cast<char*>(chunk) + offset - slot_size) Slot;
    slot->size_class = size_class;
    pack(free_[size_class], slot);
  }
  return true;
}

void Slab::adopt(Slot* chain) noexcept {
  while (chain != nullptr) {
    Slot* slot = pop(chain);
    push(free_[slot->size_class], slot);
  }
}

void Slab::sweep() noexcept {
  for (const std::unique_ptr<SlotCache>& cache : caches_) {
    // Acquire: as in refill(); whoever takes a stack has all of it, its cache's owner finds none.
    adopt(cache->returned_.exchange(nullptr, std::memory_order_acquire));
  }
}

void SlotReturner::drop(Slot* slot) noexcept {
  if (!drop_references(*slot, 1)) return;
  // A slot and the companions behind it go back together.
  while (slot != nullptr) {
    Slot* companion = slot->next;
    put(slot);
    slot = companion;
  }
}

void SlotReturner::put(Slot* slot) noexcept {
  if (slot->owner == nullptr) {
    delete_heap_slot(slot);
    return;
  }
  if (slot->owner != cache_) {
    flush();
    cache_ = slot->owner;
    last_ = slot;
  }
  pack(first_, slot);
}

void SlotReturner::flush() noexcept {
  if (first_ != nullptr) cache_->return_chain(first_, last_);
  cache_ = nullptr;
  first_ = nullptr;
  last_ = nullptr;
}

}  // namespace veltrix
