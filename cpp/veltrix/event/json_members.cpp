#include "veltrix/event/json_members.hpp"

#include <algorithm>
#include <cstring>

namespace veltrix {
namespace {

/// What is known of a member: its name, and the field of the plain text attributes.
struct MemberEntry {
  std::string_view name;
  std::string_view EventFields::*text = nullptr;
};

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

const MemberEntry& entry_of(Member member) noexcept {
  return kMembers[static_cast<std::size_t>(member)];
}

/// Compares with the closing quote, so that the name's end need not be searched. May look at up to
/// 15 bytes behind the name: the padding of the document covers them.
template <std::size_t kSize>
bool is(const char* raw, const char (&quoted_name)[kSize]) noexcept {
  return std::memcmp(raw, quoted_name, kSize - 1) == 0;
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

/// The same for a name that had escapes; such names are rare and need no haste.
Member find_unescaped(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kMembers); ++i) {
    if (kMembers[i].name == name) return static_cast<Member>(i);
  }
  return Member::kExtension;
}

/// The value's text without the white space before the next token.
std::string_view trimmed(std::string_view token) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!token.empty() && is_space(token.back())) token.remove_suffix(1);
  return token;
}

bool is_container(std::string_view token) noexcept {
  return token.front() == '{' || token.front() == '[';
}

/// An integer in JSON's form, of CloudEvents' 32 bits: no fraction, exponent or leading zero.
bool is_32_bit_integer(std::string_view number) noexcept {
  const bool negative = number.front() == '-';
  const std::string_view digits = number.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 10) return false;
  if (digits.front() == '0' && digits.size() > 1) return false;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return value <= (negative ? 2'147'483'648LL : 2'147'483'647LL);
}

}  // namespace

JsonMembers::JsonMembers(std::string_view json, TextArena& arena, EventFields& out) noexcept
    : document_bytes_(json.size()),
      has_escapes_(std::memchr(json.data(), '\\', json.size()) != nullptr),
      cursor_(json, json.data() + json.size() + kJsonPadding),
      arena_(arena),
      out_(out) {}

bool JsonMembers::refuse(std::string_view name, std::string_view why, ErrorCode code) {
  error_.code = code;
  error_.message = in_quotes(name).append(1, ' ').append(why);
  return false;
}

bool JsonMembers::refuse_syntax(std::string_view name) {
  const Error cause = cursor_.error();
  return refuse(name, "cannot be read: " + cause.message, cause.code);
}

/// A value of the wrong type, unless it is no value at all: then that is the news.
bool JsonMembers::refuse_type(std::string_view name, std::string_view token,
                              std::string_view expected) {
  cursor_.move_to(token.data());
  if (!cursor_.skip_value(1)) return refuse_syntax(name);
  const auto size = static_cast<std::size_t>(cursor_.position() - token.data());
  if (!is_container(token) && size != trimmed(token).size()) {
    return refuse(name, "has a value that is not JSON", ErrorCode::kInvalidJson);
  }
  return refuse(name, std::string("must be ").append(expected), ErrorCode::kInvalidEvent);
}

bool JsonMembers::take(const char* name, std::string_view token) {
  Member member = find_member(name);
  if (member == Member::kExtension) {
    std::string_view text;
    if (!read_name(name, text)) return false;
    if (has_escapes_) member = find_unescaped(text);
    if (member == Member::kExtension) {
      return take_extension(text, token) && expect_separator(text, token);
    }
  }
  const std::uint32_t bit = 1U << static_cast<unsigned>(member);
  if ((seen_ & bit) != 0) {
    return refuse(entry_of(member).name, "stands twice in one event; keep one",
                  ErrorCode::kDuplicateMember);
  }
  seen_ |= bit;
  const bool absent = token.front() == 'n' && trimmed(token) == "null";
  return (absent || take_known(member, token)) && expect_separator(entry_of(member).name, token);
}

/// simdjson, when it steps over a string, takes one with a colon behind it for the name of a member
/// and goes on inside: {"a":"b":1} would pass. So we look ourselves.
bool JsonMembers::expect_separator(std::string_view name, std::string_view token) {
  // A container was payload, and the cursor stands behind it; another token ends where the next
  // one begins.
  if (!is_container(token)) cursor_.move_to(token.data() + token.size());
  const char next = cursor_.peek();
  if (next == ',' || next == '}') return true;
  return refuse(name, "has a value that neither ',' nor '}' follows", ErrorCode::kInvalidJson);
}

/// The name as text: its escapes are checked and undone.
bool JsonMembers::read_name(const char* raw, std::string_view& out) {
  cursor_.move_to(raw - 1);
  bool escaped = false;
  if (!cursor_.skip_string(escaped)) return refuse_syntax("a member's name");
  out = {raw, static_cast<std::size_t>(cursor_.position() - raw - 1)};
  if (escaped) out = arena_.unescape(out);
  return true;
}

bool JsonMembers::take_known(Member member, std::string_view token) {
  const MemberEntry& entry = entry_of(member);
  switch (member) {
    case Member::kSpecVersion:
      return take_version(token);
    case Member::kTime:
      return take_time(token);
    case Member::kPriority:
      return take_priority(token);
    case Member::kData:
      return take_data(token);
    case Member::kDataBase64:
      return take_base64(token);
    case Member::kSequence:
      return take_sequence(token);
    default:
      return take_text(entry.name, token, out_.*entry.text);
  }
}

bool JsonMembers::take_string(std::string_view name, std::string_view token,
                              std::string_view& out) {
  if (token.front() != '"') return refuse_type(name, token, "a string");
  token = trimmed(token);
  if (token.size() < 2 || token.back() != '"') return refuse_type(name, token, "a string");
  out = token.substr(1, token.size() - 2);
  if (!has_escapes_ || out.find('\\') == std::string_view::npos) return true;
  bool escaped = false;
  cursor_.move_to(token.data());
  if (!cursor_.skip_string(escaped)) return refuse_syntax(name);
  out = arena_.unescape(out);
  return true;
}

bool JsonMembers::take_text(std::string_view name, std::string_view token, std::string_view& out) {
  if (!take_string(name, token, out)) return false;
  if (!out.empty()) return true;
  return refuse(name, "must not be empty; leave it out if it says nothing",
                ErrorCode::kInvalidEvent);
}

bool JsonMembers::take_version(std::string_view token) {
  std::string_view version;
  if (!take_string("specversion", token, version)) return false;
  has_version_ = version == "1.0";
  if (has_version_) return true;
  return refuse("specversion", "must be \"1.0\": no other version of CloudEvents is read",
                ErrorCode::kInvalidEvent);
}

bool JsonMembers::take_time(std::string_view token) {
  std::string_view text;
  if (!take_string("time", token, text)) return false;
  auto time = parse_timestamp(text);
  if (!time) return refuse("time", "cannot be read: " + time.error().message, time.error().code);
  out_.time = *time;
  out_.has_time = true;
  return true;
}

bool JsonMembers::take_priority(std::string_view token) {
  const std::string_view number = trimmed(token);
  if (number.size() == 1 && number[0] >= '0' && number[0] <= '9') {
    out_.priority = static_cast<std::uint8_t>(number[0] - '0');
    return true;
  }
  return refuse_type("priority", token, "an integer from 0 to 9");
}

bool JsonMembers::take_data(std::string_view token) {
  cursor_.move_to(token.data());
  if (!cursor_.skip_value(1)) return refuse_syntax("data");
  const auto size = static_cast<std::size_t>(cursor_.position() - token.data());
  if (!is_container(token) && size != trimmed(token).size()) {
    return refuse("data", "has a value that is not JSON", ErrorCode::kInvalidJson);
  }
  if (out_.data_kind == DataKind::kBytes) {
    return refuse("data", "and 'data_base64' stand in one event; keep one",
                  ErrorCode::kInvalidEvent);
  }
  out_.data_kind = DataKind::kJson;
  out_.data = {token.data(), size};
  cursor_.skip_space();
  took_data_ = true;
  return true;
}

bool JsonMembers::take_base64(std::string_view token) {
  std::string_view text;
  if (!take_string("data_base64", token, text)) return false;
  if (out_.data_kind == DataKind::kJson) {
    return refuse("data_base64", "and 'data' stand in one event; keep one",
                  ErrorCode::kInvalidEvent);
  }
  if (!arena_.decode_base64(text, out_.data)) {
    return refuse("data_base64", "is not base64 (RFC 4648 section 4, padded, without spaces)",
                  ErrorCode::kInvalidEvent);
  }
  out_.data_kind = DataKind::kBytes;
  return true;
}

/// A string as CloudEvents has it; an integer is kept as an extension, so that it stays an integer.
bool JsonMembers::take_sequence(std::string_view token) {
  constexpr std::string_view kName = "sequence";
  if (token.front() == '"') return take_text(kName, token, out_.sequence);
  if (!has_room(kName)) return false;
  const std::string_view number = trimmed(token);
  if (!is_32_bit_integer(number)) return refuse_type(kName, token, "a string or 32-bit integer");
  return add_extension(kName, number, ExtensionKind::kInteger);
}

bool JsonMembers::has_extension(std::string_view name) const noexcept {
  for (std::uint32_t i = 0; i < out_.extension_count; ++i) {
    if (out_.extensions[i].name == name) return true;
  }
  return std::find(null_names_.begin(), null_names_.end(), name) != null_names_.end();
}

bool JsonMembers::has_room(std::string_view name) {
  if (out_.extension_count + null_names_.size() < kMaxExtensions) return true;
  return refuse(name, "is one extension too many: an event carries at most 64",
                ErrorCode::kInvalidEvent);
}

bool JsonMembers::take_extension(std::string_view name, std::string_view token) {
  const auto legal = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty() || name.size() > kMaxExtensionName ||
      !std::all_of(name.begin(), name.end(), legal)) {
    return refuse(name,
                  "is no attribute of CloudEvents and cannot be an extension's name; use 1 to 20 "
                  "lower case letters and digits",
                  ErrorCode::kInvalidEvent);
  }
  if (has_extension(name)) {
    return refuse(name, "stands twice in one event; keep one", ErrorCode::kDuplicateMember);
  }
  std::string_view value;
  if (!has_room(name)) return false;
  if (token.front() == '"') {
    return take_string(name, token, value) && add_extension(name, value, ExtensionKind::kString);
  }
  value = trimmed(token);
  if (value == "null") {
    null_names_.push_back(name);
    return true;
  }
  if (value == "true" || value == "false") {
    return add_extension(name, value, ExtensionKind::kBoolean);
  }
  if (is_32_bit_integer(value)) return add_extension(name, value, ExtensionKind::kInteger);
  return refuse_type(name, token, "a string, a 32-bit integer or a boolean");
}

bool JsonMembers::add_extension(std::string_view name, std::string_view value, ExtensionKind kind) {
  if (value == "-0" && kind == ExtensionKind::kInteger) value = "0";
  out_.extensions[out_.extension_count++] = {name, value, kind};
  return true;
}

bool JsonMembers::ends_with_data() noexcept {
  if (!took_data_) return false;
  took_data_ = false;
  return cursor_.skip_char('}', "") && cursor_.skip_end();
}

bool JsonMembers::finish() {
  const bool there[] = {has_version_, !out_.id.empty(), !out_.source.empty(), !out_.type.empty()};
  for (std::size_t i = 0; i < std::size(there); ++i) {  // the first four of Member
    if (there[i]) continue;
    return refuse(kMembers[i].name, "is missing; every CloudEvent needs it",
                  ErrorCode::kInvalidEvent);
  }
  out_.given_id = true;
  // In a slot the attributes take at most one byte per extension more than they do as JSON text.
  if (document_bytes_ + kMaxExtensions <= kMaxAttributeBytes) return true;
  auto bytes = slot_bytes(out_);
  if (bytes) return true;
  error_ = std::move(bytes.error());
  return false;
}

}  // namespace veltrix
