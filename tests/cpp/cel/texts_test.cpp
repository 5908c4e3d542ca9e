#include "veltrix/cel/texts.hpp"

#include <re2/re2.h>

#include "veltrix/cel/patterns.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kParts[] = {
    {F::kStartsWith, "'abc', 'ab'", "true"},    {F::kStartsWith, "'abc', ''", "true"},
    {F::kStartsWith, "'abc', 'b'", "false"},    {F::kStartsWith, "'ab', 'abc'", "false"},
    {F::kEndsWith, "'abc', 'bc'", "true"},      {F::kEndsWith, "'abc', ''", "true"},
    {F::kEndsWith, "'abc', 'b'", "false"},      {F::kContains, "'abc', 'b'", "true"},
    {F::kContains, "'abc', ''", "true"},        {F::kContains, "'', ''", "true"},
    {F::kContains, "'abc', 'ac'", "false"},     {F::kContains, "'a', 'ab'", "false"},
    {F::kContains, "'aé', 'é'", "true"},        {F::kStartsWith, "b'abc', b'a'", "!no_overload"},
    {F::kEndsWith, "'abc', 1", "!no_overload"}, {F::kContains, "null, 'b'", "!no_overload"},
};

constexpr Row kPatterns[] = {
    {F::kMatches, "'abc', 'b'", "true"},
    {F::kMatches, "'abc', '^b'", "false"},
    {F::kMatches, "'abc', 'a.c$'", "true"},
    {F::kMatches, "'abc', ''", "true"},
    {F::kMatches, "'', '^$'", "true"},
    {F::kMatches, "'a\\nb', 'a.b'", "false"},
    {F::kMatches, "'A', '(?i)a'", "true"},
    {F::kMatches, "'é', '^.$'", "true"},
    {F::kMatches, "'foo123', '[0-9]+'", "true"},
    {F::kMatches, "'abc', '(?P<x>a)'", "true"},
    {F::kMatches, "'abc', '('", "!bad_pattern"},
    {F::kMatches, "'abc', '(a)\\1'", "!bad_pattern"},
    {F::kMatches, "'abc', 'a{1001}'", "!bad_pattern"},
    {F::kMatches, "1, 'a'", "!no_overload"},
    {F::kMatches, "'a', 1", "!no_overload"},
};

TEST(Texts, BeginEndAndPart) { expect_rows(kParts); }
TEST(Texts, MatchWhereAnyPartDoes) { expect_rows(kPatterns); }

TEST(Texts, PatternsAreBounded) {
  EXPECT_EQ(compile_pattern(std::string(kMaxRegexBytes + 1, 'a')), nullptr);
  EXPECT_NE(compile_pattern(std::string(kMaxRegexBytes, 'a')), nullptr);
  EXPECT_EQ(compile_pattern("((((a{100}){100}){100}){100})"), nullptr);
}

TEST(Texts, SubjectsAreBounded) {
  Workspace work;
  const auto pattern = compile_pattern("b$");
  const std::string text(kMaxSubjectBytes + 1, 'a');
  EXPECT_EQ(search(*pattern, text, work).reason, Reason::kTooMuchWork);
  const std::string_view largest = std::string_view(text).substr(1);
  EXPECT_EQ(shown(search(*pattern, largest, work)), "false");
}

TEST(Texts, LargePatternsOverLargeTextsUseUpTheBudget) {
  Workspace work;
  const auto pattern = compile_pattern("(a?){500}b");
  ASSERT_NE(pattern, nullptr);
  const std::string text(kMaxSubjectBytes, 'a');
  Value last;
  for (int i = 0; i < 100 && !last.is_error(); ++i) last = search(*pattern, text, work);
  EXPECT_EQ(last.reason, Reason::kTooMuchWork);
}

TEST(Texts, ComputedPatternsAreCompiledOnce) {
  Workspace work;
  const re2::RE2* const first = work.pattern("a+");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(work.pattern("a+"), first);
  EXPECT_EQ(work.pattern("("), nullptr);
  EXPECT_EQ(work.pattern("("), nullptr);
  for (int i = 0; i < 100; ++i) EXPECT_NE(work.pattern("x" + std::to_string(i)), nullptr);
  EXPECT_TRUE(re2::RE2::PartialMatch("caab", *work.pattern("a+")));
}

TEST(Texts, SearchForAPartIsLinear) {
  const std::string text(1 << 20, 'a');
  const std::string part = std::string(1 << 19, 'a') + "b";  // the worst case of a naive search
  Workspace work;
  EXPECT_EQ(shown(contains(Value::string(text), Value::string(part), work)), "false");
  EXPECT_EQ(work.steps, 1'024U);
}

TEST(Texts, Utf8IsTold) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("aé😀"));
  EXPECT_FALSE(is_utf8("\xC3"));
  EXPECT_EQ(count_code_points("aé😀"), 3U);
}

}  // namespace
}  // namespace veltrix::cel
