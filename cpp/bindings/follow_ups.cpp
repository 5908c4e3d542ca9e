// Events that a handler emits.

#include "veltrix/base/hash.hpp"

#include "bindings/current_attempt.hpp"
#include "bindings/publisher.hpp"
#include "bindings/python_handler.hpp"

namespace veltrix {

namespace {

/// The same parent, queue and position give the same id on every attempt and in every process, so
/// that dedup finds a follow-up that was emitted twice. A UUID of version 8 (RFC 9562) made of a
/// hash.
std::string derived_id(const EventView& parent, std::string_view queue, std::size_t position) {
  std::array<char, kUuidTextSize> scratch;
  std::string name(parent.get(Attribute::kSource));
  name.push_back('\0');
  name.append(parent.id(scratch)).push_back('\0');
  name.append(queue).push_back('\0');
  name.append(std::to_string(position));
  const Hash128 hash = hash128(name, 0);
  Uuid uuid;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(hash.high >> (8 * i));
    uuid.bytes[8 + i] = static_cast<std::uint8_t>(hash.low >> (8 * i));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x80);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  std::string text(kUuidTextSize, '\0');
  write_uuid(uuid, text.data());
  return text;
}

}  // namespace

void inherit_trace(EventFields& fields, const EventView& from,
                   std::array<char, kUuidTextSize>& scratch) {
  if (fields.correlation_id.empty()) {
    const std::string_view known = from.get(Attribute::kCorrelationId);
    fields.correlation_id = known.empty() ? from.id(scratch) : known;
  }
  if (fields.trace_parent.empty()) fields.trace_parent = from.get(Attribute::kTraceParent);
}

Result<Slot*> make_follow_up(EventObject* event, const Slot& parent, std::uint16_t queue,
                             std::size_t position, Producer& producer) {
  const EventView from(parent);
  EventFields fields;
  EventView(*event->slot).fields(type_text(event), fields);
  fields.type_id = kNoType;
  std::string id;
  if ((event->slot->flags & kGivenId) == 0) {
    id = derived_id(from, producer.monitor().options(queue).name, position);
    fields.id = id;
    fields.given_id = true;
  }
  std::array<char, kUuidTextSize> scratch;
  if (fields.causation_id.empty()) fields.causation_id = from.id(scratch);
  inherit_trace(fields, from, scratch);
  fields.hops = static_cast<std::uint8_t>(std::min(from.hops() + 1, 255));
  const std::int64_t due = due_of(producer, event->after_ns, event->at_ns);
  auto slot = producer.prepare(fields, due);
  if (!slot || *slot == nullptr) return slot;
  producer.force(**slot);
  return slot;
}

}  // namespace veltrix
