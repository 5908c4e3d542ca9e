#include "veltrix/match/key_reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>
#include <utility>

#include <simdjson.h>

#include "veltrix/base/limits.hpp"
#include "veltrix/event/timestamp.hpp"

namespace veltrix {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
constexpr std::size_t kFirstCapacity = 4'096;

/// The value as it stands in the text; the library includes the white space behind it.
template <class Value>
std::string_view raw_text(Value& value) {
  std::string_view token;
  if constexpr (std::is_same_v<Value, ondemand::document>) {
    if (value.raw_json_token().get(token)) return {};
  } else {
    token = value.raw_json_token();
  }
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The text of a scalar; false for null, objects, arrays and whatever cannot be read. `Value` is a
/// value or, for a payload that is a scalar itself, the document.
template <class Value>
bool scalar_text(Value& value, std::string& out) {
  ondemand::json_type type;
  if (value.type().get(type)) return false;
  if (type == ondemand::json_type::null || type == ondemand::json_type::object ||
      type == ondemand::json_type::array) {
    return false;
  }
  std::string_view text = raw_text(value);
  if (type == ondemand::json_type::string) {
    // Unescaping fails for a lone surrogate; then the raw text is a key as good as any.
    std::string_view unescaped;
    if (!value.get_string().get(unescaped)) text = unescaped;
  }
  out.assign(text);
  return true;
}

/// Compares without unescaping where the key holds no escape, which is nearly always.
bool is_named(ondemand::field& field, std::string_view name) {
  const char* raw = field.key().raw();
  std::size_t same = 0;
  // Terminates at the key's closing quote at the latest: names hold neither quote nor backslash.
  while (same < name.size() && raw[same] == name[same]) ++same;
  if (same == name.size() && raw[same] == '"') return true;
  while (raw[same] != '"' && raw[same] != '\\') ++same;
  if (raw[same] == '"') return false;
  std::string_view unescaped;
  return !field.unescaped_key().get(unescaped) && unescaped == name;
}

using MemberNames = const std::vector<std::string>&;

/// Goes down to members[depth...]. Every member of each object on the way is looked at, because the
/// last of equal names counts. Recursion is bounded by the length of the path.
template <class Value>
bool find_scalar(Value& value, MemberNames members, std::size_t depth, std::string& out) {
  if (depth == members.size()) return scalar_text(value, out);
  ondemand::json_type type;
  if (value.type().get(type) || type != ondemand::json_type::object) return false;
  ondemand::object object;
  if (value.get_object().get(object)) return false;
  bool found = false;
  for (auto entry : object) {
    ondemand::field field;
    if (std::move(entry).get(field)) return false;
    if (is_named(field, members[depth])) {
      found = find_scalar(field.value(), members, depth + 1, out);
    }
  }
  return found;
}

bool copy_attribute(std::string_view value, std::string& out) {
  out.assign(value);
  return !value.empty();
}

bool read_extension(std::string_view name, const EventView& event, std::string& out) {
  Extension extension;
  for (std::size_t i = 0; event.extension(i, extension); ++i) {
    if (extension.name == name) return copy_attribute(extension.value, out);
  }
  return false;
}

bool read_time(const EventView& event, std::string& out) {
  if ((event.slot().flags & kHasTime) == 0) return false;
  out.clear();
  append_timestamp(event.time(), out);
  return true;
}

}  // namespace

struct KeyReader::Parser {
  ondemand::parser json;
};

KeyReader::KeyReader() = default;
KeyReader::~KeyReader() = default;
KeyReader::KeyReader(KeyReader&&) noexcept = default;
KeyReader& KeyReader::operator=(KeyReader&&) noexcept = default;

bool KeyReader::read_data(const KeyPath& path, const Slot& slot, std::string& out) {
  if (slot.data_kind() != DataKind::kJson) return false;
  if (!parser_) parser_ = std::make_unique<Parser>();
  const std::string_view data = slot.data();
  if (parser_->json.capacity() < data.size()) {
    // In powers of two: the library would allocate anew for every longer payload.
    const std::size_t capacity = std::bit_ceil(std::max(data.size(), kFirstCapacity));
    if (parser_->json.allocate(capacity)) return false;
  }
  ondemand::document document;
  const auto error =
      parser_->json.iterate(data.data(), data.size(), data.size() + kJsonPadding).get(document);
  return !error && find_scalar(document, path.members, 0, out);
}

bool KeyReader::read(const KeyPath& path, const EventView& event, std::string_view type_text,
                     std::string& out) {
  std::array<char, kUuidTextSize> uuid;
  switch (path.root) {
    case KeyPath::Root::kType:
      return copy_attribute(type_text, out);
    case KeyPath::Root::kId:
      return copy_attribute(event.id(uuid), out);
    case KeyPath::Root::kTime:
      return read_time(event, out);
    case KeyPath::Root::kPriority:
      out.assign(1, static_cast<char>('0' + event.slot().priority));
      return event.slot().priority != kNoPriority;
    case KeyPath::Root::kAttribute:
      return copy_attribute(event.get(path.attribute), out);
    case KeyPath::Root::kExtension:
      return read_extension(path.members[0], event, out);
    case KeyPath::Root::kData:
      return read_data(path, event.slot(), out);
  }
  return false;
}

}  // namespace veltrix
