#include <thread>
#include <vector>

#include "veltrix/cel/time_zones.hpp"
#include "veltrix/cel/zone_file.hpp"
#include "veltrix/cel/zone_rule.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

using F = Function;

constexpr Row kUtc[] = {
    {F::kGetFullYear, "timestamp('2020-01-02T03:04:05.123456789Z')", "2020"},
    {F::kGetMonth, "timestamp('2020-01-02T03:04:05.123456789Z')", "0"},
    {F::kGetDate, "timestamp('2020-01-02T03:04:05.123456789Z')", "2"},
    {F::kGetDayOfMonth, "timestamp('2020-01-02T03:04:05.123456789Z')", "1"},
    {F::kGetDayOfWeek, "timestamp('2020-01-02T03:04:05.123456789Z')", "4"},
    {F::kGetDayOfWeek, "timestamp('2020-01-05T03:04:05Z')", "0"},
    {F::kGetDayOfWeek, "timestamp('2020-01-04T03:04:05Z')", "6"},
    {F::kGetDayOfYear, "timestamp('2020-01-01T03:04:05Z')", "0"},
    {F::kGetDayOfYear, "timestamp('2020-12-31T03:04:05Z')", "365"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05.123456789Z')", "3"},
    {F::kGetMinutes, "timestamp('2020-01-02T03:04:05.123456789Z')", "4"},
    {F::kGetSeconds, "timestamp('2020-01-02T03:04:05.123456789Z')", "5"},
    {F::kGetMilliseconds, "timestamp('2020-01-02T03:04:05.123456789Z')", "123"},
    {F::kGetMilliseconds, "timestamp('1969-12-31T23:59:59.999999999Z')", "999"},
    {F::kGetHours, "timestamp('1969-12-31T23:59:59Z')", "23"},
    {F::kGetFullYear, "timestamp('0001-01-01T00:00:00Z')", "1"},
    {F::kGetFullYear, "timestamp('9999-12-31T23:59:59Z')", "9999"},
    {F::kGetMonth, "timestamp('9999-12-31T23:59:59Z')", "11"},
    {F::kGetHours, "1", "!no_overload"},
    {F::kGetFullYear, "'2020'", "!no_overload"},
};

constexpr Row kOfDurations[] = {
    {F::kGetHours, "duration('-90061.5s')", "-25"},
    {F::kGetMinutes, "duration('-90061.5s')", "-1501"},
    {F::kGetSeconds, "duration('-90061.5s')", "-90061"},
    {F::kGetMilliseconds, "duration('-90061.5s')", "-500"},
    {F::kGetMilliseconds, "duration('90061.5s')", "500"},
    {F::kGetMilliseconds, "duration('-0.0005s')", "0"},
    {F::kGetSeconds, "duration('-0.5s')", "0"},
    {F::kGetFullYear, "duration('1s')", "!no_overload"},
    {F::kGetDayOfWeek, "duration('1s')", "!no_overload"},
    {F::kGetHours, "duration('1s'), 'UTC'", "!no_overload"},
};

constexpr Row kZones[] = {
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'America/New_York'", "22"},
    {F::kGetDate, "timestamp('2020-01-02T03:04:05Z'), 'America/New_York'", "1"},
    {F::kGetHours, "timestamp('2020-07-02T03:04:05Z'), 'America/New_York'", "23"},
    {F::kGetHours, "timestamp('2040-01-02T03:04:05Z'), 'America/New_York'", "22"},
    {F::kGetHours, "timestamp('2040-07-02T03:04:05Z'), 'America/New_York'", "23"},
    {F::kGetHours, "timestamp('9999-07-02T03:04:05Z'), 'America/New_York'", "23"},
    {F::kGetMinutes, "timestamp('1850-01-02T03:04:05Z'), 'America/New_York'", "8"},
    {F::kGetFullYear, "timestamp('0001-01-01T00:00:00Z'), 'America/New_York'", "0"},
    {F::kGetFullYear, "timestamp('9999-12-31T23:59:59Z'), 'Asia/Tokyo'", "10000"},
    {F::kGetHours, "timestamp('2050-01-15T12:00:00Z'), 'Australia/Sydney'", "23"},
    {F::kGetHours, "timestamp('2050-07-15T12:00:00Z'), 'Australia/Sydney'", "22"},
    {F::kGetHours, "timestamp('2050-01-15T12:00:00Z'), 'Europe/Dublin'", "12"},
    {F::kGetHours, "timestamp('2050-07-15T12:00:00Z'), 'Europe/Dublin'", "13"},
    {F::kGetMinutes, "timestamp('2020-01-02T03:04:05Z'), 'Asia/Kathmandu'", "49"},
    {F::kGetHours, "timestamp('2020-03-29T00:59:59Z'), 'Europe/Berlin'", "1"},
    {F::kGetHours, "timestamp('2020-03-29T01:00:00Z'), 'Europe/Berlin'", "3"},
    {F::kGetHours, "timestamp('2060-03-28T00:59:59Z'), 'Europe/Berlin'", "1"},
    {F::kGetHours, "timestamp('2060-03-28T01:00:00Z'), 'Europe/Berlin'", "3"},
    {F::kGetHours, "timestamp('2060-10-31T00:59:59Z'), 'Europe/Berlin'", "2"},
    {F::kGetHours, "timestamp('2060-10-31T01:00:00Z'), 'Europe/Berlin'", "2"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'UTC'", "3"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), ''", "3"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'GMT'", "3"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Etc/GMT+5'", "22"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '+02:00'", "5"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '-09:30'", "17"},
    {F::kGetMinutes, "timestamp('2020-01-02T03:04:05Z'), '-09:30'", "34"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '02:00'", "5"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '+99:99'", "7"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '1:2:3'", "6"},
    {F::kGetMinutes, "timestamp('2020-01-02T03:04:05Z'), '0.5:00'", "34"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 1", "!no_overload"},
};

constexpr Row kNoZones[] = {
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Z'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'utc'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '+2'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '+0200'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), ':30'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '+02:'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '999999999999:00'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'america/new_york'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Nowhere/City'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'America'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'tzdata.zi'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '../etc/passwd'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Asia/../Asia/Tokyo'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), '/etc/localtime'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Asia//Tokyo'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Asia/Tokyo/'", "!bad_time_zone"},
    {F::kGetHours, "timestamp('2020-01-02T03:04:05Z'), 'Asia/Tokyo\\x00'", "!bad_time_zone"},
};

TEST(TimeParts, InUtc) { expect_rows(kUtc); }
TEST(TimeParts, OfDurationsAreWholeUnits) { expect_rows(kOfDurations); }
TEST(TimeParts, InTimeZonesBeforeAndBehindTheirFiles) { expect_rows(kZones); }
TEST(TimeParts, InNoTimeZone) { expect_rows(kNoZones); }

TEST(TimeZones, AreLoadedByManyThreadsAtOnce) {
  constexpr const char* kNames[] = {"Europe/Paris", "Europe/Rome", "Asia/Seoul", "Africa/Cairo"};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (const char* const name : kNames) {
        std::int64_t offset = 0;
        EXPECT_TRUE(utc_offset(name, 1'600'000'000, offset)) << name;
        EXPECT_NE(offset, 0) << name;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ZoneRules, ThatPosixAllows) {
  struct Case {
    const char* rule;
    std::int64_t january;  // offsets of 2021-01-15 and 2021-07-15
    std::int64_t july;
  };
  constexpr Case kCases[] = {
      {"UTC0", 0, 0},
      {"<+0545>-5:45", 20'700, 20'700},
      {"EST5EDT,M3.2.0,M11.1.0", -18'000, -14'400},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", 39'600, 36'000},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3'600},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7'200, -3'600},
      {"XXX3EDT4,0/0,J365/23", -14'400, -14'400},
      {"AAA0BBB,J60,J300", 0, 3'600},
      {"AAA0BBB,59,299", 0, 3'600},
  };
  for (const Case& row : kCases) {
    ZoneRule rule;
    ASSERT_TRUE(rule.read(row.rule)) << row.rule;
    EXPECT_EQ(rule.offset_at(1'610'712'000), row.january) << row.rule;
    EXPECT_EQ(rule.offset_at(1'626'350'400), row.july) << row.rule;
  }
}

TEST(ZoneRules, ThatNobodyAllows) {
  for (const char* const text :
       {"", "5", "AB5", "<+05", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M0.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J300",
        "EST5EDT,M3.2.0,M11.1.0x", "EST5:60", "EST168", "EST5EDT,366,1"}) {
    ZoneRule rule;
    EXPECT_FALSE(rule.read(text)) << text;
  }
}

TEST(ZoneFiles, ThatAreDamagedAreRefused) {
  std::string bytes("TZif2", 5);
  bytes.resize(44, '\0');
  std::string whole = bytes + bytes;
  whole[44 + 39] = 1;  // one type
  whole.append(std::string("\0\0\x0E\x10\0\0", 6)).append("\nCET-1\n");
  ZoneFile good;
  ASSERT_TRUE(good.read(whole));
  EXPECT_EQ(good.offset_at(0), 3'600);
  for (std::size_t size = 0; size < whole.size() - 2; ++size) {
    ZoneFile zone;
    EXPECT_FALSE(zone.read(std::string_view(whole).substr(0, size)) && size < 94) << size;
  }
  for (std::size_t i = 0; i < 44; ++i) {  // no crash, whatever a header says
    std::string other = whole;
    other[44 + i] = '\x7F';
    ZoneFile().read(other);
  }
}

}  // namespace
}  // namespace veltrix::cel
