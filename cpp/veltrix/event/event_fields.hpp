#pragma once
// An event on its way into a slot: views into whatever it was read from, nothing owned. Filled by
// the JSON reader, by publish and by follow-ups; build_slot() copies it once.

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>

#include "veltrix/base/error.hpp"
#include "veltrix/base/limits.hpp"
#include "veltrix/base/uuid.hpp"
#include "veltrix/event/payload_tokens.hpp"
#include "veltrix/event/slot.hpp"
#include "veltrix/event/timestamp.hpp"

namespace veltrix {

/// Tags of the attribute area. The known attributes of CloudEvents 1.0 and the known extensions
/// have a tag; any other extension is kExtension: name length (1 byte), name, kind (1 byte), value.
enum class Attribute : std::uint8_t {
  kId,
  kUuid,
  kSource,
  kType,
  kSubject,
  kPartitionKey,
  kContentType,
  kDataSchema,
  kTraceParent,
  kCorrelationId,
  kCausationId,
  kExpiryTime,
  kSequence,
  kRecordedTime,
  kHops,
  kExtension,
};

enum class ExtensionKind : std::uint8_t { kString, kInteger, kBoolean };

/// 1 to 20 lower case letters and digits (CloudEvents 1.0, naming conventions).
bool is_extension_name(std::string_view name) noexcept;

struct Extension {
  std::string_view name;   // [a-z0-9]{1,20}
  std::string_view value;  // text form: "12", "true", or the string itself
  ExtensionKind kind = ExtensionKind::kString;
};

/// Room for kMaxExtensions that costs nothing to make: 2.5 KB are not written per event.
class ExtensionArray {
 public:
  Extension& operator[](std::size_t index) noexcept { return data()[index]; }
  const Extension& operator[](std::size_t index) const noexcept {
    return const_cast<ExtensionArray*>(this)->data()[index];
  }

 private:
  Extension* data() noexcept { return std::launder(reinterpret_cast<Extension*>(bytes_)); }
  alignas(Extension) std::byte bytes_[kMaxExtensions * sizeof(Extension)];
};
static_assert(std::is_trivially_copyable_v<Extension>);

struct EventFields {
  std::string_view id;  // empty: `uuid` is the id
  Uuid uuid{};
  bool given_id = false;            // dedup applies
  std::string_view source;          // required, not empty
  std::string_view type;            // required, not empty
  std::uint32_t type_id = kNoType;  // when known, the type text is not stored in the slot
  std::string_view subject, partition_key, content_type, data_schema;
  std::string_view trace_parent, correlation_id, causation_id, expiry_time, sequence, recorded_time;
  std::uint8_t hops = 0;  // generation of a follow-up
  bool has_time = false;
  Timestamp time;
  std::uint8_t priority = kNoPriority;
  DataKind data_kind = DataKind::kNone;
  std::string_view data;
  PayloadTokens data_tokens;     // of `data`, where its reader has them at hand
  bool is_measured = false;      // within the limits of slot_bytes(), as whoever filled it knows
  std::uint32_t tail_words = 0;  // room to leave behind the payload; see Slot::tail()
  std::uint32_t extension_count = 0;
  ExtensionArray extensions;  // not cleared: only `extension_count` count

  /// Everything back to nothing, cheaper than a new object: `extensions` keeps its 2.5 KB.
  void clear() noexcept;
};

/// Reads attributes back out of a slot. Cheap to make; valid as long as the slot is held.
class EventView {
 public:
  explicit EventView(const Slot& slot) noexcept : slot_(&slot) {}
  const Slot& slot() const noexcept { return *slot_; }

  /// The text of a known attribute, or an empty view. kUuid and kExtension are not asked here.
  std::string_view get(Attribute tag) const noexcept;
  /// The id's text; a UUID is written into `scratch`.
  std::string_view id(std::array<char, kUuidTextSize>& scratch) const noexcept;
  bool has_uuid() const noexcept;
  std::uint8_t hops() const noexcept;
  Timestamp time() const noexcept;
  /// The extension number `index` in order of arrival; false past the last.
  bool extension(std::size_t index, Extension& out) const noexcept;
  /// Everything back as fields (views into the slot); `type_text` for interned types.
  void fields(std::string_view type_text, EventFields& out) const noexcept;

 private:
  const Slot* slot_;
};

/// Bytes a slot needs in all, header included; kEventTooLarge beyond the limits.
Result<std::size_t> slot_bytes(const EventFields& fields);

/// Copies `fields` into a slot from `cache` (a heap block where cache is null or the event large).
/// Checks sizes only; the caller has validated the text. `published_ns` is stamped by the door.
Result<Slot*> build_slot(SlotCache* cache, const EventFields& fields);

/// Source, type, id not empty; extension names legal; all text UTF-8; kInvalidEvent/kInvalidUtf8
/// otherwise, naming the attribute.
Result<void> validate(const EventFields& fields);

}  // namespace veltrix
