#include "veltrix/cel/arithmetic.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kIntegers[] = {
    {F::kAdd, "1, 2", "3"},
    {F::kAdd, "9223372036854775806, 1", "9223372036854775807"},
    {F::kAdd, "9223372036854775807, 1", "!overflow"},
    {F::kAdd, "-9223372036854775808, -1", "!overflow"},
    {F::kAdd, "18446744073709551614u, 1u", "18446744073709551615u"},
    {F::kAdd, "18446744073709551615u, 1u", "!overflow"},
    {F::kSubtract, "1, 2", "-1"},
    {F::kSubtract, "-9223372036854775808, 1", "!overflow"},
    {F::kSubtract, "0, -9223372036854775808", "!overflow"},
    {F::kSubtract, "2u, 1u", "1u"},
    {F::kSubtract, "1u, 2u", "!overflow"},
    {F::kMultiply, "-3, 4", "-12"},
    {F::kMultiply, "4611686018427387904, 2", "!overflow"},
    {F::kMultiply, "-9223372036854775808, -1", "!overflow"},
    {F::kMultiply, "4294967296u, 4294967296u", "!overflow"},
    {F::kMultiply, "4294967295u, 4294967297u", "18446744073709551615u"},
    {F::kDivide, "7, 2", "3"},
    {F::kDivide, "-7, 2", "-3"},
    {F::kDivide, "7, -2", "-3"},
    {F::kDivide, "7, 0", "!divide_by_zero"},
    {F::kDivide, "-9223372036854775808, -1", "!overflow"},
    {F::kDivide, "7u, 2u", "3u"},
    {F::kDivide, "7u, 0u", "!divide_by_zero"},
    {F::kModulo, "7, 2", "1"},
    {F::kModulo, "-7, 2", "-1"},
    {F::kModulo, "7, -2", "1"},
    {F::kModulo, "7, 0", "!divide_by_zero"},
    {F::kModulo, "-9223372036854775808, -1", "!overflow"},
    {F::kModulo, "7u, 4u", "3u"},
    {F::kModulo, "7u, 0u", "!divide_by_zero"},
    {F::kNegate, "5", "-5"},
    {F::kNegate, "-9223372036854775807", "9223372036854775807"},
    {F::kNegate, "-9223372036854775808", "!overflow"},
    {F::kNegate, "5u", "!no_overload"},
};

constexpr Row kDoubles[] = {
    {F::kAdd, "0.1, 0.2", "0.30000000000000004"},
    {F::kAdd, "1e308, 1e308", "inf"},
    {F::kSubtract, "inf, 1.0", "inf"},
    {F::kMultiply, "1e308, -10.0", "-inf"},
    {F::kMultiply, "1.5, 2.0", "3.0"},
    {F::kDivide, "1.0, 0.0", "inf"},
    {F::kDivide, "-1.0, 0.0", "-inf"},
    {F::kDivide, "1.0, -0.0", "-inf"},
    {F::kDivide, "1.0, 4.0", "0.25"},
    {F::kModulo, "5.0, 2.0", "!no_overload"},
    {F::kNegate, "1.5", "-1.5"},
    {F::kNegate, "0.0", "-0.0"},
};

constexpr Row kTextsAndLists[] = {
    {F::kAdd, "'a', 'b'", "'ab'"},
    {F::kAdd, "'', 'b'", "'b'"},
    {F::kAdd, "'a', ''", "'a'"},
    {F::kAdd, "'', ''", "''"},
    {F::kAdd, "b'a', b'\\xff'", "b'a\\xff'"},
    {F::kAdd, "[1], ['a', 2.0]", "[1, 'a', 2.0]"},
    {F::kAdd, "[], [1]", "[1]"},
    {F::kAdd, "[1], []", "[1]"},
    {F::kAdd, "[], []", "[]"},
};

constexpr Row kMixed[] = {
    {F::kAdd, "1, 1.0", "!no_overload"},
    {F::kAdd, "1, 1u", "!no_overload"},
    {F::kAdd, "1.0, 1u", "!no_overload"},
    {F::kAdd, "'a', 1", "!no_overload"},
    {F::kAdd, "'a', b'b'", "!no_overload"},
    {F::kAdd, "[1], 1", "!no_overload"},
    {F::kAdd, "true, true", "!no_overload"},
    {F::kAdd, "null, null", "!no_overload"},
    {F::kAdd, "{1: 1}, {2: 2}", "!no_overload"},
    {F::kSubtract, "'a', 'b'", "!no_overload"},
    {F::kSubtract, "1, 1u", "!no_overload"},
    {F::kSubtract, "[1], [1]", "!no_overload"},
    {F::kMultiply, "'a', 2", "!no_overload"},
    {F::kMultiply, "2, 2.0", "!no_overload"},
    {F::kMultiply, "duration('1s'), 2", "!no_overload"},
    {F::kDivide, "1, 2.0", "!no_overload"},
    {F::kDivide, "'a', 'b'", "!no_overload"},
    {F::kModulo, "1, 2u", "!no_overload"},
    {F::kNegate, "'a'", "!no_overload"},
    {F::kNegate, "true", "!no_overload"},
    {F::kNegate, "duration('1s')", "!no_overload"},
    {F::kNot, "true", "false"},
    {F::kNot, "false", "true"},
    {F::kNot, "1", "!no_overload"},
    {F::kNot, "null", "!no_overload"},
};

constexpr Row kTimes[] = {
    {F::kAdd, "timestamp('1970-01-01T00:00:00Z'), duration('1.5s')",
     "timestamp('1970-01-01T00:00:01.500Z')"},
    {F::kAdd, "duration('-0.5s'), timestamp('1970-01-01T00:00:00Z')",
     "timestamp('1969-12-31T23:59:59.500Z')"},
    {F::kAdd, "duration('1h'), duration('-1.5s')", "duration('3598.500s')"},
    {F::kAdd, "timestamp('1970-01-01T00:00:00Z'), timestamp('1970-01-01T00:00:00Z')",
     "!no_overload"},
    {F::kAdd, "timestamp('1970-01-01T00:00:00Z'), 1", "!no_overload"},
    {F::kAdd, "duration('1s'), 1", "!no_overload"},
    {F::kSubtract, "timestamp('1970-01-01T00:00:10Z'), duration('1.5s')",
     "timestamp('1970-01-01T00:00:08.500Z')"},
    {F::kSubtract, "timestamp('1970-01-01T00:00:10Z'), timestamp('1970-01-01T00:00:20.25Z')",
     "duration('-10.250s')"},
    {F::kSubtract, "duration('1s'), duration('1.25s')", "duration('-0.250s')"},
    {F::kSubtract, "duration('1s'), timestamp('1970-01-01T00:00:00Z')", "!no_overload"},
    {F::kAdd, "timestamp('9999-12-31T23:59:59.999999999Z'), duration('1ns')", "!overflow"},
    {F::kAdd, "timestamp('9999-12-31T23:59:59.999999999Z'), duration('0s')",
     "timestamp('9999-12-31T23:59:59.999999999Z')"},
    {F::kSubtract, "timestamp('0001-01-01T00:00:00Z'), duration('1ns')", "!overflow"},
    {F::kAdd, "timestamp('0001-01-01T00:00:00Z'), duration('315537897599s')",
     "timestamp('9999-12-31T23:59:59Z')"},
    {F::kAdd, "timestamp('1970-01-01T00:00:00Z'), duration('315576000000s')", "!overflow"},
    {F::kSubtract, "timestamp('9999-12-31T23:59:59Z'), timestamp('0001-01-01T00:00:00Z')",
     "!overflow"},
    {F::kSubtract, "timestamp('2262-01-01T00:00:00Z'), timestamp('1970-01-01T00:00:00Z')",
     "duration('9214646400s')"},
    {F::kSubtract, "timestamp('2263-01-01T00:00:00Z'), timestamp('1970-01-01T00:00:00Z')",
     "!overflow"},
    {F::kAdd, "duration('9223372036s'), duration('0.854775807s')",
     "duration('9223372036.854775807s')"},
    {F::kAdd, "duration('9223372036s'), duration('1s')", "!overflow"},
    {F::kSubtract, "duration('-9223372036s'), duration('1s')", "!overflow"},
    // Durations beyond 292 years count as 292 years here: see time_arithmetic.hpp.
    {F::kAdd, "duration('9223372037s'), duration('0s')", "duration('9223372036.854775807s')"},
    {F::kSubtract, "duration('315576000000s'), duration('315576000000s')", "duration('0s')"},
    {F::kSubtract, "timestamp('1970-01-01T00:00:00Z'), duration('315576000000s')",
     "timestamp('1677-09-21T00:12:43.145224193Z')"},
    {F::kSubtract, "timestamp('0001-01-01T00:00:00Z'), duration('-9223372037s')", "!overflow"},
};

TEST(Arithmetic, OfIntegersIsExactOrAnError) { expect_rows(kIntegers); }
TEST(Arithmetic, OfDoublesIsIeee754) { expect_rows(kDoubles); }
TEST(Arithmetic, JoinsTextsBytesAndLists) { expect_rows(kTextsAndLists); }
TEST(Arithmetic, ConvertsNothing) { expect_rows(kMixed); }
TEST(Arithmetic, OfTimesStaysInTheirRange) { expect_rows(kTimes); }

TEST(Arithmetic, HandsTheFirstErrorOn) {
  constexpr Row kRows[] = {
      {F::kAdd, "!missing, 1", "!missing"},
      {F::kAdd, "1, !overflow", "!overflow"},
      {F::kEqual, "!missing, !overflow", "!missing"},
      {F::kNot, "!overflow", "!overflow"},
      {F::kIn, "1, !missing", "!missing"},
      {F::kDyn, "!missing", "!missing"},
      {F::kType, "!missing", "!missing"},
  };
  expect_rows(kRows);
}

TEST(Arithmetic, NotANumberStaysOne) {
  Workspace work;
  const Value zero = Value::of(0.0);
  const Value nan = divide(zero, zero);
  ASSERT_EQ(nan.kind, Kind::kDouble);
  EXPECT_NE(nan.real, nan.real);
}

TEST(Arithmetic, JoiningStopsAtTheBoundOfMemory) {
  Workspace work;
  const std::string half(kMaxArenaBytes / 2 + 1, 'x');
  const Value once = add(Value::string(half), Value::string("y"), work);
  ASSERT_FALSE(once.is_error());
  EXPECT_EQ(add(once, Value::string("z"), work).reason, Reason::kTooMuchMemory);
  work.reset();
  EXPECT_FALSE(add(Value::string(half), Value::string("z"), work).is_error());
}

TEST(Arithmetic, RefusesArgumentsThatNoFunctionTakes) {
  Workspace work;
  EXPECT_EQ(call(Function::kAdd, {}, work).reason, Reason::kNoOverload);
  const Value three[] = {Value::of(true), Value::of(true), Value::of(true)};
  EXPECT_EQ(call(Function::kAdd, three, work).reason, Reason::kNoOverload);
  EXPECT_EQ(call(Function::kStartsWith, {three, 1}, work).reason, Reason::kNoOverload);
  EXPECT_EQ(call(Function::kNegate, {three, 2}, work).reason, Reason::kNoOverload);
}

}  // namespace
}  // namespace veltrix::cel
