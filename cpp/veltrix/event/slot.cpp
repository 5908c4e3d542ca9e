#include "veltrix/event/slot.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "veltrix/event/slab.hpp"

namespace veltrix {

namespace {
ReferenceHooks g_hooks;
}

void set_reference_hooks(ReferenceHooks hooks) noexcept { g_hooks = hooks; }

void* referenced_by(const Slot& slot) noexcept {
  void* object = nullptr;
  std::memcpy(&object, slot.data().data(), sizeof object);
  return object;
}

void take_referenced(const Slot& slot) noexcept { g_hooks.take(referenced_by(slot)); }

void drop_referenced(const Slot& slot) noexcept { g_hooks.drop(referenced_by(slot)); }

void Slot::set_tail_text(std::string_view text) noexcept {
  std::uint64_t* words = tail();
  words[0] = text.size();
  if (!text.empty()) std::memcpy(words + 1, text.data(), text.size());
}

std::string_view Slot::tail_text() const noexcept {
  const std::uint64_t* words = tail();
  return {reinterpret_cast<const char*>(words + 1), static_cast<std::size_t>(words[0])};
}

void release(Slot* slot, std::uint32_t count) noexcept {
  if (!drop_references(*slot, count)) return;
  while (slot != nullptr) {
    Slot* companion = slot->next;
    if (slot->owner == nullptr) {
      delete_heap_slot(slot);
    } else {
      bundle_of(*slot).count = 0;
      slot->owner->return_chain(slot, slot);
    }
    slot = companion;
  }
}

// malloc() and a hand-made alignment: aligned_alloc() passes by glibc's thread cache and takes four
// times as long. The block's own address stands in the word before the slot.

Slot* new_heap_slot(std::size_t bytes) noexcept {
  static_assert(alignof(std::max_align_t) >= sizeof(void*), "the word before the slot must fit");
  void* block = std::malloc(bytes + kCacheLine);
  if (block == nullptr) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  // At least one word further: malloc() aligns to 16, so the gap is 16, 32, 48 or 64 bytes.
  char* const aligned = static_cast<char*>(block) + (kCacheLine - address % kCacheLine);
  std::memcpy(aligned - sizeof block, &block, sizeof block);
  Slot* slot = new (aligned) Slot;
  slot->size_class = kHeapClass;
  return slot;
}

void delete_heap_slot(Slot* slot) noexcept {
  void* block = nullptr;
  std::memcpy(&block, reinterpret_cast<char*>(slot) - sizeof block, sizeof block);
  slot->~Slot();
  std::free(block);
}

}  // namespace veltrix
