#include "veltrix/event/json_members.hpp"

#include <algorithm>
#include <cstring>

namespace veltrix {
namespace {

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

void JsonMembers::start(std::string_view json, bool has_escapes, EventFields& out) noexcept {
  json_ = json;
  out_ = &out;
  has_escapes_ = has_escapes;
  has_version_ = false;
  seen_ = 0;
  position_ = 0;
  null_names_.clear();
  arena_.start(json.size());
}

/// Over the whole document, so that offsets in messages count from its begin.
JsonCursor JsonMembers::cursor_at(const char* position) const noexcept {
  JsonCursor cursor(json_, json_.data() + json_.size() + kJsonPadding);
  cursor.move_to(position);
  return cursor;
}

Token JsonMembers::refuse(std::string_view name, std::string_view why, ErrorCode code) {
  error_.code = code;
  error_.message = in_quotes(name).append(1, ' ').append(why);
  return nullptr;
}

Token JsonMembers::refuse_syntax(std::string_view name, const JsonCursor& cursor) {
  const Error cause = cursor.error();
  return refuse(name, "cannot be read: " + cause.message, cause.code);
}

/// A value of the wrong type, unless it is no value at all: then that is the news.
Token JsonMembers::refuse_type(std::string_view name, Token value, std::string_view expected) {
  JsonCursor cursor = cursor_at(tokens_.place(value));
  if (!cursor.skip_value(1)) return refuse_syntax(name, cursor);
  if (arrive(name, cursor, value) == nullptr) return nullptr;
  return refuse(name, std::string("must be ").append(expected), ErrorCode::kInvalidEvent);
}

/// The token behind a value that the cursor has passed; it may have stopped inside one, as in 12x.
Token JsonMembers::arrive(std::string_view name, JsonCursor& cursor, Token from) {
  const Token behind = tokens_.at_or_behind(cursor.position(), from);
  cursor.skip_space();
  if (behind != tokens_.end() && tokens_.place(behind) == cursor.position()) return behind;
  return refuse(name, "has a value that is not JSON", ErrorCode::kInvalidJson);
}

/// A processor guesses badly where the names' first bytes lead; where they stood the last time is
/// where they stand now, as a rule.
inline Member JsonMembers::name_of(Token name) noexcept {
  MemberPattern& pattern = layout_[position_++ % layout_.size()];
  const char* const at = tokens_.place(name);
  const bool known = pattern.matches(at);
  const Member member = known ? pattern.member() : find_member(at + 1);
  if (member == Member::kExtension) return member;
  // kOther: it may be a text now that was a null.
  if (!known || pattern.form() == MemberPattern::Form::kOther) {
    pattern.learn(member, tokens_, name);
  }
  return member;
}

Token JsonMembers::take(Token name_token) {
  const char* const name = tokens_.place(name_token) + 1;
  const Token value = name_token + 2;
  Member member = name_of(name_token);
  if (member == Member::kExtension) {
    JsonCursor cursor = cursor_at(name - 1);
    bool escaped = false;
    if (!cursor.skip_string(escaped)) return refuse_syntax("a member's name", cursor);
    std::string_view text(name, static_cast<std::size_t>(cursor.position() - name - 1));
    if (escaped) {
      text = arena_.unescape(text);
      member = find_unescaped(text);
    }
    if (member == Member::kExtension) return take_extension(text, value);
  }
  const std::uint32_t bit = 1U << static_cast<unsigned>(member);
  if ((seen_ & bit) != 0) {
    return refuse(entry_of(member).name, "stands twice in one event; keep one",
                  ErrorCode::kDuplicateMember);
  }
  seen_ |= bit;
  const auto text = entry_of(member).text;
  if (text != nullptr && tokens_.kind(value) == '"' && !has_escapes_) {
    const std::string_view quoted = tokens_.text(value);
    if (quoted.size() > 2) {
      out_->*text = {quoted.data() + 1, quoted.size() - 2};
      return value + 1;
    }
  }
  if (tokens_.kind(value) == 'n' && tokens_.text(value) == "null")
    return value + 1;  // as if absent
  return take_known(member, value);
}

Token JsonMembers::take_known(Member member, Token value) {
  const MemberEntry& entry = entry_of(member);
  switch (member) {
    case Member::kSpecVersion:
      return take_version(value);
    case Member::kTime:
      return take_time(value);
    case Member::kPriority:
      return take_priority(value);
    case Member::kData:
      return take_data(value);
    case Member::kDataBase64:
      return take_base64(value);
    case Member::kSequence:
      return take_sequence(value);
    default:
      return take_text(entry.name, value, out_->*entry.text);
  }
}

Token JsonMembers::take_string(std::string_view name, Token value, std::string_view& out) {
  if (tokens_.kind(value) != '"') return refuse_type(name, value, "a string");
  const std::string_view text = tokens_.text(value);
  out = {text.data() + 1, text.size() - 2};
  if (has_escapes_ && !unescape(name, text.data(), out)) return nullptr;
  return value + 1;
}

bool JsonMembers::unescape(std::string_view name, const char* quote, std::string_view& text) {
  if (text.find('\\') == std::string_view::npos) return true;
  JsonCursor cursor = cursor_at(quote);
  bool escaped = false;
  if (!cursor.skip_string(escaped)) return refuse_syntax(name, cursor) != nullptr;
  text = arena_.unescape(text);
  return true;
}

Token JsonMembers::take_text(std::string_view name, Token value, std::string_view& out) {
  const Token behind = take_string(name, value, out);
  if (behind == nullptr || !out.empty()) return behind;
  return refuse(name, "must not be empty; leave it out if it says nothing",
                ErrorCode::kInvalidEvent);
}

Token JsonMembers::take_version(Token value) {
  if (std::memcmp(tokens_.place(value), "\"1.0\"", 5) == 0) {  // padding: as with names
    has_version_ = true;
    return value + 1;
  }
  std::string_view version;
  const Token behind = take_string("specversion", value, version);
  has_version_ = version == "1.0";
  if (behind == nullptr || has_version_) return behind;
  return refuse("specversion", "must be \"1.0\": no other version of CloudEvents is read",
                ErrorCode::kInvalidEvent);
}

Token JsonMembers::take_time(Token value) {
  std::string_view text;
  const Token behind = take_string("time", value, text);
  if (behind == nullptr) return nullptr;
  if (read_timestamp(text, out_->time) != nullptr) {
    const Error error = parse_timestamp(text).error();
    return refuse("time", "cannot be read: " + error.message, error.code);
  }
  out_->has_time = true;
  return behind;
}

Token JsonMembers::take_priority(Token value) {
  const std::string_view number = tokens_.text(value);
  if (number.size() != 1 || number[0] < '0' || number[0] > '9') {
    return refuse_type("priority", value, "an integer from 0 to 9");
  }
  out_->priority = static_cast<std::uint8_t>(number[0] - '0');
  return value + 1;
}

/// Escapes are rare in events, and only they need a look into the payload's strings.
Token JsonMembers::skip_payload(Token value) {
  if (!has_escapes_) {
    const Token behind = tokens_.skip_value(value, 1);
    if (behind != nullptr) {
      out_->data_tokens = tokens_.of(value, behind);
      return behind;
    }
  }
  JsonCursor cursor = cursor_at(tokens_.place(value));
  if (!cursor.skip_value(1)) return refuse_syntax("data", cursor);
  return arrive("data", cursor, value);
}

Token JsonMembers::take_data(Token value) {
  const Token behind = skip_payload(value);
  if (behind == nullptr) return nullptr;
  if (out_->data_kind == DataKind::kBytes) {
    return refuse("data", "and 'data_base64' stand in one event; keep one",
                  ErrorCode::kInvalidEvent);
  }
  out_->data_kind = DataKind::kJson;
  out_->data = tokens_.text(value, behind);
  return behind;
}

void JsonMembers::keep_payload(Token value, Token behind) noexcept {
  out_->data_kind = DataKind::kJson;
  out_->data = tokens_.text(value, behind);
  out_->data_tokens = tokens_.of(value, behind);
}

Token JsonMembers::take_base64(Token value) {
  std::string_view text;
  const Token behind = take_string("data_base64", value, text);
  if (behind == nullptr) return nullptr;
  if (out_->data_kind == DataKind::kJson) {
    return refuse("data_base64", "and 'data' stand in one event; keep one",
                  ErrorCode::kInvalidEvent);
  }
  if (!arena_.decode_base64(text, out_->data)) {
    return refuse("data_base64", "is not base64 (RFC 4648 section 4, padded, without spaces)",
                  ErrorCode::kInvalidEvent);
  }
  out_->data_kind = DataKind::kBytes;
  return behind;
}

/// A string as CloudEvents has it; an integer is kept as an extension, so that it stays an integer.
Token JsonMembers::take_sequence(Token value) {
  constexpr std::string_view kName = "sequence";
  if (tokens_.kind(value) == '"') return take_text(kName, value, out_->sequence);
  const std::string_view number = tokens_.text(value);
  if (!is_32_bit_integer(number)) return refuse_type(kName, value, "a string or 32-bit integer");
  return add_extension({kName, number, ExtensionKind::kInteger}, value + 1);
}

bool JsonMembers::has_extension(std::string_view name) const noexcept {
  for (std::uint32_t i = 0; i < out_->extension_count; ++i) {
    if (out_->extensions[i].name == name) return true;
  }
  return std::find(null_names_.begin(), null_names_.end(), name) != null_names_.end();
}

bool JsonMembers::has_room(std::string_view name) {
  if (out_->extension_count + null_names_.size() < kMaxExtensions) return true;
  refuse(name, "is one extension too many: an event carries at most 64", ErrorCode::kInvalidEvent);
  return false;
}

Token JsonMembers::take_extension(std::string_view name, Token value) {
  if (!is_extension_name(name)) {
    return refuse(name,
                  "is no attribute of CloudEvents and cannot be an extension's name; use 1 to 20 "
                  "lower case letters and digits",
                  ErrorCode::kInvalidEvent);
  }
  if (has_extension(name)) {
    return refuse(name, "stands twice in one event; keep one", ErrorCode::kDuplicateMember);
  }
  std::string_view text = tokens_.text(value);
  if (text.front() == '"') {
    const Token behind = take_string(name, value, text);
    return behind == nullptr ? nullptr
                             : add_extension({name, text, ExtensionKind::kString}, behind);
  }
  if (text == "null") {
    if (!has_room(name)) return nullptr;
    null_names_.push_back(name);
    return value + 1;
  }
  if (text == "true" || text == "false") {
    return add_extension({name, text, ExtensionKind::kBoolean}, value + 1);
  }
  if (is_32_bit_integer(text)) {
    return add_extension({name, text, ExtensionKind::kInteger}, value + 1);
  }
  return refuse_type(name, value, "a string, a 32-bit integer or a boolean");
}

Token JsonMembers::add_extension(const Extension& extension, Token behind) {
  if (!has_room(extension.name)) return nullptr;
  Extension& added = out_->extensions[out_->extension_count++];
  added = extension;
  if (added.value == "-0" && added.kind == ExtensionKind::kInteger) added.value = "0";
  return behind;
}

bool JsonMembers::finish() {
  const char* missing = !has_version_          ? "specversion"
                        : out_->id.empty()     ? "id"
                        : out_->source.empty() ? "source"
                        : out_->type.empty()   ? "type"
                                               : nullptr;
  if (missing != nullptr) {
    refuse(missing, "is missing; every CloudEvent needs it", ErrorCode::kInvalidEvent);
    return false;
  }
  out_->given_id = true;
  out_->is_measured = true;
  // In a slot the attributes take at most one byte per extension more than they do as JSON text.
  if (json_.size() + kMaxExtensions <= kMaxAttributeBytes) return true;
  auto bytes = slot_bytes(*out_);
  if (bytes) return true;
  error_ = std::move(bytes.error());
  return false;
}

}  // namespace veltrix
