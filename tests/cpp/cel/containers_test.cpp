#include "veltrix/cel/containers.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kMembership[] = {
    {F::kIn, "1, [1, 2]", "true"},
    {F::kIn, "3, [1, 2]", "false"},
    {F::kIn, "1, []", "false"},
    {F::kIn, "1, [1.0, 2.0]", "true"},
    {F::kIn, "1u, [1]", "true"},
    {F::kIn, "'a', [1, 'a']", "true"},
    {F::kIn, "nan, [nan]", "false"},
    {F::kIn, "[1], [[1.0]]", "true"},
    {F::kIn, "null, [null]", "true"},
    {F::kIn, "type(1), [type(2), type('')]", "true"},
    {F::kIn, "'a', {'a': 1}", "true"},
    {F::kIn, "'b', {'a': 1}", "false"},
    {F::kIn, "1, {1: 1}", "true"},
    {F::kIn, "1.0, {1: 1}", "true"},
    {F::kIn, "1.5, {1: 1}", "false"},
    {F::kIn, "1u, {1: 1}", "true"},
    {F::kIn, "1, {1u: 1}", "true"},
    {F::kIn, "-1, {18446744073709551615u: 1}", "false"},
    {F::kIn, "true, {1: 1}", "false"},
    {F::kIn, "true, {true: 1}", "true"},
    {F::kIn, "nan, {1: 1}", "false"},
    {F::kIn, "inf, {1: 1}", "false"},
    {F::kIn, "null, {1: 1}", "!no_overload"},
    {F::kIn, "[1], {1: 1}", "!no_overload"},
    {F::kIn, "'a', 'abc'", "!no_overload"},
    {F::kIn, "1, 1", "!no_overload"},
    {F::kIn, "1, null", "!no_overload"},
};

constexpr Row kIndexes[] = {
    {F::kIndex, "[1, 2, 3], 0", "1"},
    {F::kIndex, "[1, 2, 3], 2", "3"},
    {F::kIndex, "[1, 2, 3], 3", "!out_of_bounds"},
    {F::kIndex, "[1, 2, 3], -1", "!out_of_bounds"},
    {F::kIndex, "[], 0", "!out_of_bounds"},
    {F::kIndex, "[1, 2, 3], 1u", "2"},
    {F::kIndex, "[1, 2, 3], 18446744073709551615u", "!out_of_bounds"},
    {F::kIndex, "[1, 2, 3], 1.0", "2"},
    {F::kIndex, "[1, 2, 3], -0.0", "1"},
    {F::kIndex, "[1, 2, 3], 1.5", "!no_overload"},
    {F::kIndex, "[1, 2, 3], nan", "!no_overload"},
    {F::kIndex, "[1, 2, 3], 1e30", "!no_overload"},
    {F::kIndex, "[1, 2, 3], 'a'", "!no_overload"},
    {F::kIndex, "[1, 2, 3], true", "!no_overload"},
    {F::kIndex, "{1: 'a'}, 1", "'a'"},
    {F::kIndex, "{1: 'a'}, 1.0", "'a'"},
    {F::kIndex, "{1: 'a'}, 1u", "'a'"},
    {F::kIndex, "{1u: 'a'}, 1", "'a'"},
    {F::kIndex, "{1u: 'a'}, 1.0", "'a'"},
    {F::kIndex, "{1: 'a', 1u: 'b'}, 1u", "'b'"},
    {F::kIndex, "{1: 'a', 1u: 'b'}, 1.0", "'a'"},
    {F::kIndex, "{1: 'a'}, 1.5", "!missing"},
    {F::kIndex, "{1: 'a'}, 2", "!missing"},
    {F::kIndex, "{9007199254740993: 'a'}, 9007199254740992.0", "!missing"},
    {F::kIndex, "{9223372036854775807: 'a'}, 9223372036854775808.0", "!missing"},
    {F::kIndex, "{9223372036854775808u: 'a'}, 9223372036854775808.0", "'a'"},
    {F::kIndex, "{true: 'a'}, true", "'a'"},
    {F::kIndex, "{true: 'a'}, 1", "!missing"},
    {F::kIndex, "{1: 'a'}, true", "!missing"},
    {F::kIndex, "{1: 'a'}, null", "!no_overload"},
    {F::kIndex, "{1: 'a'}, [1]", "!no_overload"},
    {F::kIndex, "{'a': 1}, 'a'", "1"},
    {F::kIndex, "{'a': 1}, 'b'", "!missing"},
    {F::kIndex, "{'a': 1}, 1", "!missing"},
    {F::kIndex, "'abc', 0", "!no_overload"},
    {F::kIndex, "null, 'a'", "!no_overload"},
};

constexpr Row kSizes[] = {
    {F::kSize, "''", "0"},
    {F::kSize, "'abc'", "3"},
    {F::kSize, "'é😀'", "2"},
    {F::kSize, "b'\\xff\\xfe'", "2"},
    {F::kSize, "[]", "0"},
    {F::kSize, "[1, 2]", "2"},
    {F::kSize, "{1: 2}", "1"},
    {F::kSize, "1", "!no_overload"},
    {F::kSize, "null", "!no_overload"},
    {F::kSize, "duration('1s')", "!no_overload"},
};

TEST(Containers, MembershipIsEqualityOrAKey) { expect_rows(kMembership); }
TEST(Containers, IndexTakesNumbersOfTheSameValue) { expect_rows(kIndexes); }
TEST(Containers, SizeCountsCodePointsBytesAndItems) { expect_rows(kSizes); }

TEST(Containers, SelectFindsMembersOfMapsOnly) {
  Literals literals;
  const Value map = literals.read("{'a': 1, 'b': null}");
  EXPECT_EQ(shown(select(map, "a")), "1");
  EXPECT_EQ(shown(select(map, "b")), "null");
  EXPECT_EQ(shown(select(map, "c")), "!missing");
  EXPECT_EQ(shown(select(map, "")), "!missing");
  EXPECT_EQ(shown(select(Value::null(), "a")), "!no_overload");
  EXPECT_EQ(shown(select(Value::of(true), "a")), "!no_overload");
  EXPECT_EQ(shown(select(Value::error(Reason::kOverflow), "a")), "!overflow");
}

TEST(Containers, MembershipInALongListEndsWithTheBudget) {
  const std::vector<Value> items(kMaxSteps + 1, Value::of(std::int64_t{7}));
  Workspace work;
  const Value verdict = is_in(Value::of(std::int64_t{8}), Value::list(items), work);
  EXPECT_EQ(verdict.reason, Reason::kTooMuchWork);
}

TEST(Containers, SearchesInALargeMapArePaidFor) {
  std::vector<MapEntry> entries;
  for (std::int64_t i = 0; i < 3'200; ++i) entries.push_back({Value::of(i), Value::null()});
  Workspace work;
  EXPECT_TRUE(is_in(Value::of(std::int64_t{3'199}), Value::map(entries), work).is_true());
  EXPECT_EQ(work.steps, 100U);
}

}  // namespace
}  // namespace veltrix::cel
