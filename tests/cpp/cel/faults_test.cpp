// Every error message of the language, as people see it: column, words, cure and caret. A code
// without a row here fails the test.

#include <set>

#include <gtest/gtest.h>

#include "veltrix/cel/ast.hpp"

#include "cpp/cel/fault_rows.hpp"

namespace veltrix::cel {
namespace {

/// Rows of long texts give the beginning only.
void expect_shown(const FaultRow& row, const Fault& fault) {
  EXPECT_EQ(fault.code, name_of(row.code)) << row.text;
  EXPECT_EQ(render(row.text, fault).substr(0, row.shown.size()), row.shown);
  if (row.shown.back() != '\n') {
    EXPECT_EQ(render(row.text, fault), row.shown);
  }
  EXPECT_EQ(error_of(row.text, fault).code, ErrorCode::kInvalidExpression);
}

std::vector<FaultRow> all_faults() {
  std::vector<FaultRow> all;
  for (auto part : {faults_of_text, faults_of_grammar, faults_of_names, faults_of_kinds}) {
    for (FaultRow& row : part()) all.push_back(std::move(row));
  }
  return all;
}

TEST(CelFaults, SayWhatIsWrongAndWhere) {
  for (const FaultRow& row : all_faults()) {
    const auto ast = parse(row.text);
    ASSERT_FALSE(ast) << row.text;
    EXPECT_EQ(ast.error().size(), 1U) << row.text;
    expect_shown(row, ast.error().front());
  }
}

TEST(CelFaults, WarnOfWhatLoadsAllTheSame) {
  for (const FaultRow& row : warnings_of_kinds()) {
    const auto ast = parse(row.text);
    ASSERT_TRUE(ast) << row.text;
    ASSERT_EQ(ast->warnings.size(), 1U) << row.text;
    expect_shown(row, ast->warnings.front());
  }
}

TEST(CelFaults, StandInTheTableAllOfThem) {
  std::set<FaultCode> met;
  for (const FaultRow& row : all_faults()) met.insert(row.code);
  for (const FaultRow& row : warnings_of_kinds()) met.insert(row.code);
  for (int code = 0; code < kFaultCodeCount; ++code) {
    EXPECT_TRUE(met.count(static_cast<FaultCode>(code)))
        << name_of(static_cast<FaultCode>(code)) << " is in no table";
  }
}

TEST(CelFaults, AreAllToldAtOnce) {
  const std::string text = "amount > size(1) && evnt.a && sise(data) == 1 + 'a'";
  const auto ast = parse(text);
  ASSERT_FALSE(ast);
  std::vector<std::string> codes;
  for (const Fault& fault : ast.error()) codes.push_back(fault.code);
  const std::vector<std::string> expected{"unknown-variable", "no-overload", "unknown-variable",
                                          "unknown-function", "no-overload"};
  EXPECT_EQ(codes, expected);
}

TEST(CelFaults, CountLinesAndCharacters) {
  const std::string text = "event.a == '\xC3\xA4\xE2\x82\xAC' &&\r\n\tevnt.b";
  const auto ast = parse(text);
  ASSERT_FALSE(ast);
  EXPECT_EQ(render(text, ast.error().front()),
            "line 2, column 2: there is no variable 'evnt'; did you mean 'event'?\n"
            "  \tevnt.b\n"
            "  \t^~~~");
}

TEST(CelFaults, NameWhatIsDeclared) {
  const std::string text = "foo.b";
  EXPECT_EQ(parse(text, {{"line"}, false}).error().front().cure, "declared is 'line'");
  EXPECT_EQ(parse(text, {{"line", "file"}, false}).error().front().cure,
            "declared is 'line' and others");
  EXPECT_EQ(parse(text, {{}, false}).error().front().cure, "none is declared");
  EXPECT_EQ(parse("data.b", {{"line"}, true}).error().front().code, "unknown-variable");
}

}  // namespace
}  // namespace veltrix::cel
