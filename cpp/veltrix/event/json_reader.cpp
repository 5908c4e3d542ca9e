#include "veltrix/event/json_reader.hpp"

#include <bit>
#include <cstring>

#include <simdjson.h>

#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/json_members.hpp"
#include "veltrix/event/json_text.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix {
namespace {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
constexpr std::size_t kFirstCapacity = 16'384;

tl::unexpected<Error> too_long(const char* what, std::size_t bytes, std::size_t limit) {
  return fail(ErrorCode::kEventTooLarge, std::string(what) + " is " + std::to_string(bytes) +
                                             " bytes of JSON, the limit is " +
                                             std::to_string(limit));
}

}  // namespace

struct JsonReader::State {
  simdjson::ondemand::parser parser;
  TextArena arena;
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

  Result<void> walk(std::string_view json, JsonMembers& members);
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;

namespace {

/// simdjson says what is wrong but not where: the validator walks again and knows both.
tl::unexpected<Error> explain(std::string_view json, simdjson::error_code code) {
  if (auto valid = validate_json(json); !valid) return tl::make_unexpected(valid.error());
  if (code == simdjson::INCORRECT_TYPE) {
    return fail(ErrorCode::kInvalidEvent, "an event must be a JSON object");
  }
  return fail(ErrorCode::kInvalidJson, simdjson::error_message(code));
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

Result<void> JsonReader::State::walk(std::string_view json, JsonMembers& members) {
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  const std::size_t readable = json.size() + kJsonPadding;
  if (auto code = parser.iterate(json.data(), json.size(), readable).get(document)) {
    return explain(json, code);
  }
  if (auto code = document.get_object().get(object)) return explain(json, code);
  for (auto each : object) {
    simdjson::ondemand::field field;
    if (auto code = std::move(each).get(field)) return explain(json, code);
    if (!members.take(field.key().raw(), field.value().raw_json_token())) {
      return tl::make_unexpected(std::move(members.error()));
    }
    if (members.ends_with_data()) return {};
  }
  // simdjson 3.0 has no at_end() here; behind the last token there is no location.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return explain(json, simdjson::TRAILING_CONTENT);
  }
  return {};
}

Result<void> JsonReader::read(std::string_view json, bool padded, EventFields& out) {
  out.clear();
  if (json.size() > kMaxEventJson) return too_long("the event", json.size(), kMaxEventJson);
  if (json.empty()) return explain(json, simdjson::EMPTY);
  if (!padded) json = {state_->padded_copy(json), json.size()};
  state_->arena.start(json.size());
  if (state_->parser.capacity() < json.size()) {
    // In powers of two: simdjson itself would allocate anew for every longer line.
    const std::size_t capacity = std::bit_ceil(std::max(json.size(), kFirstCapacity));
    if (auto code = state_->parser.allocate(capacity)) return explain(json, code);
  }
  JsonMembers members(json, state_->arena, out);
  if (auto walked = state_->walk(json, members); !walked) return walked;
  if (!members.finish()) return tl::make_unexpected(std::move(members.error()));
  return {};
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
