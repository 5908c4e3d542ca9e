#include "veltrix/cel/event_members.hpp"

#include <charconv>

#include "veltrix/event/json_text.hpp"

namespace veltrix::cel {
namespace {

struct KnownText {
  EventMember member;
  Attribute tag;
  std::string_view EventFields::*field;
};

constexpr KnownText kTexts[] = {
    {EventMember::kSource, Attribute::kSource, &EventFields::source},
    {EventMember::kSubject, Attribute::kSubject, &EventFields::subject},
    {EventMember::kContentType, Attribute::kContentType, &EventFields::content_type},
    {EventMember::kDataSchema, Attribute::kDataSchema, &EventFields::data_schema},
    {EventMember::kPartitionKey, Attribute::kPartitionKey, &EventFields::partition_key},
    {EventMember::kTraceParent, Attribute::kTraceParent, &EventFields::trace_parent},
    {EventMember::kCorrelationId, Attribute::kCorrelationId, &EventFields::correlation_id},
    {EventMember::kCausationId, Attribute::kCausationId, &EventFields::causation_id},
    {EventMember::kExpiryTime, Attribute::kExpiryTime, &EventFields::expiry_time},
    {EventMember::kSequence, Attribute::kSequence, &EventFields::sequence},
    {EventMember::kRecordedTime, Attribute::kRecordedTime, &EventFields::recorded_time},
};

Value missing() noexcept { return Value::error(Reason::kMissing); }
Value no_memory() noexcept { return Value::error(Reason::kTooMuchMemory); }

Value text_or_missing(std::string_view text) noexcept {
  return text.empty() ? missing() : Value::string(text);
}

Value uuid_text(const Uuid& uuid, Workspace& work) noexcept {
  char* const out = work.arena.text(kUuidTextSize);
  if (out == nullptr) return no_memory();
  write_uuid(uuid, out);
  return Value::string({out, kUuidTextSize});
}

Value value_of(const Extension& extension) noexcept {
  switch (extension.kind) {
    case ExtensionKind::kInteger: {
      std::int64_t number = 0;
      const char* const end = extension.value.data() + extension.value.size();
      const auto read = std::from_chars(extension.value.data(), end, number);
      return read.ec == std::errc{} ? Value::of(number) : Value::string(extension.value);
    }
    case ExtensionKind::kBoolean:
      return Value::of(extension.value == "true");
    case ExtensionKind::kString:
      break;
  }
  return Value::string(extension.value);
}

}  // namespace

void EventMembers::of(const EventFields& fields, std::string_view type_text) noexcept {
  fields_ = &fields;
  slot_ = nullptr;
  type_text_ = type_text;
}

void EventMembers::of(const EventView& event, std::string_view type_text) noexcept {
  fields_ = nullptr;
  slot_ = &event.slot();
  type_text_ = type_text;
}

DataKind EventMembers::data_kind() const noexcept {
  return fields_ != nullptr ? fields_->data_kind : slot_->data_kind();
}

std::string_view EventMembers::data() const noexcept {
  return fields_ != nullptr ? fields_->data : slot_->data();
}

std::string_view EventMembers::text(EventMember member) const noexcept {
  for (const KnownText& known : kTexts) {
    if (known.member != member) continue;
    return fields_ != nullptr ? fields_->*known.field : EventView(*slot_).get(known.tag);
  }
  return {};
}

Value EventMembers::id(Workspace& work) const noexcept {
  if (fields_ != nullptr) {
    if (!fields_->id.empty()) return Value::string(fields_->id);
    // Events that no engine has taken yet may have none at all.
    return fields_->uuid == Uuid{} ? missing() : uuid_text(fields_->uuid, work);
  }
  const EventView event(*slot_);
  std::array<char, kUuidTextSize> scratch;
  const std::string_view text = event.id(scratch);
  if (text.data() != scratch.data()) return text_or_missing(text);
  char* const out = work.arena.text(text.size());
  if (out == nullptr) return no_memory();
  text.copy(out, text.size());
  return Value::string({out, text.size()});
}

Value EventMembers::time(Workspace& work) const noexcept {
  const bool has = fields_ != nullptr ? fields_->has_time : (slot_->flags & kHasTime) != 0;
  if (!has) return missing();
  char* const out = work.arena.text(kTimestampTextSize);
  if (out == nullptr) return no_memory();
  const Timestamp time = fields_ != nullptr ? fields_->time : EventView(*slot_).time();
  return Value::string({out, write_timestamp(time, out)});
}

Value EventMembers::data_base64(Workspace& work) const noexcept {
  if (data_kind() != DataKind::kBytes) return missing();
  const std::string_view bytes = data();
  char* const out = work.arena.text(base64_size(bytes.size()));
  if (out == nullptr) return no_memory();
  return Value::string({out, write_base64(bytes, out)});
}

bool EventMembers::extension_at(std::size_t index, Extension& out) const noexcept {
  if (fields_ == nullptr) return EventView(*slot_).extension(index, out);
  if (index >= fields_->extension_count) return false;
  out = fields_->extensions[index];
  return true;
}

Value EventMembers::extension(std::string_view name) const noexcept {
  Extension extension;
  for (std::size_t i = 0; extension_at(i, extension); ++i) {
    if (extension.name == name) return value_of(extension);
  }
  return missing();
}

Value EventMembers::read(EventMember member, std::string_view name,
                         Workspace& work) const noexcept {
  switch (member) {
    case EventMember::kSpecVersion:
      return Value::string("1.0");
    case EventMember::kId:
      return id(work);
    case EventMember::kType: {
      const std::string_view own =
          fields_ != nullptr ? fields_->type : EventView(*slot_).get(Attribute::kType);
      return text_or_missing(own.empty() ? type_text_ : own);
    }
    case EventMember::kTime:
      return time(work);
    case EventMember::kPriority: {
      const std::uint8_t priority = fields_ != nullptr ? fields_->priority : slot_->priority;
      return priority == kNoPriority ? missing() : Value::of(std::int64_t{priority});
    }
    case EventMember::kData:  // the frame's
      return missing();
    case EventMember::kDataBase64:
      return data_base64(work);
    case EventMember::kExtension:
      return extension(name);
    default:
      break;
  }
  const std::string_view known = text(member);
  // An integer `sequence` is kept as an extension.
  return known.empty() ? extension(name_of(member)) : Value::string(known);
}

std::size_t EventMembers::read_all(MapEntry* out, Workspace& work) const noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kNamedMembers; ++i) {
    const auto member = static_cast<EventMember>(i);
    if (member == EventMember::kDataBase64) continue;  // behind the extensions
    const Value value = read(member, {}, work);
    if (!value.is_error()) out[count++] = {Value::string(name_of(member)), value};
  }
  const std::size_t known = count;
  Extension extension;
  for (std::size_t i = 0; extension_at(i, extension); ++i) {
    // An integer `sequence` is there already.
    if (extension.name == name_of(EventMember::kSequence)) continue;
    if (count - known == kMaxExtensions) break;
    out[count++] = {Value::string(extension.name), value_of(extension)};
  }
  const Value bytes = data_base64(work);
  if (!bytes.is_error()) out[count++] = {Value::string("data_base64"), bytes};
  return count;
}

}  // namespace veltrix::cel
