#include <limits>

#include "veltrix/cel/fast_compare.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kOrder[] = {
    {F::kLess, "1, 2", "true"},
    {F::kLess, "2, 2", "false"},
    {F::kLessEqual, "2, 2", "true"},
    {F::kGreater, "3, 2", "true"},
    {F::kGreaterEqual, "1, 2", "false"},
    {F::kLess, "1u, 2u", "true"},
    {F::kLess, "18446744073709551615u, 9223372036854775807", "false"},
    {F::kLess, "-1, 0u", "true"},
    {F::kGreater, "0u, -1", "true"},
    {F::kLess, "9223372036854775807, 9223372036854775808u", "true"},
    {F::kGreaterEqual, "9223372036854775808u, 9223372036854775807", "true"},
    {F::kLess, "1, 1.5", "true"},
    {F::kLess, "1.5, 2u", "true"},
    {F::kLess, "-1.5, 0u", "true"},
    {F::kLess, "1, inf", "true"},
    {F::kLess, "-inf, -9223372036854775808", "true"},
    {F::kGreater, "inf, 18446744073709551615u", "true"},
    {F::kGreater, "1e300, 9223372036854775807", "true"},
    // Beyond 2^53 an integer is rounded where it meets a double.
    {F::kLess, "9223372036854775807, 9223372036854775808.0", "false"},
    {F::kGreater, "9007199254740993, 9007199254740992.0", "false"},
    {F::kLess, "18446744073709551615u, 18446744073709551616.0", "false"},
    {F::kLess, "9223372036854775807, 9223372036854777856.0", "true"},
    {F::kLess, "nan, 1", "false"},
    {F::kLess, "1.0, nan", "false"},
    {F::kGreaterEqual, "nan, nan", "false"},
    {F::kGreaterEqual, "1u, nan", "false"},
    {F::kLess, "false, true", "true"},
    {F::kLess, "true, true", "false"},
    {F::kGreaterEqual, "true, false", "true"},
    {F::kLess, "'a', 'b'", "true"},
    {F::kLess, "'a', 'ab'", "true"},
    {F::kLess, "'', 'a'", "true"},
    {F::kLess, "'Z', 'a'", "true"},
    {F::kLess, "'z', 'é'", "true"},
    {F::kLess, "'￿', '😀'", "true"},
    {F::kLess, "b'\\x7f', b'\\x80'", "true"},
    {F::kLessEqual, "b'a', b'a'", "true"},
    {F::kLess, "timestamp('1970-01-01T00:00:00.1Z'), timestamp('1970-01-01T00:00:00.2Z')", "true"},
    {F::kLess, "timestamp('1969-12-31T23:59:59.9Z'), timestamp('1970-01-01T00:00:00Z')", "true"},
    {F::kLess, "duration('-1s'), duration('-0.5s')", "true"},
    {F::kGreater, "duration('1h'), duration('59m')", "true"},
};

constexpr Row kNoOrder[] = {
    {F::kLess, "true, 1", "!no_overload"},
    {F::kLess, "'1', 2", "!no_overload"},
    {F::kLess, "'a', b'b'", "!no_overload"},
    {F::kLess, "null, null", "!no_overload"},
    {F::kLess, "null, 1", "!no_overload"},
    {F::kLess, "[1], [2]", "!no_overload"},
    {F::kLess, "{1: 1}, {1: 2}", "!no_overload"},
    {F::kLess, "type(1), type('')", "!no_overload"},
    {F::kLess, "timestamp('1970-01-01T00:00:00Z'), duration('1s')", "!no_overload"},
    {F::kGreaterEqual, "timestamp('1970-01-01T00:00:00Z'), 1", "!no_overload"},
};

constexpr Row kEquality[] = {
    {F::kEqual, "1, 1", "true"},
    {F::kEqual, "1, 2", "false"},
    {F::kNotEqual, "1, 2", "true"},
    {F::kNotEqual, "1, 1", "false"},
    {F::kEqual, "1, 1u", "true"},
    {F::kEqual, "1u, 1.0", "true"},
    {F::kEqual, "1.0, 1", "true"},
    {F::kEqual, "-1, 18446744073709551615u", "false"},
    {F::kEqual, "-0.0, 0", "true"},
    {F::kEqual, "-0.0, 0.0", "true"},
    {F::kEqual, "1.5, 1", "false"},
    {F::kEqual, "9007199254740993, 9007199254740992.0", "true"},
    {F::kEqual, "9223372036854775807, 9223372036854775808u", "false"},
    {F::kEqual, "nan, nan", "false"},
    {F::kNotEqual, "nan, nan", "true"},
    {F::kEqual, "nan, 1", "false"},
    {F::kEqual, "inf, inf", "true"},
    {F::kEqual, "'a', 'a'", "true"},
    {F::kEqual, "'a', 'b'", "false"},
    {F::kEqual, "'a', 'ab'", "false"},
    {F::kEqual, "'', ''", "true"},
    {F::kEqual, "'a', b'a'", "false"},
    {F::kEqual, "b'a', b'a'", "true"},
    {F::kEqual, "'1', 1", "false"},
    {F::kEqual, "true, true", "true"},
    {F::kEqual, "true, 1", "false"},
    {F::kEqual, "null, null", "true"},
    {F::kEqual, "null, false", "false"},
    {F::kNotEqual, "null, 0", "true"},
    {F::kEqual, "timestamp('2020-01-01T00:00:00+01:00'), timestamp('2019-12-31T23:00:00Z')",
     "true"},
    {F::kEqual, "timestamp('2020-01-01T00:00:00.1Z'), timestamp('2020-01-01T00:00:00Z')", "false"},
    {F::kEqual, "duration('60s'), duration('1m')", "true"},
    {F::kEqual, "duration('0s'), timestamp('1970-01-01T00:00:00Z')", "false"},
    {F::kEqual, "type(1), type(2)", "true"},
    {F::kEqual, "type(1), type(1.0)", "false"},
    {F::kEqual, "type(1), 1", "false"},
    {F::kEqual, "[], []", "true"},
    {F::kEqual, "[1, 2.0], [1.0, 2u]", "true"},
    {F::kEqual, "[1], [1, 2]", "false"},
    {F::kEqual, "[1, 2], [2, 1]", "false"},
    {F::kEqual, "[nan], [nan]", "false"},
    {F::kEqual, "[[[]]], [[[]]]", "true"},
    {F::kEqual, "[1], {1: 1}", "false"},
    {F::kEqual, "{}, {}", "true"},
    {F::kEqual, "{1: 2}, {1u: 2.0}", "true"},
    {F::kEqual, "{'a': 1, 'b': 2}, {'b': 2, 'a': 1}", "true"},
    {F::kEqual, "{'a': 1, 'b': 2}, {'a': 1, 'c': 2}", "false"},
    {F::kEqual, "{'a': 1}, {'a': 1, 'b': 2}", "false"},
    {F::kEqual, "{'a': [1, {'b': 2}]}, {'a': [1.0, {'b': 2u}]}", "true"},
    {F::kEqual, "{'a': [1, {'b': 2}]}, {'a': [1.0, {'b': 3u}]}", "false"},
    {F::kEqual, "{true: 1}, {1: 1}", "false"},
};

TEST(Comparison, OrdersNumbersTextsBoolsAndTimes) { expect_rows(kOrder); }
TEST(Comparison, RefusesWhatHasNoOrder) { expect_rows(kNoOrder); }
TEST(Comparison, EqualityIsByValueAndDeep) { expect_rows(kEquality); }

TEST(Comparison, TellsNotANumberFromNotComparable) {
  const Value nan = Value::of(std::numeric_limits<double>::quiet_NaN());
  bool is_nan = false;
  EXPECT_EQ(compare(nan, Value::of(1.0), is_nan), std::partial_ordering::unordered);
  EXPECT_TRUE(is_nan);
  EXPECT_EQ(compare(Value::string("a"), Value::of(1.0), is_nan), std::partial_ordering::unordered);
  EXPECT_FALSE(is_nan);
}

TEST(Comparison, QuickAnswersAreThoseOfTheSlowWay) {
  Literals literals;
  Workspace work;
  const std::vector<Value> all = literals.read_all(
      "null, true, false, 0, 1, -1, 1u, 0u, 1.0, nan, inf, '', 'a', b'a', type(1), "
      "duration('1s'), timestamp('1970-01-01T00:00:01Z'), [1], {1: 1}");
  for (const Value& a : all) {
    for (const Value& b : all) {
      bool equal = false;
      std::partial_ordering order = std::partial_ordering::unordered;
      bool nan = false;
      if (quick_equals(a, b, equal)) {
        EXPECT_EQ(equal, equals(a, b, work).is_true()) << shown(a) << " == " << shown(b);
      }
      if (quick_compare(a, b, order)) {
        EXPECT_EQ(order, compare(a, b, nan)) << shown(a) << " <=> " << shown(b);
      }
    }
  }
}

TEST(Comparison, OfManyItemsEndsWithTheBudget) {
  Workspace work;
  const std::vector<Value> items(kMaxSteps, Value::of(std::int64_t{7}));
  const Value list = Value::list(items);
  EXPECT_EQ(equals(list, list, work).reason, Reason::kTooMuchWork);
  EXPECT_EQ(work.steps, kMaxSteps);
  work.reset();
  const Value half = Value::list(std::span(items).first(kMaxSteps / 2));
  EXPECT_TRUE(equals(half, half, work).is_true());
}

TEST(Comparison, OfManyKeysInAnotherOrderPaysForTheSearch) {
  std::vector<MapEntry> up;
  for (std::int64_t i = 0; i < 4'000; ++i) up.push_back({Value::of(i), Value::of(i)});
  const std::vector<MapEntry> down(up.rbegin(), up.rend());
  Workspace work;
  EXPECT_TRUE(equals(Value::map(up), Value::map(up), work).is_true());
  work.reset();
  EXPECT_EQ(equals(Value::map(up), Value::map(down), work).reason, Reason::kTooMuchWork);
}

TEST(Comparison, OfValuesNestedWithoutEndIsRefused) {
  std::vector<Value> chain(1'000);
  for (std::size_t i = 1; i < chain.size(); ++i) chain[i] = Value::list({&chain[i - 1], 1});
  Workspace work;
  EXPECT_EQ(equals(chain.back(), chain.back(), work).reason, Reason::kTooMuchWork);
}

}  // namespace
}  // namespace veltrix::cel
