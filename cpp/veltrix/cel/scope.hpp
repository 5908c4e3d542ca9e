#pragma once
// What a name stands for: the variable of an enclosing macro, a declared variable, or a type.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

class Scope {
 public:
  explicit Scope(const Declarations& declared) : declared_(declared) {}

  void enter(std::string_view variable) { locals_.push_back(variable); }
  void leave() { locals_.pop_back(); }

  /// How many macros lie between here and the one whose variable this is.
  std::optional<std::uint32_t> local(std::string_view name) const noexcept;
  /// Names may have dots: vx.Expression("a.b.c", ["a.b.c"]).
  std::optional<std::uint32_t> variable(std::string_view name) const noexcept;
  static std::optional<Kind> type(std::string_view name) noexcept;
  /// The index of `event`, where `name` is `data` and stands for `event.data`.
  std::optional<std::uint32_t> event_of_data(std::string_view name) const noexcept;

  /// What to write instead of a variable that is not there.
  std::string cure(std::string_view name) const;

 private:
  const Declarations& declared_;
  std::vector<std::string_view> locals_;
};

/// Kept free by the language for the languages around it; members may have such names.
bool is_reserved(std::string_view word) noexcept;
/// Part of the grammar: true, false, null, in. No member is written so after a dot.
bool is_keyword(std::string_view word) noexcept;

}  // namespace veltrix::cel
