#include "veltrix/cel/conversions.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kToInt[] = {
    {F::kInt, "5", "5"},
    {F::kInt, "9223372036854775807u", "9223372036854775807"},
    {F::kInt, "9223372036854775808u", "!bad_conversion"},
    {F::kInt, "1.9", "1"},
    {F::kInt, "-1.9", "-1"},
    {F::kInt, "9223372036854774784.0", "9223372036854774784"},
    {F::kInt, "9223372036854775808.0", "!bad_conversion"},
    {F::kInt, "-9223372036854774784.0", "-9223372036854774784"},
    {F::kInt, "-9223372036854775808.0", "!bad_conversion"},
    {F::kInt, "nan", "!bad_conversion"},
    {F::kInt, "inf", "!bad_conversion"},
    {F::kInt, "true", "1"},
    {F::kInt, "'12'", "12"},
    {F::kInt, "' 12\\n'", "12"},
    {F::kInt, "'+12'", "12"},
    {F::kInt, "'-0'", "0"},
    {F::kInt, "'007'", "7"},
    {F::kInt, "'-9223372036854775808'", "-9223372036854775808"},
    {F::kInt, "'9223372036854775808'", "!bad_conversion"},
    {F::kInt, "''", "!bad_conversion"},
    {F::kInt, "' '", "!bad_conversion"},
    {F::kInt, "'-'", "!bad_conversion"},
    {F::kInt, "'+'", "!bad_conversion"},
    {F::kInt, "'+-1'", "!bad_conversion"},
    {F::kInt, "'- 1'", "!bad_conversion"},
    {F::kInt, "'12.5'", "!bad_conversion"},
    {F::kInt, "'1e3'", "!bad_conversion"},
    {F::kInt, "'0x1F'", "!bad_conversion"},
    {F::kInt, "'1_000'", "!bad_conversion"},
    {F::kInt, "'12\\x00'", "!bad_conversion"},
    {F::kInt, "timestamp('2020-01-02T03:04:05.9Z')", "1577934245"},
    {F::kInt, "timestamp('1969-12-31T23:59:59.5Z')", "-1"},
    {F::kInt, "duration('1s')", "!no_overload"},
    {F::kInt, "null", "!no_overload"},
    {F::kInt, "b'1'", "!no_overload"},
};

constexpr Row kToUint[] = {
    {F::kUint, "5u", "5u"},
    {F::kUint, "1", "1u"},
    {F::kUint, "-1", "!bad_conversion"},
    {F::kUint, "1.9", "1u"},
    {F::kUint, "-0.0", "0u"},
    {F::kUint, "-0.5", "!bad_conversion"},
    {F::kUint, "18446744073709549568.0", "18446744073709549568u"},
    {F::kUint, "18446744073709551616.0", "!bad_conversion"},
    {F::kUint, "nan", "!bad_conversion"},
    {F::kUint, "' +12 '", "12u"},
    {F::kUint, "'18446744073709551615'", "18446744073709551615u"},
    {F::kUint, "'18446744073709551616'", "!bad_conversion"},
    {F::kUint, "'-1'", "!bad_conversion"},
    {F::kUint, "'-0'", "!bad_conversion"},
    {F::kUint, "'12u'", "!bad_conversion"},
    {F::kUint, "true", "!no_overload"},
    {F::kUint, "timestamp('1970-01-01T00:00:00Z')", "!no_overload"},
};

constexpr Row kToDouble[] = {
    {F::kDouble, "1.5", "1.5"},
    {F::kDouble, "1", "1.0"},
    {F::kDouble, "9223372036854775807", "9.223372036854776e+18"},
    {F::kDouble, "18446744073709551615u", "1.8446744073709552e+19"},
    {F::kDouble, "' 1.5\\n'", "1.5"},
    {F::kDouble, "'+1.5'", "1.5"},
    {F::kDouble, "'-.5'", "-0.5"},
    {F::kDouble, "'5.'", "5.0"},
    {F::kDouble, "'1E+5'", "100000.0"},
    {F::kDouble, "'1e400'", "inf"},
    {F::kDouble, "'-1e400'", "-inf"},
    {F::kDouble, "'0.1e1000'", "inf"},
    {F::kDouble, "'1e-400'", "0.0"},
    {F::kDouble, "'-1e-5000'", "-0.0"},
    {F::kDouble, "'1e99999999999999999999'", "inf"},
    {F::kDouble, "'1e-99999999999999999999'", "0.0"},
    {F::kDouble, "'5e-324'", "5e-324"},
    {F::kDouble, "'inf'", "inf"},
    {F::kDouble, "'-Infinity'", "-inf"},
    {F::kDouble, "'+INF'", "inf"},
    {F::kDouble, "'NaN'", "nan"},
    {F::kDouble, "'nan(abc)'", "nan"},
    {F::kDouble, "'0x10'", "16.0"},
    {F::kDouble, "'-0X1.8p1'", "-3.0"},
    {F::kDouble, "'0x.8'", "0.5"},
    {F::kDouble, "'0x1p2000'", "inf"},
    {F::kDouble, "'0x1p-2000'", "0.0"},
    {F::kDouble, "''", "!bad_conversion"},
    {F::kDouble, "'.'", "!bad_conversion"},
    {F::kDouble, "'1e'", "!bad_conversion"},
    {F::kDouble, "'e5'", "!bad_conversion"},
    {F::kDouble, "'+-1'", "!bad_conversion"},
    {F::kDouble, "'-+1'", "!bad_conversion"},
    {F::kDouble, "'--1'", "!bad_conversion"},
    {F::kDouble, "'- 1'", "!bad_conversion"},
    {F::kDouble, "'1f'", "!bad_conversion"},
    {F::kDouble, "'1_0'", "!bad_conversion"},
    {F::kDouble, "'1,5'", "!bad_conversion"},
    {F::kDouble, "'0x'", "!bad_conversion"},
    {F::kDouble, "'0x1p'", "!bad_conversion"},
    {F::kDouble, "'0x-1'", "!bad_conversion"},
    {F::kDouble, "'0xinf'", "!bad_conversion"},
    {F::kDouble, "'infinit'", "!bad_conversion"},
    {F::kDouble, "'nan('", "!bad_conversion"},
    {F::kDouble, "true", "!no_overload"},
    {F::kDouble, "timestamp('1970-01-01T00:00:00Z')", "!no_overload"},
};

constexpr Row kToString[] = {
    {F::kString, "'x'", "'x'"},
    {F::kString, "1", "'1'"},
    {F::kString, "-9223372036854775808", "'-9223372036854775808'"},
    {F::kString, "18446744073709551615u", "'18446744073709551615'"},
    {F::kString, "true", "'true'"},
    {F::kString, "1.0", "'1'"},
    {F::kString, "0.1", "'0.1'"},
    {F::kString, "-0.0", "'-0'"},
    {F::kString, "100000.0", "'100000'"},
    {F::kString, "1000000.0", "'1e+06'"},
    {F::kString, "999999.5", "'999999.5'"},
    {F::kString, "1234567.0", "'1.234567e+06'"},
    {F::kString, "0.0001", "'0.0001'"},
    {F::kString, "0.00001", "'1e-05'"},
    {F::kString, "0.30000000000000004", "'0.30000000000000004'"},
    {F::kString, "1e100", "'1e+100'"},
    {F::kString, "5e-324", "'5e-324'"},
    {F::kString, "1.7976931348623157e308", "'1.7976931348623157e+308'"},
    {F::kString, "inf", "'inf'"},
    {F::kString, "-inf", "'-inf'"},
    {F::kString, "nan", "'nan'"},
    {F::kString, "b'abc'", "'abc'"},
    {F::kString, "b'\\xc3\\xa9'", "'é'"},
    {F::kString, "b'\\xff'", "!bad_conversion"},
    {F::kString, "b'\\xed\\xa0\\x80'", "!bad_conversion"},
    {F::kString, "b'\\xc0\\x80'", "!bad_conversion"},
    {F::kString, "b'\\xf4\\x90\\x80\\x80'", "!bad_conversion"},
    {F::kString, "timestamp('2020-01-02T03:04:05Z')", "'2020-01-02T03:04:05Z'"},
    {F::kString, "timestamp('2020-01-02T03:04:05.1Z')", "'2020-01-02T03:04:05.100Z'"},
    {F::kString, "timestamp('2020-01-02T03:04:05.000000001+01:00')",
     "'2020-01-02T02:04:05.000000001Z'"},
    {F::kString, "timestamp('0001-01-01T00:00:00Z')", "'0001-01-01T00:00:00Z'"},
    {F::kString, "duration('1h30m1.5s')", "'5401.500s'"},
    {F::kString, "duration('-1.5s')", "'-1.500s'"},
    {F::kString, "duration('-0.000001s')", "'-0.000001s'"},
    {F::kString, "duration('0s')", "'0s'"},
    {F::kString, "duration('1000000h')", "'3600000000s'"},
    {F::kString, "null", "!no_overload"},
    {F::kString, "[1]", "!no_overload"},
    {F::kString, "{1: 1}", "!no_overload"},
    {F::kString, "type(1)", "!no_overload"},
};

constexpr Row kToOthers[] = {
    {F::kBool, "true", "true"},
    {F::kBool, "'true'", "true"},
    {F::kBool, "'True'", "true"},
    {F::kBool, "'TRUE'", "true"},
    {F::kBool, "'t'", "true"},
    {F::kBool, "'1'", "true"},
    {F::kBool, "'false'", "false"},
    {F::kBool, "'False'", "false"},
    {F::kBool, "'FALSE'", "false"},
    {F::kBool, "'f'", "false"},
    {F::kBool, "'0'", "false"},
    {F::kBool, "'T'", "!bad_conversion"},
    {F::kBool, "'tRUE'", "!bad_conversion"},
    {F::kBool, "'yes'", "!bad_conversion"},
    {F::kBool, "''", "!bad_conversion"},
    {F::kBool, "' true'", "!bad_conversion"},
    {F::kBool, "1", "!no_overload"},
    {F::kBytes, "'é'", "b'\\xc3\\xa9'"},
    {F::kBytes, "b'1'", "b'1'"},
    {F::kBytes, "1", "!no_overload"},
    {F::kDyn, "1", "1"},
    {F::kDyn, "[null]", "[null]"},
    {F::kType, "null", "null_type"},
    {F::kType, "true", "bool"},
    {F::kType, "1", "int"},
    {F::kType, "1u", "uint"},
    {F::kType, "1.0", "double"},
    {F::kType, "''", "string"},
    {F::kType, "b''", "bytes"},
    {F::kType, "[]", "list"},
    {F::kType, "{}", "map"},
    {F::kType, "type(1)", "type"},
    {F::kType, "timestamp('1970-01-01T00:00:00Z')", "google.protobuf.Timestamp"},
    {F::kType, "duration('0')", "google.protobuf.Duration"},
};

TEST(Conversions, ToInt) { expect_rows(kToInt); }
TEST(Conversions, ToUint) { expect_rows(kToUint); }
TEST(Conversions, ToDouble) { expect_rows(kToDouble); }
TEST(Conversions, ToString) { expect_rows(kToString); }
TEST(Conversions, ToBoolBytesDynAndType) { expect_rows(kToOthers); }

TEST(Conversions, OfDoublesToTextAndBackLoseNothing) {
  Workspace work;
  for (const double value : {0.1, 1.0 / 3, 1e22, 123456789.125, 2.2250738585072014e-308}) {
    const Value text = to_string(Value::of(value), work);
    EXPECT_EQ(to_double(text).real, value) << text.view();
  }
}

TEST(Conversions, NamesOfReasonsAreStable) {
  EXPECT_EQ(name_of(Reason::kBadPattern), "bad_pattern");
  EXPECT_EQ(name_of(Reason::kBadTimeZone), "bad_time_zone");
  EXPECT_EQ(name_of(Reason::kDuplicateKey), "duplicate_key");
  EXPECT_EQ(name_of(Reason::kTooMuchWork), "too_much_work");
  EXPECT_EQ(name_of(Reason::kTooMuchMemory), "too_much_memory");
}

}  // namespace
}  // namespace veltrix::cel
