#include <thread>

#include "veltrix/cel/time_zones.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kTimestamps[] = {
    {F::kTimestamp, "0", "timestamp('1970-01-01T00:00:00Z')"},
    {F::kTimestamp, "-62135596800", "timestamp('0001-01-01T00:00:00Z')"},
    {F::kTimestamp, "-62135596801", "!overflow"},
    {F::kTimestamp, "253402300799", "timestamp('9999-12-31T23:59:59Z')"},
    {F::kTimestamp, "253402300800", "!overflow"},
    {F::kTimestamp, "1u", "!no_overload"},
    {F::kTimestamp, "1.0", "!no_overload"},
    {F::kTimestamp, "timestamp('2020-01-02T03:04:05Z')", "timestamp('2020-01-02T03:04:05Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05.123456789Z'",
     "timestamp('2020-01-02T03:04:05.123456789Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05.1234567899Z'",
     "timestamp('2020-01-02T03:04:05.123456789Z')"},
    {F::kTimestamp, "'2020-01-02t03:04:05z'", "timestamp('2020-01-02T03:04:05Z')"},
    {F::kTimestamp, "' 2020-01-02T03:04:05Z\\n'", "timestamp('2020-01-02T03:04:05Z')"},
    {F::kTimestamp, "'2020-1-2T3:4:5Z'", "timestamp('2020-01-02T03:04:05Z')"},
    {F::kTimestamp, "'20-01-02T03:04:05Z'", "timestamp('0020-01-02T03:04:05Z')"},
    {F::kTimestamp, "'02020-01-02T03:04:05Z'", "timestamp('2020-01-02T03:04:05Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05+01'", "timestamp('2020-01-02T02:04:05Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05+0100'", "timestamp('2020-01-02T02:04:05Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05+01:00:30'", "timestamp('2020-01-02T02:03:35Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:05-23:59'", "timestamp('2020-01-03T03:03:05Z')"},
    {F::kTimestamp, "'2020-01-02T03:04:60.5Z'", "timestamp('2020-01-02T03:05:00Z')"},
    {F::kTimestamp, "'2020-02-29T00:00:00Z'", "timestamp('2020-02-29T00:00:00Z')"},
    {F::kTimestamp, "'0001-01-01T00:00:00-01:00'", "timestamp('0001-01-01T01:00:00Z')"},
    {F::kTimestamp, "'0000-12-31T23:59:59-01:00'", "timestamp('0001-01-01T00:59:59Z')"},
    {F::kTimestamp, "'10000-01-01T00:00:00+01:00'", "timestamp('9999-12-31T23:00:00Z')"},
    {F::kTimestamp, "'0001-01-01T00:00:00+01:00'", "!overflow"},
    {F::kTimestamp, "'9999-12-31T23:59:60Z'", "!overflow"},
    {F::kTimestamp, "'10000-01-01T00:00:00Z'", "!overflow"},
    {F::kTimestamp, "'2020-01-02 03:04:05Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+1:00'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+01:0'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+010'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+01:'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+24:00'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05+23:60'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05ZZ'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05 Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05UTC'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05.Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:05,5Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T24:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-02-30T00:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2019-02-29T00:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-13-01T00:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-00-01T00:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-00T00:00:00Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-001-02T03:04:05Z'", "!bad_conversion"},
    {F::kTimestamp, "'+2020-01-02T03:04:05Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020- 1-02T03:04:05Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04:-5Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02T03:04Z'", "!bad_conversion"},
    {F::kTimestamp, "'2020-01-02'", "!bad_conversion"},
    {F::kTimestamp, "'now'", "!bad_conversion"},
    {F::kTimestamp, "''", "!bad_conversion"},
};

constexpr Row kDurations[] = {
    {F::kDuration, "duration('1s')", "duration('1s')"},
    {F::kDuration, "'1h30m1.5s'", "duration('5401.500s')"},
    {F::kDuration, "'-1h30m'", "duration('-5400s')"},
    {F::kDuration, "'+1s'", "duration('1s')"},
    {F::kDuration, "'1m1h1s1s'", "duration('3662s')"},
    {F::kDuration, "'1ms1us1ns'", "duration('0.001001001s')"},
    {F::kDuration, "'1.5h'", "duration('5400s')"},
    {F::kDuration, "'.5s'", "duration('0.500s')"},
    {F::kDuration, "'5.s'", "duration('5s')"},
    {F::kDuration, "'0'", "duration('0s')"},
    {F::kDuration, "'-0'", "duration('0s')"},
    {F::kDuration, "'0.5ns0.5ns'", "duration('0.000000001s')"},
    {F::kDuration, "'-1.9999999999s'", "duration('-1.999999999s')"},
    {F::kDuration, "'0.123456789123456789123s'", "duration('0.123456789s')"},
    {F::kDuration, "'1.999999999999999h'", "duration('7199.999999999s')"},
    {F::kDuration, "'1.9999999999999999m'", "duration('119.999999999s')"},
    {F::kDuration, "'9223372036854775807ns'", "duration('9223372036.854775807s')"},
    {F::kDuration, "'315576000000.999999999s'", "duration('315576000000.999999999s')"},
    {F::kDuration, "'-315576000000.999999999s'", "duration('-315576000000.999999999s')"},
    {F::kDuration, "'315576000001s'", "!overflow"},
    {F::kDuration, "'-315576000001s'", "!overflow"},
    {F::kDuration, "'9223372036854775807h'", "!overflow"},
    {F::kDuration, "'9223372036854775808ns'", "!bad_conversion"},
    {F::kDuration, "'1.9999999999999999h'", "!overflow"},
    {F::kDuration, "'1.999999999999999999m'", "!overflow"},
    {F::kDuration, "'inf'", "!overflow"},
    {F::kDuration, "''", "!bad_conversion"},
    {F::kDuration, "'-'", "!bad_conversion"},
    {F::kDuration, "'1'", "!bad_conversion"},
    {F::kDuration, "'s'", "!bad_conversion"},
    {F::kDuration, "'.s'", "!bad_conversion"},
    {F::kDuration, "'1d'", "!bad_conversion"},
    {F::kDuration, "'1µs'", "!bad_conversion"},
    {F::kDuration, "'--1s'", "!bad_conversion"},
    {F::kDuration, "'1h-30m'", "!bad_conversion"},
    {F::kDuration, "' 1s'", "!bad_conversion"},
    {F::kDuration, "'1s '", "!bad_conversion"},
    {F::kDuration, "'1 s'", "!bad_conversion"},
    {F::kDuration, "'1S'", "!bad_conversion"},
    {F::kDuration, "'1e3s'", "!bad_conversion"},
    {F::kDuration, "1", "!no_overload"},
};

TEST(Times, TimestampsFromNumbersAndTexts) { expect_rows(kTimestamps); }
TEST(Times, DurationsFromTexts) { expect_rows(kDurations); }

TEST(Times, EveryMinuteOfACenturyReadsBack) {
  Workspace work;
  for (std::int64_t seconds = -2'000'000'000; seconds < 2'000'000'000; seconds += 1'234'567) {
    const Value time = Value::of(seconds);
    const Value stamp = call(Function::kTimestamp, {&time, 1}, work);
    const Value text = call(Function::kString, {&stamp, 1}, work);
    const Value again = call(Function::kTimestamp, {&text, 1}, work);
    ASSERT_EQ(shown(again), shown(stamp));
    ASSERT_EQ(again.integer, seconds);
    work.reset();
  }
}

}  // namespace
}  // namespace veltrix::cel
