#include "veltrix/event/member_layout.hpp"

namespace veltrix {
namespace {

using Form = MemberPattern::Form;

constexpr std::string_view kVersion = R"("1.0")";

/// `value` points at the first byte of it. Nothing has been checked yet: only the one version that
/// there is may become part of a pattern.
Form form_of(Member member, const char* value) noexcept {
  if (member == Member::kData) return Form::kData;
  if (member == Member::kPriority) return Form::kPriority;
  if (*value != '"') return Form::kOther;
  if (member == Member::kSpecVersion) {
    return std::memcmp(value, kVersion.data(), kVersion.size()) == 0 ? Form::kVersion
                                                                     : Form::kOther;
  }
  if (member == Member::kTime) return Form::kTime;
  return entry_of(member).text != nullptr ? Form::kText : Form::kOther;
}

}  // namespace

void MemberPattern::learn(Member member, const JsonTokens& tokens, Token name) noexcept {
  const char* const begin = tokens.place(name);
  const Token value = name + 2;
  const Form form = form_of(member, tokens.place(value));
  auto size = static_cast<std::size_t>(tokens.place(value) - begin);
  if (form == Form::kText || form == Form::kTime) size += 1;
  if (form == Form::kVersion) size += kVersion.size();
  if (size > kBytes) return;
  member_ = member;
  form_ = form;
  text_ = entry_of(member).text;
  size_ = size;
  char mask[kBytes] = {};
  std::memset(mask, 0xFF, size);
  std::memcpy(mask_, mask, kBytes);
  std::memcpy(bytes_, begin, kBytes);
}

}  // namespace veltrix
