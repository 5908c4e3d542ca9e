#include "veltrix/event/json_writer.hpp"

#include <algorithm>
#include <cstring>

#include "veltrix/event/attribute_area.hpp"
#include "veltrix/event/json_output.hpp"
#include "veltrix/event/json_text.hpp"

namespace veltrix {
namespace {

/// Names, quotes and commas of all known attributes, priority, and the time.
constexpr std::size_t kFrameBytes = 384;
/// `,"":""` around an extension, whose entry in the slot is counted with its text.
constexpr std::size_t kExtensionFrame = 6;

/// The entries of a slot, each under its tag.
struct Texts {
  std::string_view by_tag[static_cast<std::size_t>(Attribute::kExtension)];

  std::string_view operator[](Attribute tag) const noexcept {
    return by_tag[static_cast<std::size_t>(tag)];
  }
};

/// `opening` is everything up to the text, its quote included: one copy instead of four.
template <std::size_t kSize>
char* put_member(char* out, const char (&opening)[kSize], std::string_view text) noexcept {
  if (text.empty()) return out;
  out = put_escaped(put_literal(out, opening), text);
  *out = '"';
  return out + 1;
}

char* put_id(char* out, const Texts& texts) noexcept {
  out = put_member(out, ",\"id\":\"", texts[Attribute::kId]);
  const std::string_view bytes = texts[Attribute::kUuid];
  if (bytes.empty()) return out;
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), bytes.data(), uuid.bytes.size());
  out = put_literal(out, ",\"id\":\"");
  write_uuid(uuid, out);
  return put_literal(out + kUuidTextSize, "\"");
}

char* put_time(char* out, const EventView& event) noexcept {
  if ((event.slot().flags & kHasTime) == 0) return out;
  out = put_literal(out, ",\"time\":\"");
  return put_literal(out + write_timestamp(event.time(), out), "\"");
}

char* put_priority(char* out, std::uint8_t priority) noexcept {
  if (priority == kNoPriority) return out;
  out = put_literal(out, ",\"priority\":");
  *out = static_cast<char>('0' + priority);
  return out + 1;
}

char* put_known_extensions(char* out, const Texts& texts) noexcept {
  out = put_member(out, ",\"partitionkey\":\"", texts[Attribute::kPartitionKey]);
  out = put_member(out, ",\"traceparent\":\"", texts[Attribute::kTraceParent]);
  out = put_member(out, ",\"correlationid\":\"", texts[Attribute::kCorrelationId]);
  out = put_member(out, ",\"causationid\":\"", texts[Attribute::kCausationId]);
  out = put_member(out, ",\"expirytime\":\"", texts[Attribute::kExpiryTime]);
  out = put_member(out, ",\"sequence\":\"", texts[Attribute::kSequence]);
  return put_member(out, ",\"recordedtime\":\"", texts[Attribute::kRecordedTime]);
}

char* put_extension(char* out, const Extension& extension) noexcept {
  out = put_raw(put_literal(out, ",\""), extension.name);
  out = put_literal(out, "\":");
  if (extension.kind != ExtensionKind::kString) return put_raw(out, extension.value);
  out = put_escaped(put_literal(out, "\""), extension.value);
  return put_literal(out, "\"");
}

/// As it came, but for line ends between its tokens: inside of strings JSON has none.
char* put_json(char* out, std::string_view json) noexcept {
  char* const end = put_raw(out, json);
  for (const char line_end : {'\n', '\r'}) {
    if (json.find(line_end) != std::string_view::npos) std::replace(out, end, line_end, ' ');
  }
  return end;
}

char* put_data(char* out, const Slot& slot) noexcept {
  const std::string_view data = slot.data();
  switch (slot.data_kind()) {
    case DataKind::kNone:
    case DataKind::kReference:  // whoever knows the object has written it before
      break;
    case DataKind::kJson:
      return put_json(put_literal(out, ",\"data\":"), data);
    case DataKind::kBytes:
      out = put_literal(out, ",\"data_base64\":\"");
      return put_literal(out + write_base64(data, out), "\"");
  }
  return out;
}

/// Enough for the event whatever must be escaped. An extension's entry has 5 bytes besides its
/// text, of which each counts sixfold here: more than its frame.
std::size_t room_for(const Slot& slot, std::string_view type_text) noexcept {
  static_assert((kEntryHeader + kExtensionHeader) * kMaxEscapedBytes >= kExtensionFrame);
  const std::size_t texts = slot.attributes_size + type_text.size();
  const std::size_t data =
      slot.data_kind() == DataKind::kBytes ? base64_size(slot.data_size) : slot.data_size;
  return kFrameBytes + texts * kMaxEscapedBytes + data;
}

char* put_event(char* out, const EventView& event, std::string_view type_text) noexcept {
  Texts texts{};
  EntryReader reader(event.slot());
  Entry entry;
  bool more = reader.next(entry);
  for (; more && entry.tag != Attribute::kExtension; more = reader.next(entry)) {
    texts.by_tag[static_cast<std::size_t>(entry.tag)] = entry.text;
  }
  const std::string_view type = texts[Attribute::kType];
  out = put_id(put_literal(out, "{\"specversion\":\"1.0\""), texts);
  out = put_member(out, ",\"source\":\"", texts[Attribute::kSource]);
  out = put_member(out, ",\"type\":\"", type.empty() ? type_text : type);
  out = put_member(out, ",\"subject\":\"", texts[Attribute::kSubject]);
  out = put_time(out, event);
  out = put_member(out, ",\"datacontenttype\":\"", texts[Attribute::kContentType]);
  out = put_member(out, ",\"dataschema\":\"", texts[Attribute::kDataSchema]);
  out = put_priority(out, event.slot().priority);
  out = put_known_extensions(out, texts);
  // Extensions come last among the entries: the reader stands on the first of them.
  for (; more; more = reader.next(entry)) out = put_extension(out, decode_extension(entry.text));
  out = put_data(out, event.slot());
  return put_literal(out, "}");
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + 2 + text.size() * kMaxEscapedBytes);
  char* end = put_escaped(put_literal(out.data() + start, "\""), text);
  end = put_literal(end, "\"");
  out.resize(static_cast<std::size_t>(end - out.data()));
}

void append_event_json(const EventView& event, std::string_view type_text, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + room_for(event.slot(), type_text));
  const char* const end = put_event(out.data() + start, event, type_text);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

}  // namespace veltrix
