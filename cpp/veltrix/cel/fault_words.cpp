#include "veltrix/cel/fault_words.hpp"

#include <array>
#include <string>

namespace veltrix::cel {
namespace {

struct Words {
  FaultCode code;
  std::string_view name;
  std::string_view message;
  std::string_view cure;
};

using enum FaultCode;

// In the order of the enumeration. A message says what is wrong, a cure what to write instead.
constexpr std::array kWords{
    Words{kEmptyExpression, "empty-expression", "there is no expression",
          "write a condition such as event.priority > 5"},
    Words{kTooLong, "too-long", "the expression has {0} bytes; at most {1} are allowed",
          "split it into several shorter ones"},
    Words{kNotUtf8, "not-utf8", "the text is not UTF-8 from here on", "save the file as UTF-8"},
    Words{kTooManyNodes, "too-many-nodes", "the expression has more than {0} parts",
          "split it into several shorter ones"},
    Words{kTooDeep, "too-deep", "nested more than {0} levels deep", "split the expression"},
    Words{kUnexpectedCharacter, "unexpected-character", "{0} has no meaning here", "{1}"},
    Words{kHalfOperator, "half-operator", "'{0}' is no operator", "did you mean '{1}'?"},
    Words{kUnclosedText, "unclosed-text", "the text that begins here does not end",
          "close it with {0}; over several lines it stands between {1}"},
    Words{kBadEscape, "bad-escape", "'{0}' is no escape sequence",
          "write \\\\ for a backslash, or a raw text: r\"...\""},
    Words{kBadCodePoint, "bad-code-point", "'{0}' is no character of Unicode", ""},
    Words{kEscapeInBytes, "escape-in-bytes", "'{0}' stands for a character, and this is bytes",
          "write the character itself, or its bytes as \\xFF"},
    Words{kBadNumber, "bad-number", "'{0}' is no number", "{1}"},
    Words{kNumberRange, "number-range", "{0} is outside the range of {1}", "{2}"},
    Words{kReservedWord, "reserved-word", "'{0}' is a reserved word", "{1}"},
    Words{kUnexpectedToken, "unexpected-token", "'{0}' does not fit here; expected {1}", "{2}"},
    Words{kUnexpectedEnd, "unexpected-end", "the expression ends too early; expected {0}", ""},
    Words{kUnclosedBracket, "unclosed-bracket", "'{0}' is never closed", "add '{1}'"},
    Words{kMixedSigns, "mixed-signs", "'{1}' cannot follow '{0}' directly",
          "put brackets between them: {0}({1}...)"},
    Words{kNestedConditional, "nested-conditional", "'?' between '?' and ':' needs brackets",
          "write a ? (b ? c : d) : e"},
    Words{kMessageConstruction, "message-construction",
          "'{0}{...}' would build a protocol buffer message, and there are none here",
          "write a map: {\"name\": value}"},
    Words{kUnknownVariable, "unknown-variable", "there is no variable '{0}'", "{1}"},
    Words{kUnknownFunction, "unknown-function", "'{0}' is no function", "{1}"},
    Words{kUnknownMethod, "unknown-method", "'{0}' is no function", "{1}"},
    Words{kCallStyle, "call-style", "'{0}' is called in another way", "write {1}"},
    Words{kArgumentCount, "argument-count", "'{0}' takes {1}, not {2}", "write {3}"},
    Words{kMacroVariable, "macro-variable", "the first argument of '{0}' must be a plain name",
          "write {1}"},
    Words{kHasArgument, "has-argument", "'has' asks for a member, and this is none",
          "write has(event.name)"},
    Words{kNoOverload, "no-overload", "'{0}' does not take {1}", "{2}"},
    Words{kNoMembers, "no-members", "{1} has no member '{0}'", ""},
    Words{kNotBool, "not-bool", "'{0}' asks for a bool, not {1}", "write a comparison"},
    Words{kMacroRange, "macro-range", "'{0}' goes through a list or a map, not {1}", ""},
    Words{kMapKey, "map-key", "{0} cannot be the key of a map",
          "a key is bool, int, uint or string"},
    Words{kBadPattern, "bad-pattern", "this regular expression cannot be read: {0}", ""},
    Words{kNeverConverts, "never-converts", "{0}({1}) can never work", "{2}"},
    Words{kMixedArithmetic, "mixed-arithmetic", "'{0}' of {1} is an error at run time",
          "write {2}"},
    Words{kOperandNotBool, "operand-not-bool",
          "'{0}' asks for bools, and this is {1}: an error unless the other side decides",
          "write a comparison"},
};
static_assert(kWords.size() == static_cast<std::size_t>(kFaultCodeCount));

constexpr bool in_order() {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i].code != static_cast<FaultCode>(i)) return false;
  }
  return true;
}
static_assert(in_order());

/// "{...}" of a message construction is no place: only a digit between the braces makes one.
std::string filled(std::string_view pattern, std::initializer_list<std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool place = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    if (!place) {
      out += pattern[i];
      continue;
    }
    const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
    if (index < words.size()) out += words.begin()[index];
    i += 2;
  }
  return out;
}

}  // namespace

std::string_view name_of(FaultCode code) noexcept {
  return kWords[static_cast<std::size_t>(code)].name;
}

Fault make_fault(FaultCode code, Extent place, std::initializer_list<std::string_view> words) {
  const Words& row = kWords[static_cast<std::size_t>(code)];
  return {std::string(row.name), filled(row.message, words), filled(row.cure, words), place.begin,
          place.end};
}

}  // namespace veltrix::cel
