#include "veltrix/connect/jsonl/dated_path.hpp"

#include <gtest/gtest.h>

#include "veltrix/base/clock.hpp"

namespace veltrix {
namespace {

constexpr std::int64_t kNewYear2013 = 1'356'998'400 * kSecond;

TEST(DatedPath, WritesTheDayInUtc) {
  const struct {
    std::string text;
    std::int64_t wall_ns;
    std::string path;
  } table[] = {
      {"out.jsonl", 0, "out.jsonl"},
      {"a-%Y%m%d.jsonl", kNewYear2013, "a-20130101.jsonl"},
      {"a-%Y%m%d.jsonl", kNewYear2013 - 1, "a-20121231.jsonl"},
      {"%Y/%m/%d/out", 951'782'400 * kSecond, "2000/02/29/out"},
      {"%d", -1, "31"},
      {"100%%", 0, "100%"},
      {"%%Y", 0, "%Y"},
      {"", 0, ""},
  };
  for (const auto& entry : table) {
    const auto path = DatedPath::parse(entry.text);
    ASSERT_TRUE(path) << entry.text;
    EXPECT_EQ(path->at(entry.wall_ns), entry.path);
  }
}

TEST(DatedPath, KnowsWhetherItChanges) {
  EXPECT_TRUE(DatedPath::parse("%Y")->is_dated());
  EXPECT_FALSE(DatedPath::parse("out%%Y")->is_dated());
  EXPECT_FALSE(DatedPath::parse("out")->is_dated());
}

TEST(DatedPath, CountsDays) {
  EXPECT_EQ(DatedPath::day(kNewYear2013), DatedPath::day(kNewYear2013 - 1) + 1);
  EXPECT_EQ(DatedPath::day(kNewYear2013), DatedPath::day(kNewYear2013 + 86'399 * kSecond));
  EXPECT_EQ(DatedPath::day(-1), -1);
}

TEST(DatedPath, RefusesOtherDirectives) {
  for (const char* text : {"%H", "out-%y", "%", "a%", "%Y%", "%-d", "% ", "%s"}) {
    const auto path = DatedPath::parse(text);
    ASSERT_FALSE(path) << text;
    EXPECT_EQ(path.error().code, ErrorCode::kInvalidOption);
    EXPECT_NE(path.error().message.find("position"), std::string::npos);
  }
}

}  // namespace
}  // namespace veltrix
