// A source whose records are no CloudEvents: ids that stay when files are read again, counts.

#include <gtest/gtest.h>

#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

using Ids = std::vector<std::string>;

JsonlSourceOptions options_for(std::vector<std::string> paths) {
  JsonlSourceOptions options;
  options.name = "log";
  options.paths = std::move(paths);
  options.records.envelope.type = "line.kind";
  return options;
}

void run(JsonlSource& source, RecordingDoor& door) {
  const auto opened = source.open();
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_TRUE(source.run(door));
}

TEST(MappedSource, NamesRecordsByFileAndOffsetWhereverBlocksEnd) {
  const TemporaryFolder folder;
  const std::string content =
      "\xEF\xBB\xBF{\"kind\":\"a\"}\r\n\n{\"kind\":\"b\"}\n{\"kind\":\"c\"}";
  const std::string path = folder.put("in.jsonl", content);
  const Ids expected = {path + ":3", path + ":18", path + ":31"};
  for (std::size_t block = 1; block <= content.size() + 1; ++block) {
    for (std::uint32_t threads = 1; threads <= 2; ++threads) {
      JsonlSourceOptions options = options_for({path});
      options.block_bytes = block;
      options.parallel = threads;
      JsonlSource source(std::move(options));
      RecordingDoor door;
      run(source, door);
      ASSERT_EQ(door.ids, expected) << "block of " << block;
      EXPECT_TRUE(door.all_given);
    }
  }
}

TEST(MappedSource, TellsAndCountsEveryRecord) {
  const TemporaryFolder folder;
  const std::string path =
      folder.put("in.jsonl",
                 "{\"kind\":\"a\",\"n\":1}\n{\"kind\":\"b\"}\n{\"n\":2}\nno JSON\n{\"n\":\"x\"}\n");
  JsonlSourceOptions options = options_for({path});
  options.records.where = "line.n > 0";
  JsonlSource source(std::move(options));
  RecordingDoor door;
  run(source, door);
  EXPECT_EQ(door.ids, (Ids{path + ":0"}));
  EXPECT_EQ(door.filtered, 1U);
  EXPECT_EQ(door.malformed_count, 3);
  EXPECT_EQ(source.progress().records, 5U);
  EXPECT_EQ(source.progress().filtered, 1U);
  EXPECT_EQ(source.progress().rejected, 3U);
  const auto rejects = source.recent_rejects();
  ASSERT_EQ(rejects.size(), 3U);
  EXPECT_EQ(rejects[0].line, 3U);
  EXPECT_NE(rejects[0].error.find("envelope.type: line.kind: no member 'kind'"), std::string::npos);
  EXPECT_EQ(rejects[1].code, ErrorCode::kInvalidJson);
  EXPECT_NE(rejects[2].error.find("where: line.n"), std::string::npos);
}

TEST(MappedSource, RefusesToOpenWithWhatCannotBeRead) {
  const TemporaryFolder folder;
  JsonlSourceOptions options = options_for({folder.put("in.jsonl", "")});
  options.records.envelope.key = "line.";
  JsonlSource source(std::move(options));
  const auto opened = source.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidExpression);
  EXPECT_NE(opened.error().message.find("source \"log\": envelope.key: "), std::string::npos);
}

}  // namespace
}  // namespace veltrix
