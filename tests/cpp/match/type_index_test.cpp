#include "veltrix/match/type_index.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

TypePattern parse(const std::string& text) { return parse_type_pattern(text).value(); }

std::vector<std::uint32_t> found(const TypeIndex& index, std::string_view type) {
  std::vector<std::uint32_t> out;
  index.match(type, out);
  return out;
}

using Values = std::vector<std::uint32_t>;

TEST(TypeIndex, FindsNothingWhenItIsEmpty) {
  EXPECT_EQ(found(TypeIndex{}, "a.b"), Values{});
  EXPECT_EQ(found(TypeIndex{}, ""), Values{});
}

TEST(TypeIndex, GivesEachValueOnceAndAscending) {
  TypeIndex index;
  index.add(parse("a.*"), 7);
  index.add(parse("**"), 3);
  index.add(parse("a.b"), 7);
  index.add(parse("*.b"), 1);
  index.add(parse("x"), 0);
  EXPECT_EQ(found(index, "a.b"), (Values{1, 3, 7}));
  EXPECT_EQ(found(index, "x"), (Values{0, 3}));
}

TEST(TypeIndex, ClearsTheAnswerBeforeItFills) {
  TypeIndex index;
  index.add(parse("a"), 1);
  Values out = {9, 9};
  index.match("b", out);
  EXPECT_EQ(out, Values{});
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ".") + part;
  return text;
}

/// Few letters, so that random patterns and types meet often.
rc::Gen<std::vector<std::string>> parts_of(const std::vector<std::string>& alphabet) {
  return rc::gen::resize(7, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
                                rc::gen::elementOf(alphabet))));
}

RC_GTEST_PROP(TypeIndex, AgreesWithThePlainMatcher, ()) {
  const auto texts = *rc::gen::container<std::vector<std::vector<std::string>>>(
      parts_of({"a", "b", "c", "*", "**"}));
  const std::string type = joined(*parts_of({"a", "b", "c", "d"}));
  TypeIndex index;
  Values expected;
  for (const auto& text : texts) {
    const auto pattern = parse_type_pattern(joined(text));
    if (!pattern) continue;  // too many **
    const auto value = static_cast<std::uint32_t>(expected.size() + 1);
    index.add(*pattern, value);
    expected.push_back(matches(*pattern, type) ? value : 0);
  }
  std::erase(expected, 0U);
  RC_ASSERT(found(index, type) == expected);
}

TypeIndex index_of(int routes) {
  TypeIndex index;
  const auto count = static_cast<std::uint32_t>(routes);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string tenant = "tenant" + std::to_string(i);
    const std::string shapes[] = {tenant + ".order.paid", tenant + ".*.failed", tenant + ".**",
                                  "**." + tenant};
    index.add(parse(shapes[i % 4]), i);
  }
  return index;
}

TEST(TypeIndex, VisitsAsManyNodesWithTenThousandRoutesAsWithTen) {
  const TypeIndex few = index_of(10);
  const TypeIndex many = index_of(10'000);
  Values out;
  for (const char* type : {"tenant1.order.failed", "tenant2.order.paid", "other.order", "x"}) {
    const std::size_t visited = few.match(type, out);
    EXPECT_EQ(many.match(type, out), visited) << type;
    EXPECT_LE(visited, 16U) << type;
  }
}

TEST(TypeIndex, DoesNotExplodeWhenDeepWildcardsPileUp) {
  TypeIndex index;
  index.add(parse("**.a.**.a.**.a.**.a.**.a.**.a.**.a.**.b"), 1);
  std::string type;
  for (int i = 0; i < 5'000; ++i) type += "a.";
  Values out;
  // A backtracking matcher would need about 5,000 to the 7th steps to say no.
  EXPECT_LE(index.match(type + "c", out), 17U * 5'001U);
  EXPECT_EQ(out, Values{});
  index.match(type + "b", out);
  EXPECT_EQ(out, Values{1});
}

}  // namespace
}  // namespace veltrix
