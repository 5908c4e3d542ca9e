#include "veltrix/cel/scope.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "veltrix/cel/signatures.hpp"
#include "veltrix/cel/spelling.hpp"

namespace veltrix::cel {
namespace {

constexpr std::array<std::string_view, 17> kReserved{
    "as",     "break", "const", "continue",  "else",   "for", "function", "if",   "import",
    "let",    "loop",  "package", "namespace", "return", "var", "void",     "while"};
constexpr std::array<std::string_view, 4> kKeywords{"true", "false", "null", "in"};

constexpr std::array<std::pair<std::string_view, Kind>, 12> kTypes{
    {{"bool", Kind::kBool},
     {"int", Kind::kInt},
     {"uint", Kind::kUint},
     {"double", Kind::kDouble},
     {"string", Kind::kString},
     {"bytes", Kind::kBytes},
     {"list", Kind::kList},
     {"map", Kind::kMap},
     {"null_type", Kind::kNull},
     {"type", Kind::kType},
     {"google.protobuf.Timestamp", Kind::kTimestamp},
     {"google.protobuf.Duration", Kind::kDuration}}};

// What people write who come from Python or SQL.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kForeign{
    {{"not", "write !(...)"},
     {"None", "write null"},
     {"nil", "write null"},
     {"timestamp", "the type is google.protobuf.Timestamp; to make one, write timestamp(text)"},
     {"duration", "the type is google.protobuf.Duration; to make one, write duration(text)"}}};

template <class Words>
bool holds(const Words& words, std::string_view word) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_reserved(std::string_view word) noexcept { return holds(kReserved, word); }
bool is_keyword(std::string_view word) noexcept { return holds(kKeywords, word); }

std::optional<std::uint32_t> Scope::local(std::string_view name) const noexcept {
  const auto found = std::find(locals_.rbegin(), locals_.rend(), name);
  if (found == locals_.rend()) return std::nullopt;
  return static_cast<std::uint32_t>(found - locals_.rbegin());
}

std::optional<std::uint32_t> Scope::variable(std::string_view name) const noexcept {
  const auto& names = declared_.variables;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - names.begin());
}

std::optional<Kind> Scope::type(std::string_view name) noexcept {
  for (const auto& [type, kind] : kTypes) {
    if (type == name) return kind;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Scope::event_of_data(std::string_view name) const noexcept {
  if (name != "data" || !declared_.data_is_event_data) return std::nullopt;
  return variable("event");
}

std::string Scope::cure(std::string_view name) const {
  for (const auto& [foreign, cure] : kForeign) {
    if (foreign == name) return std::string(cure);
  }
  if (const Signature* function = signature_of(name)) {
    return "it is a function: write " + std::string(function->example);
  }
  if (const MacroSignature* macro = macro_of(name)) {
    return "it is a function: write " + std::string(macro->example);
  }
  std::vector<std::string_view> known(locals_.begin(), locals_.end());
  known.insert(known.end(), declared_.variables.begin(), declared_.variables.end());
  if (event_of_data("data")) known.emplace_back("data");
  known.insert(known.end(), kKeywords.begin(), kKeywords.begin() + 3);
  if (std::string near = did_you_mean(name, known); !near.empty()) return near;
  if (event_of_data("data")) {
    return "members are written event." + std::string(name) + " or data." + std::string(name);
  }
  if (declared_.variables.empty()) return "none is declared";
  return "declared is '" + declared_.variables.front() + "'" +
         (declared_.variables.size() > 1 ? " and others" : "");
}

}  // namespace veltrix::cel
