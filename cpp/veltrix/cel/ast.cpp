#include "veltrix/cel/ast.hpp"

#include <algorithm>

#include "veltrix/cel/checker.hpp"
#include "veltrix/cel/fault_words.hpp"
#include "veltrix/cel/lexer.hpp"
#include "veltrix/cel/parser.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix::cel {
namespace {

/// Where the first character begins that is not UTF-8.
std::size_t valid_bytes(std::string_view text) {
  std::size_t good = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    const bool whole = end == text.size() || (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (!whole) continue;
    if (!is_utf8(text.substr(good, end - good))) return good;
    good = end;
  }
  return good;
}

std::optional<Fault> fault_of_whole(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return make_fault(FaultCode::kTooLong, {kMaxExpressionBytes, kMaxExpressionBytes},
                      {std::to_string(text.size()), std::to_string(kMaxExpressionBytes)});
  }
  if (is_utf8(text)) return std::nullopt;
  const std::size_t place = valid_bytes(text);
  return make_fault(FaultCode::kNotUtf8, {place, place + 1});
}

tl::unexpected<std::vector<Fault>> refuse(Fault fault) {
  std::vector<Fault> faults;
  faults.push_back(std::move(fault));
  return tl::make_unexpected(std::move(faults));
}

}  // namespace

tl::expected<Ast, std::vector<Fault>> parse(std::string_view text, const Declarations& names) {
  if (auto fault = fault_of_whole(text)) return refuse(std::move(*fault));
  auto tokens = tokens_of(text);
  if (!tokens) return refuse(std::move(tokens.error()));
  Ast ast;
  ast.text = text;
  Parser parser(*tokens, names, ast);
  const bool complete = parser.run();
  std::vector<Fault> faults = std::move(parser.faults());
  if (complete) check_kinds(ast, faults);
  if (faults.empty()) return ast;
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.begin < b.begin; });
  return tl::make_unexpected(std::move(faults));
}

}  // namespace veltrix::cel
