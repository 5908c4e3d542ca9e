// append_text() and append_json(): values on their way out, for people, keys and payloads.

#include <cmath>
#include <cstdint>

#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/scalar_text.hpp"
#include "veltrix/event/json_text.hpp"
#include "veltrix/event/json_writer.hpp"

namespace veltrix::cel {
namespace {

// As in equality.cpp: deeper than anything that can be built.
constexpr int kMaxDepth = 192;

bool append_value(const Value& value, std::string& out, int depth);

void append_scalar(const Value& value, std::string& out) {
  char text[kScalarTextSize];
  out.append(text, write_scalar(value, text));
}

void append_bytes(std::string_view bytes, std::string& out) {
  out.push_back('"');
  const std::size_t before = out.size();
  out.resize(before + base64_size(bytes.size()));
  write_base64(bytes, out.data() + before);
  out.push_back('"');
}

bool append_double(double value, std::string& out) {
  if (!std::isfinite(value)) return false;
  const std::size_t before = out.size();
  append_scalar(Value::of(value), out);
  // A double stays one for whoever reads it: 2.0, not 2.
  if (out.find_first_of(".e", before) == std::string::npos) out.append(".0");
  return true;
}

bool append_list(const Value& list, std::string& out, int depth) {
  out.push_back('[');
  for (std::uint32_t i = 0; i < list.size; ++i) {
    if (i != 0) out.push_back(',');
    if (!append_value(list.items[i], out, depth + 1)) return false;
  }
  out.push_back(']');
  return true;
}

bool append_map(const Value& map, std::string& out, int depth) {
  out.push_back('{');
  for (std::uint32_t i = 0; i < map.size; ++i) {
    const MapEntry& entry = map.entries[i];
    if (entry.key.kind != Kind::kString) return false;
    if (i != 0) out.push_back(',');
    append_json_string(entry.key.view(), out);
    out.push_back(':');
    if (!append_value(entry.value, out, depth + 1)) return false;
  }
  out.push_back('}');
  return true;
}

bool append_value(const Value& value, std::string& out, int depth) {
  if (depth > kMaxDepth) return false;
  switch (value.kind) {
    case Kind::kNull:
      out.append("null");
      return true;
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
      append_scalar(value, out);
      return true;
    case Kind::kDouble:
      return append_double(value.real, out);
    case Kind::kString:
      append_json_string(value.view(), out);
      return true;
    case Kind::kBytes:
      append_bytes(value.view(), out);
      return true;
    case Kind::kTimestamp:
    case Kind::kDuration:
      out.push_back('"');
      append_scalar(value, out);
      out.push_back('"');
      return true;
    case Kind::kList:
      return append_list(value, out, depth);
    case Kind::kMap:
      return append_map(value, out, depth);
    case Kind::kType:
    case Kind::kError:
      break;
  }
  return false;
}

/// Lists and maps as JSON where there is one; a value without it is named by its kind.
void append_container(const Value& value, std::string& out) {
  const std::size_t before = out.size();
  if (append_json(value, out)) return;
  out.resize(before);
  out.append(name_of(value.kind));
}

}  // namespace

bool append_json(const Value& value, std::string& out) {
  const std::size_t before = out.size();
  if (append_value(value, out, 0)) return true;
  out.resize(before);
  return false;
}

void append_text(const Value& value, std::string& out) {
  switch (value.kind) {
    case Kind::kNull:
      out.append("null");
      break;
    case Kind::kString:
      out.append(value.view());
      break;
    case Kind::kType:
      out.append(name_of(value.type));
      break;
    case Kind::kError:
      out.append(name_of(value.reason));
      break;
    case Kind::kBytes:  // base64 without quotes: a key has to be text
      append_bytes(value.view(), out);
      break;
    case Kind::kList:
    case Kind::kMap:
      append_container(value, out);
      break;
    default:
      append_scalar(value, out);
  }
}

}  // namespace veltrix::cel
