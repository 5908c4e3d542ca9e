#pragma once
// What the members of an event's JSON object are called, and how a name in the text is told apart.
// Private to this room.

#include <cstdint>
#include <string_view>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// What a member of the envelope is called; kExtension for every name that is not listed.
enum class Member : std::uint8_t {
  kSpecVersion,
  kId,
  kSource,
  kType,
  kTime,
  kPriority,
  kData,
  kDataBase64,
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
  kExtension,
};

/// What is known of a member: its name, and the field of the plain text attributes.
struct MemberEntry {
  std::string_view name;
  std::string_view EventFields::*text = nullptr;
};

const MemberEntry& entry_of(Member member) noexcept;

/// `raw` points behind the opening quote of a name without escapes; 16 bytes can be read there, of
/// which the padding of the document may be some.
Member find_member(const char* raw) noexcept;
/// The same for a name that had escapes; such names are rare and need no haste.
Member find_unescaped(std::string_view name) noexcept;

}  // namespace veltrix
