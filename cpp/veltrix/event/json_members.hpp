#pragma once
// The members of one event's JSON object, taken one by one into EventFields. Private to this room:
// JsonReader finds the members, this class knows what each of them must be.

#include <cstdint>
#include <string_view>
#include <vector>

#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/json_text.hpp"

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

class JsonMembers {
 public:
  /// `json` is the whole document; kJsonPadding readable bytes follow it.
  JsonMembers(std::string_view json, TextArena& arena, EventFields& out) noexcept;

  /// `name` points behind the opening quote of the member's name, `token` at the first token of its
  /// value, up to the next one. Strings are closed and free of control characters. False: error().
  bool take(const char* name, std::string_view token);
  /// True when `data` was taken just now and nothing but the closing brace follows it. Then the
  /// walk may end: it would only step over the payload's tokens once more.
  bool ends_with_data() noexcept;
  /// After the last member: is everything there that must be, and nothing too much?
  bool finish();

  Error& error() noexcept { return error_; }

 private:
  bool take_known(Member member, std::string_view token);
  bool take_version(std::string_view token);
  bool take_time(std::string_view token);
  bool take_priority(std::string_view token);
  bool take_data(std::string_view token);
  bool take_base64(std::string_view token);
  bool take_sequence(std::string_view token);
  bool take_text(std::string_view name, std::string_view token, std::string_view& out);
  bool take_extension(std::string_view name, std::string_view token);
  bool add_extension(std::string_view name, std::string_view value, ExtensionKind kind);
  bool take_string(std::string_view name, std::string_view token, std::string_view& out);
  bool read_name(const char* raw, std::string_view& out);
  bool has_extension(std::string_view name) const noexcept;
  bool has_room(std::string_view name);
  bool expect_separator(std::string_view name, std::string_view token);

  bool refuse(std::string_view name, std::string_view why, ErrorCode code);
  bool refuse_type(std::string_view name, std::string_view token, std::string_view expected);
  bool refuse_syntax(std::string_view name);

  std::size_t document_bytes_;
  bool has_escapes_;  // one look at the whole spares one look per string
  JsonCursor cursor_;
  TextArena& arena_;
  EventFields& out_;
  bool has_version_ = false;
  bool took_data_ = false;
  std::uint32_t seen_ = 0;                    // one bit per Member
  std::vector<std::string_view> null_names_;  // extensions given as null: absent, yet not twice
  Error error_{ErrorCode::kInvalidEvent, {}};
};

}  // namespace veltrix
