#include "veltrix/cel/signatures.hpp"

#include <algorithm>
#include <array>

namespace veltrix::cel {
namespace {

using enum Function;
using enum Style;

constexpr std::array kSignatures{
    Signature{"size", kSize, kBoth, 1, 1, "size(list)"},
    Signature{"bool", kBool, kGlobal, 1, 1, "bool(x)"},
    Signature{"int", kInt, kGlobal, 1, 1, "int(x)"},
    Signature{"uint", kUint, kGlobal, 1, 1, "uint(x)"},
    Signature{"double", kDouble, kGlobal, 1, 1, "double(x)"},
    Signature{"string", kString, kGlobal, 1, 1, "string(x)"},
    Signature{"bytes", kBytes, kGlobal, 1, 1, "bytes(x)"},
    Signature{"timestamp", kTimestamp, kGlobal, 1, 1, "timestamp(event.time)"},
    Signature{"duration", kDuration, kGlobal, 1, 1, "duration(\"90s\")"},
    Signature{"dyn", kDyn, kGlobal, 1, 1, "dyn(x)"},
    Signature{"type", kType, kGlobal, 1, 1, "type(x)"},
    Signature{"startsWith", kStartsWith, kReceiver, 2, 2, "text.startsWith(\"a\")"},
    Signature{"endsWith", kEndsWith, kReceiver, 2, 2, "text.endsWith(\"a\")"},
    Signature{"contains", kContains, kReceiver, 2, 2, "text.contains(\"a\")"},
    Signature{"matches", kMatches, kBoth, 2, 2, "text.matches(\"a+\")"},
    Signature{"getFullYear", kGetFullYear, kReceiver, 1, 2, "time.getFullYear()"},
    Signature{"getMonth", kGetMonth, kReceiver, 1, 2, "time.getMonth()"},
    Signature{"getDate", kGetDate, kReceiver, 1, 2, "time.getDate()"},
    Signature{"getDayOfMonth", kGetDayOfMonth, kReceiver, 1, 2, "time.getDayOfMonth()"},
    Signature{"getDayOfWeek", kGetDayOfWeek, kReceiver, 1, 2, "time.getDayOfWeek()"},
    Signature{"getDayOfYear", kGetDayOfYear, kReceiver, 1, 2, "time.getDayOfYear()"},
    Signature{"getHours", kGetHours, kReceiver, 1, 2, "time.getHours()"},
    Signature{"getMinutes", kGetMinutes, kReceiver, 1, 2, "time.getMinutes()"},
    Signature{"getSeconds", kGetSeconds, kReceiver, 1, 2, "time.getSeconds()"},
    Signature{"getMilliseconds", kGetMilliseconds, kReceiver, 1, 2, "time.getMilliseconds()"},
};

constexpr std::array kMacros{
    MacroSignature{"all", Macro::kAll, 2, 2, "list.all(x, x > 0)"},
    MacroSignature{"exists", Macro::kExists, 2, 2, "list.exists(x, x > 0)"},
    MacroSignature{"exists_one", Macro::kExistsOne, 2, 2, "list.exists_one(x, x > 0)"},
    MacroSignature{"filter", Macro::kFilter, 2, 2, "list.filter(x, x > 0)"},
    MacroSignature{"map", Macro::kMap, 2, 3, "list.map(x, x * 2)"},
};

// In the order of the enumeration: all operators stand before the functions.
struct Operator {
  std::string_view name;
  std::string_view symbol;
};
constexpr std::array<Operator, 15> kOperators{{{"_+_", "+"},
                                               {"_-_", "-"},
                                               {"_*_", "*"},
                                               {"_/_", "/"},
                                               {"_%_", "%"},
                                               {"-_", "-"},
                                               {"!_", "!"},
                                               {"_==_", "=="},
                                               {"_!=_", "!="},
                                               {"_<_", "<"},
                                               {"_<=_", "<="},
                                               {"_>_", ">"},
                                               {"_>=_", ">="},
                                               {"@in", "in"},
                                               {"_[_]", "[]"}}};
static_assert(static_cast<std::size_t>(Function::kIndex) + 1 == kOperators.size());

template <class Rows>
auto* find_row(const Rows& rows, std::string_view name) noexcept {
  const auto row = std::find_if(rows.begin(), rows.end(), [name](const auto& candidate) {
    return candidate.name == name;
  });
  return row == rows.end() ? nullptr : &*row;
}

std::string_view function_name(Function function) noexcept {
  for (const Signature& row : kSignatures) {
    if (row.function == function) return row.name;
  }
  return "";
}

}  // namespace

std::span<const Signature> all_signatures() noexcept { return kSignatures; }
std::span<const MacroSignature> all_macros() noexcept { return kMacros; }
const Signature* signature_of(std::string_view name) noexcept { return find_row(kSignatures, name); }
const MacroSignature* macro_of(std::string_view name) noexcept { return find_row(kMacros, name); }

std::string_view name_of(Function function) noexcept {
  const auto index = static_cast<std::size_t>(function);
  return index < kOperators.size() ? kOperators[index].name : function_name(function);
}

std::string_view symbol_of(Function function) noexcept {
  const auto index = static_cast<std::size_t>(function);
  return index < kOperators.size() ? kOperators[index].symbol : function_name(function);
}

std::string_view name_of(Macro macro) noexcept {
  if (macro == Macro::kMapFiltered) return "map";
  for (const MacroSignature& row : kMacros) {
    if (row.macro == macro) return row.name;
  }
  return "";
}

}  // namespace veltrix::cel
