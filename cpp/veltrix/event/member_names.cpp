#include "veltrix/event/member_names.hpp"

#include <cstring>
#include <iterator>

namespace veltrix {
namespace {

/// In the order of Member.
constexpr MemberEntry kMembers[] = {
    {"specversion"},
    {"id", &EventFields::id},
    {"source", &EventFields::source},
    {"type", &EventFields::type},
    {"time"},
    {"priority"},
    {"data"},
    {"data_base64"},
    {"subject", &EventFields::subject},
    {"partitionkey", &EventFields::partition_key},
    {"datacontenttype", &EventFields::content_type},
    {"dataschema", &EventFields::data_schema},
    {"traceparent", &EventFields::trace_parent},
    {"correlationid", &EventFields::correlation_id},
    {"causationid", &EventFields::causation_id},
    {"expirytime", &EventFields::expiry_time},
    {"sequence", &EventFields::sequence},
    {"recordedtime", &EventFields::recorded_time},
};
static_assert(std::size(kMembers) == static_cast<std::size_t>(Member::kExtension));

/// Compares with the closing quote, so that the name's end need not be searched. May look at up to
/// 15 bytes behind the name: the padding of the document covers them.
template <std::size_t kSize>
bool is(const char* raw, const char (&quoted_name)[kSize]) noexcept {
  return std::memcmp(raw, quoted_name, kSize - 1) == 0;
}

}  // namespace

const MemberEntry& entry_of(Member member) noexcept {
  return kMembers[static_cast<std::size_t>(member)];
}

/// One look at the first byte leaves at most four names to compare.
Member find_member(const char* raw) noexcept {
  switch (*raw) {
    case 'i':
      return is(raw, "id\"") ? Member::kId : Member::kExtension;
    case 's':
      if (is(raw, "source\"")) return Member::kSource;
      if (is(raw, "specversion\"")) return Member::kSpecVersion;
      if (is(raw, "subject\"")) return Member::kSubject;
      return is(raw, "sequence\"") ? Member::kSequence : Member::kExtension;
    case 't':
      if (is(raw, "type\"")) return Member::kType;
      if (is(raw, "time\"")) return Member::kTime;
      return is(raw, "traceparent\"") ? Member::kTraceParent : Member::kExtension;
    case 'd':
      if (is(raw, "data\"")) return Member::kData;
      if (is(raw, "datacontenttype\"")) return Member::kContentType;
      if (is(raw, "dataschema\"")) return Member::kDataSchema;
      return is(raw, "data_base64\"") ? Member::kDataBase64 : Member::kExtension;
    case 'p':
      if (is(raw, "priority\"")) return Member::kPriority;
      return is(raw, "partitionkey\"") ? Member::kPartitionKey : Member::kExtension;
    case 'c':
      if (is(raw, "correlationid\"")) return Member::kCorrelationId;
      return is(raw, "causationid\"") ? Member::kCausationId : Member::kExtension;
    case 'e':
      return is(raw, "expirytime\"") ? Member::kExpiryTime : Member::kExtension;
    case 'r':
      return is(raw, "recordedtime\"") ? Member::kRecordedTime : Member::kExtension;
    default:
      return Member::kExtension;
  }
}

Member find_unescaped(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kMembers); ++i) {
    if (kMembers[i].name == name) return static_cast<Member>(i);
  }
  return Member::kExtension;
}

}  // namespace veltrix
