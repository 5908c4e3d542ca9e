#include "veltrix/cel/texts.hpp"

#include <cstring>

#include <simdjson.h>

#include "veltrix/cel/patterns.hpp"

namespace veltrix::cel {
namespace {

bool are_texts(const Value& a, const Value& b) noexcept {
  return a.kind == Kind::kString && b.kind == Kind::kString;
}

Value no_overload() noexcept { return Value::error(Reason::kNoOverload); }

}  // namespace

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return count;
}

bool is_utf8(std::string_view bytes) noexcept {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

Value starts_with(const Value& text, const Value& prefix) noexcept {
  if (!are_texts(text, prefix)) return no_overload();
  return Value::of(text.view().starts_with(prefix.view()));
}

Value ends_with(const Value& text, const Value& suffix) noexcept {
  if (!are_texts(text, suffix)) return no_overload();
  return Value::of(text.view().ends_with(suffix.view()));
}

Value contains(const Value& text, const Value& part, Workspace& work) noexcept {
  if (!are_texts(text, part)) return no_overload();
  if (part.size == 0) return Value::of(true);
  if (part.size > text.size) return Value::of(false);
  if (!work.spend_bytes(text.size)) return Value::error(Reason::kTooMuchWork);
  // memmem(), not string_view::find(): its time is linear whatever the two texts are.
  return Value::of(memmem(text.text, text.size, part.text, part.size) != nullptr);
}

Value matches(const Value& text, const Value& pattern, Workspace& work) noexcept {
  if (!are_texts(text, pattern)) return no_overload();
  // Compiling costs far more than a look-up; a pattern per event is paid for.
  if (!work.spend(1 + pattern.size / 4)) return Value::error(Reason::kTooMuchWork);
  const re2::RE2* const compiled = work.pattern(pattern.view());
  return compiled == nullptr ? Value::error(Reason::kBadPattern)
                             : search(*compiled, text.view(), work);
}

}  // namespace veltrix::cel
