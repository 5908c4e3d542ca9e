#include "veltrix/event/attribute_area.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {
namespace {

void decode_uuid(std::string_view bytes, Uuid& out) noexcept {
  std::memcpy(out.bytes.data(), bytes.data(), out.bytes.size());
}

/// Puts one entry into the field that it came from.
void restore(const Entry& entry, EventFields& out) noexcept {
  switch (entry.tag) {
    case Attribute::kId:
      out.id = entry.text;
      break;
    case Attribute::kUuid:
      decode_uuid(entry.text, out.uuid);
      break;
    case Attribute::kSource:
      out.source = entry.text;
      break;
    case Attribute::kType:
      out.type = entry.text;
      break;
    case Attribute::kSubject:
      out.subject = entry.text;
      break;
    case Attribute::kPartitionKey:
      out.partition_key = entry.text;
      break;
    case Attribute::kContentType:
      out.content_type = entry.text;
      break;
    case Attribute::kDataSchema:
      out.data_schema = entry.text;
      break;
    case Attribute::kTraceParent:
      out.trace_parent = entry.text;
      break;
    case Attribute::kCorrelationId:
      out.correlation_id = entry.text;
      break;
    case Attribute::kCausationId:
      out.causation_id = entry.text;
      break;
    case Attribute::kExpiryTime:
      out.expiry_time = entry.text;
      break;
    case Attribute::kSequence:
      out.sequence = entry.text;
      break;
    case Attribute::kRecordedTime:
      out.recorded_time = entry.text;
      break;
    case Attribute::kHops:
      out.hops = static_cast<std::uint8_t>(entry.text[0]);
      break;
    case Attribute::kExtension:
      out.extensions[out.extension_count++] = decode_extension(entry.text);
      break;
  }
}

}  // namespace

std::string_view EventView::get(Attribute tag) const noexcept {
  EntryReader reader(*slot_);
  Entry entry;
  while (reader.next(entry)) {
    if (entry.tag == tag) return entry.text;
    if (entry.tag > tag) break;  // tags ascend
  }
  return {};
}

bool EventView::has_uuid() const noexcept {
  EntryReader reader(*slot_);
  Entry entry;  // the id is always the first entry
  return reader.next(entry) && entry.tag == Attribute::kUuid;
}

std::string_view EventView::id(std::array<char, kUuidTextSize>& scratch) const noexcept {
  EntryReader reader(*slot_);
  Entry entry;
  if (!reader.next(entry)) return {};
  if (entry.tag == Attribute::kId) return entry.text;
  if (entry.tag != Attribute::kUuid) return {};
  Uuid uuid;
  decode_uuid(entry.text, uuid);
  write_uuid(uuid, scratch.data());
  return {scratch.data(), scratch.size()};
}

std::uint8_t EventView::hops() const noexcept {
  const std::string_view text = get(Attribute::kHops);
  return text.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(text[0]);
}

Timestamp EventView::time() const noexcept {
  return {slot_->time_seconds, slot_->time_nanoseconds, slot_->time_offset_minutes};
}

bool EventView::extension(std::size_t index, Extension& out) const noexcept {
  EntryReader reader(*slot_);
  Entry entry;
  while (reader.next(entry)) {
    if (entry.tag != Attribute::kExtension || index-- != 0) continue;
    out = decode_extension(entry.text);
    return true;
  }
  return false;
}

void EventView::fields(std::string_view type_text, EventFields& out) const noexcept {
  out.clear();
  EntryReader reader(*slot_);
  Entry entry;
  while (reader.next(entry)) restore(entry, out);
  out.type_id = slot_->type;
  if (out.type.empty()) out.type = type_text;
  out.given_id = (slot_->flags & kGivenId) != 0;
  out.has_time = (slot_->flags & kHasTime) != 0;
  out.time = time();
  out.priority = slot_->priority;
  out.data_kind = slot_->data_kind();
  out.data = slot_->data();
}

}  // namespace veltrix
