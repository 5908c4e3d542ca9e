#pragma once
// How functions and macros are called. What kinds of values they take is the checker's matter.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "veltrix/cel/function.hpp"

namespace veltrix::cel {

enum class Style : std::uint8_t { kGlobal, kReceiver, kBoth };

struct Signature {
  std::string_view name;
  Function function;
  Style style;
  std::uint8_t fewest;  // arguments, the receiver included
  std::uint8_t most;
  std::string_view example;
};

struct MacroSignature {
  std::string_view name;
  Macro macro;
  std::uint8_t fewest;  // arguments, the receiver not included
  std::uint8_t most;
  std::string_view example;
};

std::span<const Signature> all_signatures() noexcept;
std::span<const MacroSignature> all_macros() noexcept;
/// Null where no function has this name.
const Signature* signature_of(std::string_view name) noexcept;
const MacroSignature* macro_of(std::string_view name) noexcept;

/// "+" for people; a function's name where it is no operator.
std::string_view symbol_of(Function function) noexcept;
std::string_view name_of(Macro macro) noexcept;

}  // namespace veltrix::cel
