// The half of JsonMembers for what stands where it stood in the event before: no errors are told
// here, whatever is unusual is left to the other half.

#include "veltrix/event/json_members.hpp"

namespace veltrix {

/// From behind an opening quote to the closing one; empty: it is, or it takes a closer look.
inline std::string_view JsonMembers::expected_text(const char* begin, Token behind) const noexcept {
  // The string is closed, so what stands before the next token is its quote, or white space.
  const char* const end = tokens_.place(behind) - 1;
  if (*end != '"') return {};
  const std::string_view text(begin, static_cast<std::size_t>(end - begin));
  const bool plain = !has_escapes_ || text.find('\\') == std::string_view::npos;
  return plain ? text : std::string_view();
}

Token JsonMembers::take_expected(Token name) noexcept {
  using Form = MemberPattern::Form;
  const MemberPattern& pattern = layout_[position_ % layout_.size()];
  const char* const at = tokens_.place(name);
  if (!pattern.matches(at) || (seen_ & pattern.bit()) != 0) return nullptr;
  const char* const value = at + pattern.size();
  Token behind = name + 3;  // there is one: the last token is no part of a member
  switch (pattern.form()) {
    case Form::kText: {
      const std::string_view text = expected_text(value, behind);
      if (text.empty()) return nullptr;
      out_->*pattern.text() = text;
      break;
    }
    case Form::kVersion:
      has_version_ = true;
      break;
    case Form::kTime: {
      if (read_timestamp(expected_text(value, behind), out_->time) != nullptr) return nullptr;
      out_->has_time = true;
      break;
    }
    case Form::kPriority:
      if (tokens_.place(behind) != value + 1 || *value < '0' || *value > '9') return nullptr;
      out_->priority = static_cast<std::uint8_t>(*value - '0');
      break;
    case Form::kData:
      if (has_escapes_ || tokens_.kind(name + 2) == 'n' || out_->data_kind != DataKind::kNone)
        return nullptr;
      behind = tokens_.skip_value(name + 2, 1);
      if (behind == nullptr) return nullptr;
      keep_payload(name + 2, behind);
      break;
    default:
      return nullptr;
  }
  seen_ |= pattern.bit();
  ++position_;
  return behind;
}

}  // namespace veltrix
