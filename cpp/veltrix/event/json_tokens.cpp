#include "veltrix/event/json_tokens.hpp"

#include <algorithm>
#include <bit>

#include <simdjson.h>

#include "veltrix/base/limits.hpp"
#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/slot.hpp"

namespace veltrix {
namespace {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
constexpr std::size_t kFirstCapacity = 16'384;

bool is_number(std::string_view text) noexcept {
  // Most numbers are short integers.
  if (text.size() < 10 && (text.front() != '0' || text.size() == 1)) {
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) return true;
  }
  JsonCursor cursor(text);
  return cursor.skip_number() && cursor.position() == text.data() + text.size();
}

}  // namespace

JsonTokens::JsonTokens() : parser_(std::make_unique<simdjson::dom::parser>()) {}
JsonTokens::~JsonTokens() = default;

bool JsonTokens::find(std::string_view json) {
  if (capacity_ < json.size()) {
    // In powers of two: line lengths vary, and every allocation is of five times the size.
    capacity_ = std::bit_ceil(std::max(json.size(), kFirstCapacity));
    if (parser_->allocate(capacity_) != simdjson::SUCCESS) {
      capacity_ = 0;
      return false;
    }
  }
  auto& stage = *parser_->implementation;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(json.data());
  if (stage.stage1(bytes, json.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
    return false;
  }
  json_ = json;
  begin_ = stage.structural_indexes.get();
  end_ = begin_ + stage.n_structural_indexes;
  line_end_ = json.size();
  return true;
}

bool JsonTokens::find_all(std::string_view lines) {
  // A line end inside a string is a control character, so no string goes beyond its line. The
  // closing brace: see JsonReader::State::walk().
  return !lines.empty() && find(lines) && kind(end_ - 1) == '}';
}

bool JsonTokens::go_to(std::string_view line) noexcept {
  begin_ = at_or_behind(line.data(), begin_);
  line_end_ = static_cast<std::size_t>(line.data() - json_.data()) + line.size();
  return begin_ != end_ && *begin_ < line_end_;
}

bool JsonTokens::leave(Token token) noexcept {
  const bool left = *(token - 1) < line_end_ && (token == end_ || *token >= line_end_);
  // Only then: of a document that took its end from the next line, that line wants its tokens back.
  if (left) begin_ = token;
  return left;
}

Token JsonTokens::at_or_behind(const char* position, Token from) const noexcept {
  const auto offset = static_cast<std::uint32_t>(position - json_.data());
  while (from != end_ && *from < offset) ++from;
  return from;
}

inline Token JsonTokens::skip_scalar(Token token) const noexcept {
  bool good = false;
  switch (kind(token)) {
    case '"':
      good = true;  // closed, and without escapes there is nothing to check inside
      break;
    case 't':
      good = text(token) == "true";
      break;
    case 'f':
      good = text(token) == "false";
      break;
    case 'n':
      good = text(token) == "null";
      break;
    default:
      good = is_number(text(token));
  }
  return good ? token + 1 : nullptr;
}

/// A member's name and its colon.
inline Token JsonTokens::skip_name(Token token) const noexcept {
  if (end_ - token < 2 || kind(token) != '"' || kind(token + 1) != ':') return nullptr;
  return token + 2;
}

/// Behind a value: closes containers until another value begins (open > 0) or none is left.
inline Token JsonTokens::skip_closers(Token token, std::uint64_t& objects,
                                      std::size_t& open) const noexcept {
  while (open != 0) {
    if (token == end_) return nullptr;
    const bool object = (objects & 1) != 0;
    const char next = kind(token++);
    if (next == ',') return object ? skip_name(token) : token;
    if (next != (object ? '}' : ']')) return nullptr;
    objects >>= 1;
    --open;
  }
  return token;
}

Token JsonTokens::skip_value(Token token, std::size_t depth) const noexcept {
  std::uint64_t objects = 0;  // one bit per open level, the innermost lowest: is it an object?
  static_assert(kMaxJsonDepth <= 64);
  std::size_t open = 0;
  do {
    if (token == end_) return nullptr;
    const char first = kind(token);
    if (first == '{' || first == '[') {
      if (depth + open >= kMaxJsonDepth || ++token == end_) return nullptr;
      ++open;
      objects = objects << 1 | (first == '{' ? 1U : 0U);
      if (kind(token) != (first == '{' ? '}' : ']')) {
        if (first == '{') token = skip_name(token);
        continue;
      }
    } else {
      token = skip_scalar(token);
    }
    if (token != nullptr) token = skip_closers(token, objects, open);
  } while (token != nullptr && open != 0);
  return token;
}

}  // namespace veltrix
