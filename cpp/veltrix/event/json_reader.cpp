#include "veltrix/event/json_reader.hpp"

#include <bit>
#include <cstring>

#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/json_members.hpp"
#include "veltrix/event/json_text.hpp"
#include "veltrix/event/json_tokens.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix {
namespace {

tl::unexpected<Error> too_long(const char* what, std::size_t bytes, std::size_t limit) {
  return fail(ErrorCode::kEventTooLarge, std::string(what) + " is " + std::to_string(bytes) +
                                             " bytes of JSON, the limit is " +
                                             std::to_string(limit));
}

}  // namespace

struct JsonReader::State {
  TextArena arena;
  struct Document {
    explicit Document(TextArena& arena) : members(tokens, arena) {}
    JsonTokens tokens;
    JsonMembers members;
  };
  Document single{arena};
  Document ahead{arena};   // a block of lines
  std::string_view block;  // what `ahead` holds the tokens of
  bool block_has_escapes = false;
  std::unique_ptr<char[]> copy;  // of input that came without padding
  std::size_t copy_capacity = 0;

  const char* padded_copy(std::string_view json) {
    const std::size_t needed = json.size() + kJsonPadding;
    if (copy_capacity < needed) {
      copy_capacity = std::bit_ceil(needed);
      copy = std::make_unique_for_overwrite<char[]>(copy_capacity);
    }
    std::memcpy(copy.get(), json.data(), json.size());
    std::memset(copy.get() + json.size(), 0, kJsonPadding);
    return copy.get();
  }

  bool is_ahead(std::string_view json) const noexcept {
    return !block.empty() && json.data() >= block.data() &&
           json.data() + json.size() <= block.data() + block.size();
  }
  Result<void> walk(Document& document, std::string_view json, EventFields& out);
  bool has_escapes(std::string_view text) const noexcept {
    return std::memchr(text.data(), '\\', text.size()) != nullptr;
  }
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;

namespace {

/// The tokens tell that something is wrong but not what: the validator walks again and knows both.
tl::unexpected<Error> explain(std::string_view json) {
  if (auto valid = validate_json(json); !valid) return tl::make_unexpected(valid.error());
  return fail(ErrorCode::kInvalidEvent, "an event must be a JSON object");
}

/// The elements of the array that begins at the cursor, one more than allowed at most. Each is
/// checked on its own account of depth, as it would be outside the batch; its UTF-8 when it is
/// read.
bool collect_elements(JsonCursor& cursor, std::vector<std::string_view>& out) {
  cursor.skip_char('[', "");
  cursor.skip_space();
  if (cursor.peek() == ']') return cursor.skip_char(']', "") && cursor.skip_end();
  while (out.size() <= kMaxBatchEvents) {
    cursor.skip_space();
    const char* const start = cursor.position();
    if (!cursor.skip_value(0)) return false;
    out.emplace_back(start, static_cast<std::size_t>(cursor.position() - start));
    cursor.skip_space();
    if (cursor.peek() == ']') return cursor.skip_char(']', "") && cursor.skip_end();
    if (!cursor.skip_char(',', "a ',' or ']' is missing")) return false;
  }
  return true;
}

}  // namespace

/// An object and nothing behind it. The last token is a closing brace: behind any other one there
/// is always a next.
Result<void> JsonReader::State::walk(Document& document, std::string_view json, EventFields& out) {
  JsonTokens& tokens = document.tokens;
  JsonMembers& members = document.members;
  // One look at the whole block, where there is one, spares most lines their own.
  const bool may_have = &document != &ahead || block_has_escapes;
  members.start(json, may_have && has_escapes(json), out);
  const Token end = tokens.end();
  Token token = tokens.begin();
  if (tokens.kind(token) != '{' || tokens.kind(end - 1) != '}') return explain(json);
  ++token;
  char separator = ',';
  if (tokens.kind(token) == '}') separator = tokens.kind(token++);
  while (separator == ',') {
    if (tokens.kind(token) != '"') return explain(json);
    const Token name = token;
    token = members.take_expected(name);
    if (token == nullptr) {
      if (tokens.kind(name + 1) != ':') return explain(json);
      token = members.take(name);
      if (token == nullptr) return tl::make_unexpected(std::move(members.error()));
    }
    if (token == end) return explain(json);
    separator = tokens.kind(token++);
  }
  if (separator != '}' || !tokens.leave(token)) return explain(json);
  if (!members.finish()) return tl::make_unexpected(std::move(members.error()));
  return {};
}

void JsonReader::look_ahead(std::string_view lines) {
  state_->block = state_->ahead.tokens.find_all(lines) ? lines : std::string_view();
  if (!state_->block.empty()) state_->block_has_escapes = state_->has_escapes(lines);
}

Result<void> JsonReader::read(std::string_view json, bool padded, EventFields& out) {
  out.clear();
  if (json.size() > kMaxEventJson) return too_long("the event", json.size(), kMaxEventJson);
  if (json.empty()) return explain(json);
  if (state_->is_ahead(json) && state_->ahead.tokens.go_to(json)) {
    if (state_->walk(state_->ahead, json, out)) return {};
    out.clear();  // it may have run into the next line: alone, it says what is wrong with it
  }
  if (!padded) json = {state_->padded_copy(json), json.size()};
  if (!state_->single.tokens.find(json)) return explain(json);
  return state_->walk(state_->single, json, out);
}

Result<std::vector<std::string_view>> JsonReader::split_batch(std::string_view json) {
  if (json.size() > kMaxBatchJson) return too_long("the batch", json.size(), kMaxBatchJson);
  JsonCursor cursor(json);
  cursor.skip_space();
  if (cursor.peek() != '[') {
    if (auto valid = validate_json(json); !valid) return tl::make_unexpected(valid.error());
    return fail(ErrorCode::kInvalidEvent, "a batch must be a JSON array of events");
  }
  std::vector<std::string_view> elements;
  if (!collect_elements(cursor, elements)) return tl::make_unexpected(cursor.error());
  if (elements.size() > kMaxBatchEvents) {
    return fail(ErrorCode::kEventTooLarge,
                "a batch holds at most " + std::to_string(kMaxBatchEvents) + " events; split it");
  }
  return elements;
}

}  // namespace veltrix
