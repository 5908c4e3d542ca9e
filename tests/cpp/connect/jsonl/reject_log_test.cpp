#include "veltrix/connect/jsonl/reject_log.hpp"

#include <gtest/gtest.h>

#include "veltrix/event/json_validator.hpp"

#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

const Error kBad{ErrorCode::kInvalidJson, "not \"JSON\""};

TEST(RejectLog, WritesOneJsonLineEach) {
  const TemporaryFolder folder;
  RejectLog log(folder.path("rejects"));
  ASSERT_TRUE(log.open());
  log.add("in.jsonl", 7, kBad, "{\"a\"\t\xFF");
  ASSERT_TRUE(log.close());
  EXPECT_EQ(folder.get("rejects"),
            R"({"file":"in.jsonl","line":7,"code":"invalid_json","error":"not \"JSON\"",)"
            R"("text":"{\"a\"\t)"
            "\xEF\xBF\xBD"
            "\"}\n");
}

TEST(RejectLog, KeepsTheFirstOnesForPeople) {
  RejectLog log("");
  ASSERT_TRUE(log.open());
  for (std::uint64_t line = 1; line <= 9; ++line) log.add("in", line, kBad, "x");
  ASSERT_EQ(log.recent().size(), kRecentRejects);
  EXPECT_EQ(log.recent().front().line, 1U);
  EXPECT_EQ(log.recent().back().line, 5U);
  EXPECT_TRUE(log.close());
}

TEST(RejectLog, CutsALongText) {
  RejectLog log("");
  log.add("in", 1, kBad, std::string(kMaxRejectText + 10, 'x'));
  EXPECT_EQ(log.recent().at(0).text.size(), kMaxRejectText);
}

TEST(RejectLog, AppendsToWhatIsThere) {
  const TemporaryFolder folder;
  RejectLog log(folder.put("rejects", "before\n"));
  ASSERT_TRUE(log.open());
  log.add("in", 1, kBad, "x");
  log.flush();
  EXPECT_TRUE(folder.get("rejects").starts_with("before\n{"));
}

TEST(RejectLog, LeavesNoEmptyFileBehind) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder.path("new"), folder.put("old", "")}) {
    RejectLog log(path);
    ASSERT_TRUE(log.open());
    ASSERT_TRUE(log.close());
  }
  EXPECT_FALSE(folder.has("new"));
  EXPECT_TRUE(folder.has("old"));  // not ours to take away
}

TEST(RejectLog, SaysAtTheEndWhatCouldNotBeWritten) {
  RejectLog log("/dev/full");
  ASSERT_TRUE(log.open());
  for (std::uint64_t line = 1; line <= 3; ++line) log.add("in", line, kBad, "x");
  const auto closed = log.close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::kIo);
  EXPECT_TRUE(closed.error().message.starts_with("3 rejected lines")) << closed.error().message;
}

TEST(RejectLog, RefusesAPathThatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_FALSE(RejectLog(folder.path(".")).open());
}

TEST(ReplaceInvalidUtf8, KeepsCharactersAndReplacesTheRest) {
  const std::string bad = "\xEF\xBF\xBD";
  const std::pair<std::string, std::string> table[] = {
      {"", ""},
      {"plain", "plain"},
      {"\xC3\xA9", "\xC3\xA9"},
      {"\xFF", bad},
      {"a\xC3", "a" + bad},
      {"\xC3\xA9\xFF\xC3\xA9", "\xC3\xA9" + bad + "\xC3\xA9"},
      {"\xE2\x82", bad + bad},
      {"\xED\xA0\x80", bad + bad + bad},
      {"\xF0\x9F\x98\x80\x80", "\xF0\x9F\x98\x80" + bad},
      {"\xC0\x80", bad + bad}};
  for (const auto& [text, expected] : table) {
    EXPECT_EQ(replace_invalid_utf8(text), expected);
    EXPECT_TRUE(is_utf8(replace_invalid_utf8(text)));
  }
}

}  // namespace
}  // namespace veltrix
