#pragma once
// The members of one event's JSON object, taken one by one into EventFields. Private to this room:
// JsonReader finds the members, this class knows what each of them must be.

#include <cstdint>
#include <string_view>
#include <vector>

#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/json_text.hpp"
#include "veltrix/event/json_tokens.hpp"
#include "veltrix/event/member_layout.hpp"
#include "veltrix/event/member_names.hpp"

namespace veltrix {

/// One per reader, not synchronised.
class JsonMembers {
 public:
  JsonMembers(JsonTokens& tokens, TextArena& arena) noexcept : tokens_(tokens), arena_(arena) {}

  /// A new event: `json` is the whole document; kJsonPadding readable bytes follow it.
  /// `has_escapes`: whether there is any backslash in it.
  void start(std::string_view json, bool has_escapes, EventFields& out) noexcept;
  /// `name` begins a string. Answers with the token behind the member's value where the member is
  /// written as in the event before, the value aside; null: it is for take(), nothing has changed.
  Token take_expected(Token name) noexcept;
  /// `name` is the name of a member, a colon follows. Answers likewise; null: see error().
  Token take(Token name);
  /// After the last member: is everything there that must be, and nothing too much?
  bool finish();

  Error& error() noexcept { return error_; }

 private:
  std::string_view expected_text(const char* begin, Token behind) const noexcept;
  Member name_of(Token name) noexcept;
  void keep_payload(Token value, Token behind) noexcept;
  // All of these answer like take().
  Token take_known(Member member, Token value);
  Token take_version(Token value);
  Token take_time(Token value);
  Token take_priority(Token value);
  Token take_data(Token value);
  Token take_base64(Token value);
  Token take_sequence(Token value);
  Token take_text(std::string_view name, Token value, std::string_view& out);
  Token take_string(std::string_view name, Token value, std::string_view& out);
  Token take_extension(std::string_view name, Token value);
  Token add_extension(const Extension& extension, Token behind);
  Token skip_payload(Token value);
  Token arrive(std::string_view name, JsonCursor& cursor, Token from);
  Token refuse(std::string_view name, std::string_view why, ErrorCode code);
  Token refuse_type(std::string_view name, Token value, std::string_view expected);
  Token refuse_syntax(std::string_view name, const JsonCursor& cursor);

  bool unescape(std::string_view name, const char* quote, std::string_view& text);
  bool has_extension(std::string_view name) const noexcept;
  bool has_room(std::string_view name);
  JsonCursor cursor_at(const char* position) const noexcept;

  JsonTokens& tokens_;
  TextArena& arena_;
  std::string_view json_;
  EventFields* out_ = nullptr;
  bool has_escapes_ = false;  // no: no string needs a look
  bool has_version_ = false;
  std::uint32_t seen_ = 0;  // one bit per Member
  // Of the event at hand; events of one producer have their members in one order.
  std::size_t position_ = 0;                  // members so far
  MemberLayout layout_;                       // by position, as in earlier events
  std::vector<std::string_view> null_names_;  // extensions given as null: absent, yet not twice
  Error error_{ErrorCode::kInvalidEvent, {}};
};

}  // namespace veltrix
