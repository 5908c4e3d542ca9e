#pragma once
// One event in memory: a slot of a slab. Immutable from the door on, except for the marked fields.
//
//   line 0  what admission and dispatch read
//   line 1  the first delivery (constructed by the queue room; see queue/delivery.hpp)
//   body    attributes (tag, length, bytes …), then the payload on an 8-byte boundary, followed by
//           kJsonPadding readable bytes when it is JSON
//
// Size classes 256 B, 1, 4 and 16 KiB come from slabs; anything larger is one heap block. A slot is
// reference-counted: the deliveries together hold one reference, a receipt one, an Event object
// one.

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "veltrix/base/limits.hpp"
#include "veltrix/event/timestamp.hpp"

namespace veltrix {

class SlotCache;

/// A point in time, for comparing events.
struct Instant {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

enum class DataKind : std::uint8_t {
  kNone,   // no data member
  kJson,   // UTF-8 JSON text; validated
  kBytes,  // opaque bytes; `data_base64` in JSON
  // The address of an object that the slot owns a reference to (see ReferenceHooks). Whoever makes
  // such a slot sees to it that nobody reads its data but who knows the object.
  kReference,
};

/// How slots own objects of another language. `take` is called when such a slot is made, on the
/// thread that makes it; `drop` when it is given back, on any thread.
struct ReferenceHooks {
  void (*take)(void* object) noexcept = nullptr;
  void (*drop)(void* object) noexcept = nullptr;
};
void set_reference_hooks(ReferenceHooks hooks) noexcept;  // once, before the first such slot

/// Where an event stands between publish and acceptance; what a receipt reads. Written once.
enum class SlotState : std::uint8_t {
  kPublished,
  kAccepted,
  kDuplicate,
  kRejected,
  kUnmatched,
  kConflict,  // its id was accepted with another payload
  kFiltered,  // no route takes it, and the condition of one could not be computed; tail_text()
};

/// No queue takes the event: it has no deliveries and holds no room.
constexpr bool is_untaken(SlotState state) noexcept {
  return state == SlotState::kUnmatched || state == SlotState::kFiltered;
}

inline constexpr std::size_t kJsonPadding = 64;        // >= SIMDJSON_PADDING of simdjson 3
inline constexpr std::uint32_t kNoType = 0xFFFF'FFFF;  // the type stands among the attributes
inline constexpr std::uint8_t kHeapClass = 4;
inline constexpr std::size_t kSlotClassBytes[] = {256, 1'024, 4'096, 16'384};

enum SlotFlags : std::uint8_t {
  kGivenId = 1,  // the producer gave the id (or it was derived): subject to dedup
  kHasTime = 2,
  kDataKindShift = 2,  // two bits: DataKind
  kDataKindMask = 3 << kDataKindShift,
  kReplay = 16,   // room for later
  kExpires = 32,  // the tail begins with the steady time at which the event expires
  kHasPartitionKey = 64,
};

struct alignas(kCacheLine) Slot {
  // line 0
  std::atomic<std::uint32_t> refs{1};
  std::uint32_t type = kNoType;  // TypeTable id
  // Set at admission; of a duplicate: the first one's sequence. Until then, of an event whose
  // producer gave the id: a hash of type and payload.
  std::uint64_t sequence = 0;
  std::int64_t published_ns = 0;  // steady clock
  SlotCache* owner = nullptr;     // null: heap
  Slot* next = nullptr;           // free list; in use: companion slots, given back with this one
  std::int64_t time_seconds = 0;
  std::uint32_t time_nanoseconds = 0;
  std::int16_t time_offset_minutes = 0;
  std::uint8_t priority = kNoPriority;  // the event's own
  std::uint8_t flags = 0;
  std::uint32_t data_size = 0;
  std::uint16_t attributes_size = 0;
  std::uint8_t size_class = 0;
  std::atomic<SlotState> state{SlotState::kPublished};
  // line 1
  alignas(kCacheLine) std::byte first_delivery[kCacheLine];

  char* body() noexcept { return reinterpret_cast<char*>(this + 1); }
  const char* body() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  /// Words behind the payload that the door leaves for the dispatcher: first the expiry, where
  /// kExpires says so; then a hash of two words for each queue with a dedup window of its own.
  /// Of SlotState::kFiltered: tail_text() and nothing else.
  std::uint64_t* tail() noexcept {
    const std::size_t padding = data_kind() == DataKind::kJson ? kJsonPadding : 0;
    const std::size_t end = (data_offset() + data_size + padding + 7U) & ~std::size_t{7};
    return reinterpret_cast<std::uint64_t*>(body() + end);
  }
  const std::uint64_t* tail() const noexcept { return const_cast<Slot*>(this)->tail(); }
  /// Why nobody takes the event, for people.
  void set_tail_text(std::string_view text) noexcept;
  std::string_view tail_text() const noexcept;
  static std::uint32_t words_of_tail_text(std::size_t bytes) noexcept {
    return static_cast<std::uint32_t>(1 + (bytes + 7) / 8);
  }
  std::size_t data_offset() const noexcept { return (attributes_size + 7U) & ~std::size_t{7}; }
  std::string_view data() const noexcept { return {body() + data_offset(), data_size}; }
  DataKind data_kind() const noexcept {
    return static_cast<DataKind>((flags & kDataKindMask) >> kDataKindShift);
  }
  /// What the slot costs against a queue's byte budget.
  std::size_t charged_bytes() const noexcept {
    return size_class == kHeapClass ? sizeof(Slot) + data_offset() + data_size + kJsonPadding
                                    : kSlotClassBytes[size_class];
  }
};
static_assert(sizeof(Slot) == 2 * kCacheLine);

inline Instant instant_of(const Slot& slot) noexcept {
  return {slot.time_seconds, slot.time_nanoseconds};
}

/// Of a slot of kReference.
void* referenced_by(const Slot& slot) noexcept;
void take_referenced(const Slot& slot) noexcept;
void drop_referenced(const Slot& slot) noexcept;

/// Drops `count` references; the last one gives the slot back to its cache or the heap. Any thread.
void release(Slot* slot, std::uint32_t count = 1) noexcept;

/// The same without giving back: true for whoever dropped the last one and must do so.
inline bool drop_references(Slot& slot, std::uint32_t count) noexcept {
  // Who holds all that are left needs no locked instruction: nobody else can add or drop one.
  // Acquire: the other holders' last reads of the slot happen before its reuse.
  // Release: our reads happen before the reuse by whoever drops the last reference.
  // Acquire: that may be us.
  if (slot.refs.load(std::memory_order_acquire) != count &&
      slot.refs.fetch_sub(count, std::memory_order_acq_rel) != count) {
    return false;
  }
  if (slot.data_kind() == DataKind::kReference) drop_referenced(slot);
  return true;
}

/// A slot of its own heap block, `bytes` in all, header included; null when memory is exhausted.
Slot* new_heap_slot(std::size_t bytes) noexcept;
void delete_heap_slot(Slot* slot) noexcept;

}  // namespace veltrix
