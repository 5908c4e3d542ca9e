#include "veltrix/connect/jsonl/jsonl_sink.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "cpp/connect/jsonl/file_size_limit.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"
#include "cpp/match/slots.hpp"

namespace veltrix {
namespace {

std::string line(const std::string& id) {
  return R"({"specversion":"1.0","id":")" + id +
         R"(","source":"/shop","type":"order.paid"})"
         "\n";
}

Result<void> write(JsonlSink& sink, const std::string& id) {
  EventFields fields = named_event();
  fields.id = id;
  const OwnedSlot slot = make_slot(fields);
  return sink.write(EventView(*slot), "");
}

JsonlSinkOptions options_for(std::string path) {
  JsonlSinkOptions options;
  options.name = "out";
  options.path = std::move(path);
  return options;
}

TEST(JsonlSink, WritesABatchWhenItIsFlushed) {
  const TemporaryFolder folder;
  JsonlSink sink(options_for(folder.path("a/out.jsonl")));
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "1"));
  ASSERT_TRUE(write(sink, "2"));
  EXPECT_EQ(folder.get("a/out.jsonl"), "");
  ASSERT_TRUE(sink.flush());
  EXPECT_EQ(folder.get("a/out.jsonl"), line("1") + line("2"));
  ASSERT_TRUE(write(sink, "3"));
  ASSERT_TRUE(sink.close());
  EXPECT_EQ(folder.get("a/out.jsonl"), line("1") + line("2") + line("3"));
}

TEST(JsonlSink, WritesTheInternedTypesText) {
  const TemporaryFolder folder;
  JsonlSink sink(options_for(folder.path("out")));
  ASSERT_TRUE(sink.open());
  EventFields fields = named_event();
  fields.type_id = 4;
  const OwnedSlot slot = make_slot(fields);
  ASSERT_TRUE(sink.write(EventView(*slot), "other.type"));
  ASSERT_TRUE(sink.close());
  EXPECT_NE(folder.get("out").find(R"("type":"other.type")"), std::string::npos);
}

TEST(JsonlSink, AppendsUnlessItIsAskedToTruncate) {
  const TemporaryFolder folder;
  for (const bool truncate : {false, true}) {
    JsonlSinkOptions options = options_for(folder.put("out", "{}\n{\"torn"));
    options.truncate = truncate;
    JsonlSink sink(std::move(options));
    ASSERT_TRUE(sink.open());
    ASSERT_TRUE(write(sink, "1"));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(folder.get("out"), (truncate ? "" : "{}\n{\"torn\n") + line("1"));
  }
}

TEST(JsonlSink, WritesEarlierWhenTheBufferIsFull) {
  const TemporaryFolder folder;
  JsonlSinkOptions options = options_for(folder.path("out"));
  options.buffer_bytes = 1;
  JsonlSink sink(std::move(options));
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "1"));
  EXPECT_EQ(folder.get("out"), line("1"));
}

TEST(JsonlSink, TurnsThePageBetweenBatchesWhenTheDayChanges) {
  const TemporaryFolder folder;
  std::int64_t now = 86'399 * kSecond;  // 1970-01-01T23:59:59Z
  JsonlSink sink(options_for(folder.path("out-%Y%m%d")), [&now] { return now; });
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "1"));
  now += kSecond;
  ASSERT_TRUE(write(sink, "2"));  // of the same batch
  ASSERT_TRUE(sink.flush());
  ASSERT_TRUE(write(sink, "3"));
  ASSERT_TRUE(sink.close());
  EXPECT_EQ(folder.get("out-19700101"), line("1") + line("2"));
  EXPECT_EQ(folder.get("out-19700102"), line("3"));
}

TEST(JsonlSink, FailsTheBatchWhenTheDeviceIsFull) {
  JsonlSink sink(options_for("/dev/full"));
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(write(sink, "1"));
  const auto flushed = sink.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::kIo);
  EXPECT_NE(flushed.error().message.find("No space left"), std::string::npos);
  EXPECT_TRUE(sink.flush());  // the next batch begins anew
}

TEST(JsonlSink, FailsTheWholeBatchWhenItFailedHalfWay) {
  JsonlSinkOptions options = options_for("/dev/full");
  options.buffer_bytes = line("1").size() + 1;
  JsonlSink sink(std::move(options));
  ASSERT_TRUE(sink.open());
  EXPECT_TRUE(write(sink, "1"));   // in the buffer still
  EXPECT_FALSE(write(sink, "2"));  // neither of the two was written
  EXPECT_FALSE(write(sink, "3"));
  EXPECT_FALSE(sink.flush());
  EXPECT_TRUE(write(sink, "1"));
}

TEST(JsonlSink, WritesNothingTwiceWhenAFailedBatchIsRetried) {
  const TemporaryFolder folder;
  JsonlSinkOptions options = options_for(folder.path("out"));
  options.buffer_bytes = 1;  // each event is written at once
  JsonlSink sink(std::move(options));
  ASSERT_TRUE(sink.open());
  {
    const FileSizeLimit full(line("1").size() + 10);
    EXPECT_TRUE(write(sink, "1"));
    EXPECT_FALSE(write(sink, "2"));
    EXPECT_FALSE(sink.flush());
  }
  ASSERT_TRUE(write(sink, "1"));
  ASSERT_TRUE(write(sink, "2"));
  ASSERT_TRUE(sink.flush());
  EXPECT_EQ(folder.get("out"), line("1") + line("2"));
}

TEST(JsonlSink, RefusesToOpenWhenThePathIsWrong) {
  const TemporaryFolder folder;
  const std::pair<std::string, ErrorCode> bad[] = {{"", ErrorCode::kInvalidOption},
                                                   {"out-%H", ErrorCode::kInvalidOption},
                                                   {folder.path("."), ErrorCode::kIo}};
  for (const auto& [path, code] : bad) {
    JsonlSink sink(options_for(path));
    const auto opened = sink.open();
    ASSERT_FALSE(opened) << path;
    EXPECT_EQ(opened.error().code, code) << opened.error().message;
    EXPECT_TRUE(opened.error().message.starts_with("sink \"out\": "));
  }
}

TEST(JsonlSink, WritesToStandardOutput) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int old = ::dup(STDOUT_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  JsonlSink sink(options_for("-"));
  const bool went_well = sink.open() && write(sink, "1") && sink.close();
  ::dup2(old, STDOUT_FILENO);
  ::close(old);
  ::close(ends[1]);
  char text[256];
  const ssize_t got = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ASSERT_TRUE(went_well);
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(got)), line("1"));
}

}  // namespace
}  // namespace veltrix
