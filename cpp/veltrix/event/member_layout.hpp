#pragma once
// How the members of earlier events were written, by position: events of one producer have the same
// members in the same order, with the same white space. What stood before a value the last time is
// compared as bytes, in one go; equal bytes are equal tokens, so that none of them is looked at.
// Private to this room.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "veltrix/event/json_tokens.hpp"
#include "veltrix/event/member_names.hpp"

namespace veltrix {

/// One member, from the opening quote of its name to its value; of a text, and of the version, the
/// value's own opening quote is part of it.
class MemberPattern {
 public:
  enum class Form : std::uint8_t { kNone, kText, kVersion, kTime, kPriority, kData, kOther };

  /// `at`: a quote that begins a string; kJsonPadding readable bytes follow its document.
  bool matches(const char* at) const noexcept {
    // By hand: from a loop over words a compiler makes a trip through memory.
    Half head;
    Half tail;
    std::memcpy(&head, at, sizeof head);
    std::memcpy(&tail, at + sizeof head, sizeof tail);
    const Half different = ((head ^ bytes_[0]) & mask_[0]) | ((tail ^ bytes_[1]) & mask_[1]);
    return (different[0] | different[1]) == 0;
  }
  /// Of a name without escapes: its tokens say where everything is. What is too long for a pattern
  /// leaves it as it is.
  void learn(Member member, const JsonTokens& tokens, Token name) noexcept;

  Form form() const noexcept { return form_; }
  Member member() const noexcept { return member_; }
  std::uint32_t bit() const noexcept { return 1U << static_cast<unsigned>(member_); }
  std::size_t size() const noexcept { return size_; }
  std::string_view EventFields::*text() const noexcept { return text_; }

 private:
  using Half [[gnu::vector_size(16)]] = std::uint64_t;
  static constexpr std::size_t kBytes = 2 * sizeof(Half);

  // Equals nothing: a quote begins what is compared.
  Half bytes_[2] = {};
  Half mask_[2] = {{0xFF, 0}, {0, 0}};
  std::string_view EventFields::*text_ = nullptr;
  std::size_t size_ = 0;
  Member member_ = Member::kExtension;
  Form form_ = Form::kNone;
};

using MemberLayout = std::array<MemberPattern, 32>;

}  // namespace veltrix
