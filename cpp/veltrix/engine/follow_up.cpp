#include "veltrix/engine/follow_up.hpp"

#include "veltrix/base/hash.hpp"

namespace veltrix {

std::string follow_up_id(const EventView& parent, std::string_view queue, std::size_t position) {
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

void inherit_trace(EventFields& fields, const EventView& from,
                   std::array<char, kUuidTextSize>& scratch) {
  if (fields.correlation_id.empty()) {
    const std::string_view known = from.get(Attribute::kCorrelationId);
    fields.correlation_id = known.empty() ? from.id(scratch) : known;
  }
  if (fields.trace_parent.empty()) fields.trace_parent = from.get(Attribute::kTraceParent);
}

}  // namespace veltrix
