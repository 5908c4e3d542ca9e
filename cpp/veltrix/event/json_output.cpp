#include "veltrix/event/json_output.hpp"

namespace veltrix {
namespace {

char* put_escape(char* out, char c) noexcept {
  switch (c) {
    case '"':
      return put_literal(out, "\\\"");
    case '\\':
      return put_literal(out, "\\\\");
    case '\b':
      return put_literal(out, "\\b");
    case '\f':
      return put_literal(out, "\\f");
    case '\n':
      return put_literal(out, "\\n");
    case '\r':
      return put_literal(out, "\\r");
    case '\t':
      return put_literal(out, "\\t");
    default:
      break;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out = put_literal(out, "\\u00");
  *out++ = kDigits[byte >> 4];
  *out++ = kDigits[byte & 15];
  return out;
}

}  // namespace

char* put_with_escapes(char* out, std::string_view text) noexcept {
  for (const char c : text) {
    if (needs_escape(c)) {
      out = put_escape(out, c);
    } else {
      *out++ = c;
    }
  }
  return out;
}

}  // namespace veltrix
