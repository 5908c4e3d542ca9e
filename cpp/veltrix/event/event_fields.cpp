#include "veltrix/event/event_fields.hpp"

#include <bit>
#include <cstring>

#include "veltrix/event/attribute_area.hpp"
#include "veltrix/event/json_validator.hpp"
#include "veltrix/event/slab.hpp"

namespace veltrix {
namespace {

struct KnownText {
  std::string_view EventFields::*text;
  std::string_view name;
};

constexpr KnownText kKnownTexts[] = {
    {&EventFields::subject, "subject"},
    {&EventFields::partition_key, "partitionkey"},
    {&EventFields::content_type, "datacontenttype"},
    {&EventFields::data_schema, "dataschema"},
    {&EventFields::trace_parent, "traceparent"},
    {&EventFields::correlation_id, "correlationid"},
    {&EventFields::causation_id, "causationid"},
    {&EventFields::expiry_time, "expirytime"},
    {&EventFields::sequence, "sequence"},
    {&EventFields::recorded_time, "recordedtime"},
};

std::size_t entry_bytes(std::string_view text) noexcept {
  return text.empty() ? 0 : kEntryHeader + text.size();
}

/// None of the attributes that most events lack. One question for all of them: this is the publish
/// path, and each asked by itself costs as much as copying a short text.
bool is_bare(const EventFields& f) noexcept {
  return (f.subject.size() | f.content_type.size() | f.data_schema.size() | f.trace_parent.size() |
          f.correlation_id.size() | f.causation_id.size() | f.expiry_time.size() |
          f.sequence.size() | f.recorded_time.size() | f.hops | f.extension_count) == 0;
}

std::size_t rare_bytes(const EventFields& f) noexcept {
  std::size_t sum = entry_bytes(f.subject) + entry_bytes(f.content_type);
  sum += entry_bytes(f.data_schema) + entry_bytes(f.trace_parent) + entry_bytes(f.correlation_id);
  sum += entry_bytes(f.causation_id) + entry_bytes(f.expiry_time) + entry_bytes(f.sequence);
  sum += entry_bytes(f.recorded_time);
  if (f.hops != 0) sum += kEntryHeader + 1;
  for (std::uint32_t i = 0; i < f.extension_count; ++i) {
    const Extension& extension = f.extensions[i];
    sum += kEntryHeader + kExtensionHeader + extension.name.size() + extension.value.size();
  }
  return sum;
}

std::size_t attribute_bytes(const EventFields& f, bool bare) noexcept {
  const std::size_t id = f.id.empty() ? f.uuid.bytes.size() : f.id.size();
  std::size_t sum = kEntryHeader + id + entry_bytes(f.source) + entry_bytes(f.partition_key);
  if (f.type_id == kNoType) sum += entry_bytes(f.type);
  return bare ? sum : sum + rare_bytes(f);
}

std::size_t padding(DataKind kind) noexcept { return kind == DataKind::kJson ? kJsonPadding : 0; }

std::size_t aligned(std::size_t bytes) noexcept { return (bytes + 7) & ~std::size_t{7}; }

tl::unexpected<Error> too_large(const char* what, std::size_t bytes, std::size_t limit) {
  return fail(ErrorCode::kEventTooLarge,
              std::string("the event's ") + what + " are " + std::to_string(bytes) +
                  " bytes, the limit is " + std::to_string(limit) +
                  "; store large content elsewhere and send a reference to it");
}

bool is_within_limits(const EventFields& fields, std::size_t attributes) noexcept {
  return attributes <= kMaxAttributeBytes && attributes + fields.data.size() <= kMaxEventBytes;
}

tl::unexpected<Error> over_limits(const EventFields& fields, std::size_t attributes) {
  if (attributes > kMaxAttributeBytes) {
    return too_large("attributes", attributes, kMaxAttributeBytes);
  }
  return too_large("attributes and payload", attributes + fields.data.size(), kMaxEventBytes);
}

std::size_t bytes_for(const EventFields& fields, std::size_t attributes) noexcept {
  const std::size_t bytes =
      sizeof(Slot) + aligned(attributes) + fields.data.size() + padding(fields.data_kind);
  return fields.tail_words == 0 ? bytes
                                : aligned(bytes) + fields.tail_words * sizeof(std::uint64_t);
}

/// 256, 1 K, 4 K and 16 K are powers of four: the class is half the logarithm.
std::uint8_t class_of(std::size_t bytes) noexcept {
  if (bytes <= kSlotClassBytes[0]) return 0;
  if (bytes > kSlotClassBytes[kHeapClass - 1]) return kHeapClass;
  return static_cast<std::uint8_t>((std::bit_width(bytes - 1) - 7) / 2);
}

void write_rare(const EventFields& f, EntryWriter& writer) noexcept {
  writer.put(Attribute::kContentType, f.content_type);
  writer.put(Attribute::kDataSchema, f.data_schema);
  writer.put(Attribute::kTraceParent, f.trace_parent);
  writer.put(Attribute::kCorrelationId, f.correlation_id);
  writer.put(Attribute::kCausationId, f.causation_id);
  writer.put(Attribute::kExpiryTime, f.expiry_time);
  writer.put(Attribute::kSequence, f.sequence);
  writer.put(Attribute::kRecordedTime, f.recorded_time);
  if (f.hops != 0) {
    const char hops = static_cast<char>(f.hops);
    writer.put(Attribute::kHops, {&hops, 1});
  }
  for (std::uint32_t i = 0; i < f.extension_count; ++i) writer.put(f.extensions[i]);
}

std::size_t write_attributes(const EventFields& f, bool bare, char* body) noexcept {
  EntryWriter writer(body);
  if (f.id.empty()) {
    writer.put(f.uuid);
  } else {
    writer.put(Attribute::kId, f.id);
  }
  writer.put(Attribute::kSource, f.source);
  if (f.type_id == kNoType) writer.put(Attribute::kType, f.type);
  if (!bare) writer.put(Attribute::kSubject, f.subject);
  writer.put(Attribute::kPartitionKey, f.partition_key);
  if (!bare) write_rare(f, writer);
  return writer.size();
}

void write_header(const EventFields& fields, Slot& slot) noexcept {
  slot.type = fields.type_id;
  slot.priority = fields.priority;
  unsigned flags = static_cast<unsigned>(fields.data_kind) << kDataKindShift;
  if (fields.given_id) flags |= kGivenId;
  if (!fields.partition_key.empty()) flags |= kHasPartitionKey;
  if (fields.has_time) {
    flags |= kHasTime;
    slot.time_seconds = fields.time.seconds;
    slot.time_nanoseconds = fields.time.nanoseconds;
    slot.time_offset_minutes = fields.time.offset_minutes;
  }
  slot.flags = static_cast<std::uint8_t>(flags);
}

tl::unexpected<Error> missing(std::string_view name) {
  return fail(ErrorCode::kInvalidEvent,
              in_quotes(name) + " is missing or empty; every event needs one");
}

tl::unexpected<Error> not_utf8(std::string_view name) {
  return fail(ErrorCode::kInvalidUtf8,
              in_quotes(name) + " is not UTF-8; send bytes as the payload instead");
}

tl::unexpected<Error> bad_name(std::string_view name) {
  return fail(ErrorCode::kInvalidEvent,
              in_quotes(name) +
                  " cannot be an extension's name; use 1 to 20 lower case letters and digits");
}

}  // namespace

bool is_extension_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxExtensionName) return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

/// One by one: in `a = b = {}` the compiler reads `b` back at once, in one load of what two stores
/// wrote, and a processor waits for that until both have left its store buffer.
void EventFields::clear() noexcept {
  id = {};
  uuid = {};
  given_id = false;
  source = {};
  type = {};
  type_id = kNoType;
  subject = {};
  partition_key = {};
  content_type = {};
  data_schema = {};
  trace_parent = {};
  correlation_id = {};
  causation_id = {};
  expiry_time = {};
  sequence = {};
  recorded_time = {};
  hops = 0;
  has_time = false;
  time = {};
  priority = kNoPriority;
  data_kind = DataKind::kNone;
  data = {};
  data_tokens = {};
  is_measured = false;
  tail_words = 0;
  extension_count = 0;
}

Result<std::size_t> slot_bytes(const EventFields& fields) {
  const std::size_t attributes = attribute_bytes(fields, is_bare(fields));
  if (!is_within_limits(fields, attributes)) return over_limits(fields, attributes);
  return bytes_for(fields, attributes);
}

Result<Slot*> build_slot(SlotCache* cache, const EventFields& fields) {
  const bool bare = is_bare(fields);
  const std::size_t attributes = attribute_bytes(fields, bare);
  if (!is_within_limits(fields, attributes)) return over_limits(fields, attributes);
  const std::size_t bytes = bytes_for(fields, attributes);
  const std::uint8_t size_class = class_of(bytes);
  Slot* slot =
      cache == nullptr || size_class == kHeapClass ? new_heap_slot(bytes) : cache->take(size_class);
  if (slot == nullptr) {
    return fail(ErrorCode::kEventTooLarge, "no memory is left for an event of " +
                                               std::to_string(bytes) +
                                               " bytes; lower the queues' capacity");
  }
  write_header(fields, *slot);
  slot->attributes_size = static_cast<std::uint16_t>(write_attributes(fields, bare, slot->body()));
  slot->data_size = static_cast<std::uint32_t>(fields.data.size());
  if (!fields.data.empty()) {
    copy_text(slot->body() + slot->data_offset(), fields.data.data(), fields.data.size());
  }
  if (fields.data_kind == DataKind::kReference) take_referenced(*slot);
  return slot;
}

Result<void> validate(const EventFields& fields) {
  if (fields.source.empty()) return missing("source");
  if (fields.type.empty() && fields.type_id == kNoType) return missing("type");
  if (fields.id.empty() && fields.uuid == Uuid{}) return missing("id");
  if (!is_utf8(fields.source)) return not_utf8("source");
  if (!is_utf8(fields.type)) return not_utf8("type");
  if (!is_utf8(fields.id)) return not_utf8("id");
  for (const KnownText& known : kKnownTexts) {
    const std::string_view text = fields.*known.text;
    if (!text.empty() && !is_utf8(text)) return not_utf8(known.name);
  }
  for (std::uint32_t i = 0; i < fields.extension_count; ++i) {
    const Extension& extension = fields.extensions[i];
    if (!is_extension_name(extension.name)) return bad_name(extension.name);
    if (!is_utf8(extension.value)) return not_utf8(extension.name);
  }
  return {};
}

}  // namespace veltrix
