#include "veltrix/event/timestamp.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

std::string text_of(const Timestamp& timestamp) {
  std::string out;
  append_timestamp(timestamp, out);
  return out;
}

struct Good {
  const char* text;
  Timestamp value;
  const char* written;
};

constexpr Good kGood[] = {
    {"1970-01-01T00:00:00Z", {0, 0, 0}, "1970-01-01T00:00:00Z"},
    {"2013-02-04T11:00:00Z", {1359975600, 0, 0}, "2013-02-04T11:00:00Z"},
    {"2013-02-04t11:00:00z", {1359975600, 0, 0}, "2013-02-04T11:00:00Z"},
    {"2013-02-04 11:00:00Z", {1359975600, 0, 0}, "2013-02-04T11:00:00Z"},
    {"2013-02-04T12:30:00+01:30", {1359975600, 0, 90}, "2013-02-04T12:30:00+01:30"},
    {"2013-02-03T11:01:00-23:59", {1359975600, 0, -1439}, "2013-02-03T11:01:00-23:59"},
    {"2013-02-05T10:59:00+23:59", {1359975600, 0, 1439}, "2013-02-05T10:59:00+23:59"},
    {"2013-02-04T11:00:00-00:00", {1359975600, 0, 0}, "2013-02-04T11:00:00Z"},
    {"1970-01-01T00:00:00.5Z", {0, 500'000'000, 0}, "1970-01-01T00:00:00.500Z"},
    {"1970-01-01T00:00:00.123456Z", {0, 123'456'000, 0}, "1970-01-01T00:00:00.123456Z"},
    {"1970-01-01T00:00:00.123456789Z", {0, 123'456'789, 0}, "1970-01-01T00:00:00.123456789Z"},
    {"1970-01-01T00:00:00.000000001Z", {0, 1, 0}, "1970-01-01T00:00:00.000000001Z"},
    {"1970-01-01T00:00:00.000Z", {0, 0, 0}, "1970-01-01T00:00:00Z"},
    {"1969-12-31T23:59:59.9Z", {-1, 900'000'000, 0}, "1969-12-31T23:59:59.900Z"},
    {"2000-02-29T00:00:00Z", {951782400, 0, 0}, "2000-02-29T00:00:00Z"},
    {"0001-01-01T00:00:00Z", {-62135596800, 0, 0}, "0001-01-01T00:00:00Z"},
    {"0001-01-01T00:00:00+10:00", {-62135632800, 0, 600}, "0001-01-01T00:00:00+10:00"},
    {"9999-12-31T23:59:59.999999999Z",
     {253402300799, 999'999'999, 0},
     "9999-12-31T23:59:59.999999999Z"},
    {"2016-12-31T23:59:60Z", {1483228800, 0, 0}, "2017-01-01T00:00:00Z"},
    {"2017-01-01T00:59:60.25+01:00",
     {1483228800, 250'000'000, 60},
     "2017-01-01T01:00:00.250+01:00"},
    {"2016-12-31T15:59:60-08:00", {1483228800, 0, -480}, "2016-12-31T16:00:00-08:00"},
};

TEST(ParseTimestamp, ReadsRfc3339) {
  for (const Good& good : kGood) {
    const auto parsed = parse_timestamp(good.text);
    ASSERT_TRUE(parsed) << good.text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, good.value) << good.text;
    EXPECT_EQ(text_of(*parsed), good.written);
  }
}

constexpr const char* kBad[] = {
    "",
    "Z",
    "2013",
    "2013-02-04",
    "2013-02-04T11:00Z",
    "2013-02-04T11:00:00",
    "20130204T110000Z",
    "2013-2-4T11:00:00Z",
    "+2013-02-04T11:00:00Z",
    "12013-02-04T11:00:00Z",
    "0000-01-01T00:00:00Z",
    "2013-00-04T11:00:00Z",
    "2013-13-04T11:00:00Z",
    "2013-02-00T11:00:00Z",
    "2013-02-29T11:00:00Z",
    "2013-04-31T11:00:00Z",
    "1900-02-29T00:00:00Z",
    "2013-02-04_11:00:00Z",
    "2013-02-04\t11:00:00Z",
    "2013-02-04T24:00:00Z",
    "2013-02-04T11:60:00Z",
    "2013-02-04T11:00:61Z",
    "2013-02-04T11:00:60Z",
    "2016-12-31T23:59:60+01:00",
    "9999-12-31T23:59:60Z",
    "2013-02-04T1a:00:00Z",
    "2013-02-04T11.00.00Z",
    "2013-02-04T11:00:00.Z",
    "2013-02-04T11:00:00.1234567890Z",
    "2013-02-04T11:00:00,5Z",
    "2013-02-04T11:00:00.5",
    "2013-02-04T11:00:00+0100",
    "2013-02-04T11:00:00+01",
    "2013-02-04T11:00:00+24:00",
    "2013-02-04T11:00:00+01:60",
    "2013-02-04T11:00:00+01:0",
    "2013-02-04T11:00:00+01:000",
    "2013-02-04T11:00:00ZZ",
    "2013-02-04T11:00:00Z ",
    " 2013-02-04T11:00:00Z",
    "2013-02-04T11:00:00 Z",
    "2013/02/04T11:00:00Z",
    "2013-02-04T-1:00:00Z",
    "20 3-02-04T11:00:00Z",
    "yesterday, at about eleven",
    "\xE2\x92\xB7\xE2\x92\xB7-02-04T11:00:00Z",
};

TEST(ParseTimestamp, RefusesEverythingElse) {
  for (const char* text : kBad) {
    const auto parsed = parse_timestamp(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidEvent) << text;
    EXPECT_NE(parsed.error().message.find("RFC 3339"), std::string::npos) << text;
  }
}

TEST(ParseTimestamp, NeverReadsBeyondTheText) {
  const std::string text = "2013-02-04T11:00:00.123456789+01:00";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string cut(text, 0, size);  // its own block: a sanitizer sees a step too far
    EXPECT_FALSE(parse_timestamp(cut)) << cut;
  }
}

TEST(FromWallNs, RoundsDownBeforeTheEpoch) {
  EXPECT_EQ(Timestamp::from_wall_ns(0), (Timestamp{0, 0, 0}));
  EXPECT_EQ(Timestamp::from_wall_ns(1'500'000'001), (Timestamp{1, 500'000'001, 0}));
  EXPECT_EQ(Timestamp::from_wall_ns(-1), (Timestamp{-1, 999'999'999, 0}));
  EXPECT_EQ(Timestamp::from_wall_ns(-1'000'000'000), (Timestamp{-1, 0, 0}));
}

RC_GTEST_PROP(TimestampProperty, ComesBackTheSameAfterWritingAndParsing, ()) {
  constexpr std::int64_t kFirst = -62135596800, kLast = 253402300799;  // years 0001 … 9999
  Timestamp timestamp;
  timestamp.offset_minutes = *rc::gen::inRange<std::int16_t>(-1439, 1440);
  const std::int64_t offset = std::int64_t{timestamp.offset_minutes} * 60;
  timestamp.seconds = *rc::gen::inRange(kFirst, kLast + 1) - offset;
  timestamp.nanoseconds = *rc::gen::inRange<std::uint32_t>(0, 1'000'000'000);
  const std::string text = text_of(timestamp);
  RC_ASSERT(text.size() <= kTimestampTextSize);
  const auto parsed = parse_timestamp(text);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == timestamp);
}

RC_GTEST_PROP(TimestampProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto parsed = parse_timestamp(text);
  if (parsed) RC_ASSERT(parse_timestamp(text_of(*parsed)) == *parsed);
}

}  // namespace
}  // namespace veltrix
