#include "veltrix/connect/jsonl/gzip_member.hpp"

#include <gtest/gtest.h>

#include "veltrix/connect/jsonl/jsonl_sink.hpp"
#include "veltrix/connect/jsonl/unpacked_input.hpp"

#include "cpp/connect/jsonl/file_size_limit.hpp"
#include "cpp/connect/jsonl/gzip.hpp"
#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"
#include "cpp/match/slots.hpp"

namespace veltrix {
namespace {

std::string text_of(const std::string& path) {
  auto input = UnpackedInput::open(path);
  EXPECT_TRUE(input);
  const RecordingDoor door;
  std::string text(4'096, '\0');
  const auto got = input->read(text, door);
  EXPECT_TRUE(got) << got.error().message;
  EXPECT_EQ(input->read(text, door).value_or(1), 0U) << "longer than a test is";
  text.resize(got.value_or(0));
  return text;
}

Result<void> write(JsonlSink& sink, const std::string& id) {
  EventFields fields = named_event();
  fields.id = id;
  const OwnedSlot slot = make_slot(fields);
  return sink.write(EventView(*slot), "");
}

std::string line(const std::string& id) {
  return R"({"specversion":"1.0","id":")" + id +
         R"(","source":"/shop","type":"order.paid"})"
         "\n";
}

JsonlSinkOptions packed(const std::string& path) {
  JsonlSinkOptions options;
  options.name = "out";
  options.path = path;
  return options;
}

TEST(GzipMember, FindsTheEndOfTheLastWholeMember) {
  const TemporaryFolder folder;
  const std::string two = gzip("a") + gzip("bc");
  const std::pair<std::string, std::size_t> files[] = {
      {"", 0},
      {two, two.size()},
      {two + std::string(4, '\0'), two.size() + 4},
      {two + gzip("torn").substr(0, 1), two.size()},
      {two + gzip("torn").substr(0, 9), two.size()},
      {two + gzip(std::string(9'000, 'x')).substr(0, 30), two.size()},
      {gzip("torn").substr(0, 5), 0},
  };
  for (const auto& [content, whole] : files) {
    EXPECT_EQ(whole_members(folder.put("f.gz", content)).value(), whole);
  }
  for (const std::string bad : {"text", "\x1F\x8B text"}) {
    const auto refused = whole_members(folder.put("f.gz", two + bad));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("move the file away"), std::string::npos);
  }
}

TEST(GzipMember, MakesAValidFileOfEachBatchAndAppends) {
  const TemporaryFolder folder;
  const std::string path = folder.path("out.jsonl.gz");
  {
    JsonlSink sink(packed(path));
    ASSERT_TRUE(sink.open());
    ASSERT_TRUE(write(sink, "1"));
    ASSERT_TRUE(sink.flush());
    EXPECT_EQ(text_of(path), line("1"));  // although it is open
    ASSERT_TRUE(write(sink, "2"));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(text_of(path), line("1") + line("2"));
  }
  folder.put("out.jsonl.gz", folder.get("out.jsonl.gz") + gzip("torn").substr(0, 15));
  JsonlSink sink(packed(path));
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "3"));
  ASSERT_TRUE(sink.close());
  EXPECT_EQ(text_of(path), line("1") + line("2") + line("3"));
}

TEST(GzipMember, TakesAFailedBatchBack) {
  const TemporaryFolder folder;
  const std::string path = folder.path("out.gz");
  JsonlSink sink(packed(path));
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "1"));
  ASSERT_TRUE(sink.flush());
  {
    const FileSizeLimit full(folder.get("out.gz").size() + 10);
    EXPECT_TRUE(write(sink, "2"));
    EXPECT_FALSE(sink.flush());
  }
  EXPECT_EQ(text_of(path), line("1"));
  ASSERT_TRUE(write(sink, "2"));
  ASSERT_TRUE(sink.close());
  EXPECT_EQ(text_of(path), line("1") + line("2"));
}

TEST(GzipMember, DoesNotAppendToWhatIsNotGzip) {
  const TemporaryFolder folder;
  JsonlSink sink(packed(folder.put("out.gz", "text\n")));
  const auto opened = sink.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kIo);
  EXPECT_EQ(folder.get("out.gz"), "text\n");
}

}  // namespace
}  // namespace veltrix
