#include "veltrix/base/error.hpp"

#include <cctype>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

TEST(ErrorName, IsUniqueSnakeCaseForEveryCode) {
  std::set<std::string_view> names;
  for (int i = 0; i < kErrorCodeCount; ++i) {
    const std::string_view name = error_name(static_cast<ErrorCode>(i));
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_NE(name, "unknown") << i;
    for (const char c : name) EXPECT_TRUE(std::islower(c) != 0 || c == '_' || c == '8') << name;
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
  }
}

TEST(ErrorName, FollowsTheOrderOfTheCodes) {
  EXPECT_EQ(error_name(ErrorCode::kInvalidEvent), "invalid_event");
  EXPECT_EQ(error_name(ErrorCode::kDuplicateMember), "duplicate_member");
  EXPECT_EQ(error_name(ErrorCode::kInvalidKeyPath), "invalid_key_path");
  EXPECT_EQ(error_name(ErrorCode::kQueueFull), "queue_full");
  EXPECT_EQ(error_name(ErrorCode::kIo), "io");
}

TEST(ErrorName, IsUnknownOutsideTheTable) {
  EXPECT_EQ(error_name(static_cast<ErrorCode>(kErrorCodeCount)), "unknown");
}

TEST(Fail, CarriesCodeAndMessage) {
  const Result<int> result = fail(ErrorCode::kTimeout, "too late");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(result.error().message, "too late");
}

TEST(InQuotes, ShowsPrintableAsciiOnly) {
  EXPECT_EQ(in_quotes("id"), "'id'");
  EXPECT_EQ(in_quotes(""), "''");
  EXPECT_EQ(in_quotes("a\nb\x7F\xC3\xA4"), "'a?b" + std::string(3, '?') + "'");
}

TEST(InQuotes, IsCutWhenTheTextIsLong) {
  EXPECT_EQ(in_quotes(std::string(64, 'x')), "'" + std::string(64, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(65, 'x')), "'" + std::string(64, 'x') + "…'");
}

}  // namespace
}  // namespace veltrix
