#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

using Ids = std::vector<std::string>;

std::string event(const std::string& id) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/s","type":"t","data":{"n":1}})";
}

Ids numbered(int count) {
  Ids ids;
  for (int i = 0; i < count; ++i) ids.push_back(std::to_string(i));
  return ids;
}

std::string lines_of(const Ids& ids, std::string_view end = "\n") {
  std::string content;
  for (const std::string& id : ids) content += event(id) + std::string(end);
  return content;
}

JsonlSourceOptions options_for(std::vector<std::string> paths) {
  JsonlSourceOptions options;
  options.name = "game";
  options.paths = std::move(paths);
  return options;
}

/// Opens and runs, and expects both to go well.
void run(JsonlSource& source, RecordingDoor& door) {
  const auto opened = source.open();
  ASSERT_TRUE(opened) << opened.error().message;
  const auto outcome = source.run(door);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(source.progress().done);
}

TEST(JsonlSource, ReadsFilesInOrderAndCounts) {
  const TemporaryFolder folder;
  folder.put("in/2.jsonl", lines_of({"b", "c"}));
  const std::string first = folder.put("z.jsonl", lines_of({"a"}));
  folder.put("in/1.jsonl", lines_of({}));
  JsonlSource source(options_for({first, folder.path("in/*.jsonl")}));
  RecordingDoor door;
  run(source, door);
  EXPECT_EQ(door.ids, (Ids{"a", "b", "c"}));
  EXPECT_TRUE(door.all_given);
  EXPECT_EQ(source.progress().records, 3U);
  EXPECT_EQ(source.progress().rejected, 0U);
  EXPECT_EQ(source.progress().bytes, 3 * (event("a").size() + 1));
  EXPECT_EQ(source.progress().total_bytes, source.progress().bytes);
}

TEST(JsonlSource, ReadsTheSameEventsWhereverBlocksEnd) {
  const TemporaryFolder folder;
  const std::string content =
      "\xEF\xBB\xBF" + event("a") + "\r\n\n  \t\r\n" + event("b") + "\n" + event("c");
  const std::string path = folder.put("in.jsonl", content);
  for (std::size_t block = 1; block <= content.size() + 1; ++block) {
    JsonlSourceOptions options = options_for({path});
    options.block_bytes = block;
    JsonlSource source(std::move(options));
    RecordingDoor door;
    run(source, door);
    ASSERT_EQ(door.ids, (Ids{"a", "b", "c"})) << "block of " << block;
    ASSERT_EQ(source.progress().records, 3U);
  }
}

/// A line around the good event `x`, with one thing wrong.
std::string with(std::string_view member) {
  return R"({"specversion":"1.0","id":"x","source":"/s","type":"t",)" + std::string(member) + "}";
}

std::vector<std::string> malformed_lines() {
  return {"{",
          "}",
          "[]",
          "null",
          "12",
          "\"text\"",
          "not json",
          event("x") + "x",
          event("x") + event("x"),
          "{}",
          event("x").substr(0, 30),
          "[" + event("x") + "]",
          std::string("\0", 1),
          event("x") + std::string("\0", 1),
          "\xFF",
          "\xEF\xBB\xBF" + event("x"),
          "{'id': 'x'}",
          R"({"specversion":"0.3","id":"x","source":"/s","type":"t"})",
          R"({"id":"x","source":"/s","type":"t"})",
          R"({"specversion":"1.0","source":"/s","type":"t"})",
          R"({"specversion":"1.0","id":"x","type":"t"})",
          R"({"specversion":"1.0","id":"x","source":"/s"})",
          R"({"specversion":"1.0","id":"","source":"/s","type":"t"})",
          R"({"specversion":"1.0","id":1,"source":"/s","type":"t"})",
          with(R"("id":"y")"),
          with(R"("Upper":"y")"),
          with(R"("ext":1.5)"),
          with(R"("ext":{})"),
          with(R"("priority":10)"),
          with(R"("time":"yesterday")"),
          with(R"("data":{,})"),
          with(R"("data":01)"),
          with(R"("data":"\x")"),
          with("\"data\":\"\xFF\""),
          with(R"("data":1,"data_base64":"AA==")"),
          with(R"("data_base64":"?")"),
          with("\"data\":" + std::string(70, '[') + std::string(70, ']')),
          with("\"data\":" + std::string(1'100, '1')),
          "\x1F\x8B\x08 compressed"};
}

TEST(JsonlSource, GoesOnBehindEachMalformedLine) {
  const TemporaryFolder folder;
  const auto bad = malformed_lines();
  ASSERT_GE(bad.size(), 30U);
  std::string content;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    content += bad[i] + "\n" + event(std::to_string(i)) + "\n";
  }
  JsonlSourceOptions options = options_for({folder.put("in.jsonl", content)});
  options.rejects = folder.path("rejects.jsonl");
  JsonlSource source(std::move(options));
  RecordingDoor door;
  run(source, door);
  EXPECT_EQ(door.ids, numbered(static_cast<int>(bad.size())));
  EXPECT_EQ(door.malformed_count, static_cast<int>(bad.size()));
  EXPECT_EQ(source.progress().rejected, bad.size());
  EXPECT_EQ(source.progress().records, 2 * bad.size());
  const std::string rejects = folder.get("rejects.jsonl");
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const std::string line = "\"line\":" + std::to_string(2 * i + 1) + ",";
    EXPECT_NE(rejects.find(line), std::string::npos) << bad[i];
  }
}

/// Each in a file of its own, where it cannot hide behind another one's damage.
TEST(JsonlSource, GoesOnBehindOneMalformedLine) {
  const TemporaryFolder folder;
  for (const std::string& bad : malformed_lines()) {
    const std::string content = event("0") + "\n" + bad + "\n" + event("1") + "\n" + event("2");
    JsonlSource source(options_for({folder.put("in.jsonl", content)}));
    RecordingDoor door;
    run(source, door);
    EXPECT_EQ(door.ids, numbered(3)) << bad;
    EXPECT_EQ(door.malformed_count, 1) << bad;
  }
}

TEST(JsonlSource, TellsFileLineAndTextOfTheFirstRejects) {
  const TemporaryFolder folder;
  const std::string path = folder.put("in.jsonl", event("a") + "\n\nbroken\n");
  JsonlSource source(options_for({path}));
  RecordingDoor door;
  run(source, door);
  const auto rejects = source.recent_rejects();
  ASSERT_EQ(rejects.size(), 1U);
  EXPECT_EQ(rejects[0].file, path);
  EXPECT_EQ(rejects[0].line, 3U);
  EXPECT_EQ(rejects[0].code, ErrorCode::kInvalidJson);
  EXPECT_EQ(rejects[0].text, "broken");
  EXPECT_FALSE(rejects[0].error.empty());
}

TEST(JsonlSource, RejectsALineBeyondTheLimitAndGoesOn) {
  const TemporaryFolder folder;
  const std::string huge(3 * kMaxEventBytes, '\0');
  JsonlSource source(options_for({folder.put("in.jsonl", huge + "\n" + event("a") + "\n")}));
  RecordingDoor door;
  run(source, door);
  EXPECT_EQ(door.ids, Ids{"a"});
  const auto rejects = source.recent_rejects();
  ASSERT_EQ(rejects.size(), 1U);
  EXPECT_EQ(rejects[0].code, ErrorCode::kEventTooLarge);
  EXPECT_EQ(rejects[0].text.size(), kMaxRejectText);
}

TEST(JsonlSource, ReportsWhatTheDoorRefusesButDoesNotCountItTwice) {
  const TemporaryFolder folder;
  JsonlSourceOptions options = options_for({folder.put("in.jsonl", lines_of({"a", "b", "c"}))});
  options.rejects = folder.path("rejects.jsonl");
  JsonlSource source(std::move(options));
  RecordingDoor door;
  door.refuse["b"] = ErrorCode::kUnmatched;
  run(source, door);
  EXPECT_EQ(door.ids, (Ids{"a", "c"}));
  EXPECT_EQ(door.malformed_count, 0);
  EXPECT_EQ(source.progress().rejected, 1U);
  EXPECT_EQ(source.progress().records, 3U);
  EXPECT_NE(folder.get("rejects.jsonl").find(R"("code":"unmatched","error":"refused b")"),
            std::string::npos);
}

TEST(JsonlSource, EndsQuietlyWhenTheEngineHasStopped) {
  const TemporaryFolder folder;
  JsonlSource source(options_for({folder.put("in.jsonl", lines_of({"a", "b", "c"}))}));
  RecordingDoor door;
  door.refuse["b"] = ErrorCode::kEngineStopped;
  run(source, door);
  EXPECT_EQ(door.ids, Ids{"a"});
  EXPECT_EQ(source.progress().records, 1U);
  EXPECT_EQ(source.progress().rejected, 0U);
}

TEST(JsonlSource, StopsWithin256LinesWhenItIsInterrupted) {
  const TemporaryFolder folder;
  JsonlSource source(options_for({folder.put("in.jsonl", lines_of(numbered(2'000)))}));
  RecordingDoor door;
  door.after_publish = [&](std::size_t count) { door.stop = count >= 300; };
  run(source, door);
  EXPECT_GE(door.ids.size(), 300U);
  EXPECT_LE(door.ids.size(), 556U);
}

TEST(JsonlSource, RefusesToOpenWhenAPathIsWrong) {
  const TemporaryFolder folder;
  folder.put("file", "");
  JsonlSourceOptions bad_rejects = options_for({folder.path("file")});
  bad_rejects.rejects = folder.path("file/rejects");
  JsonlSourceOptions too_many_threads = options_for({folder.path("file")});
  too_many_threads.parallel = 17;
  const std::pair<JsonlSourceOptions, ErrorCode> bad[] = {
      {options_for({}), ErrorCode::kInvalidOption},
      {options_for({folder.path("missing.jsonl")}), ErrorCode::kIo},
      {options_for({folder.path("*.jsonl")}), ErrorCode::kIo},
      {options_for({folder.path(".")}), ErrorCode::kIo},
      {options_for({folder.path("missing.jsonl.gz")}), ErrorCode::kIo},
      {too_many_threads, ErrorCode::kInvalidOption},
      {bad_rejects, ErrorCode::kIo}};
  for (const auto& [options, code] : bad) {
    JsonlSource source(options);
    const auto opened = source.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code) << opened.error().message;
    EXPECT_TRUE(opened.error().message.starts_with("source \"game\": "));
  }
}

TEST(JsonlSource, NamesTheFileWhenItVanishesOrFails) {
  const TemporaryFolder folder;
  const std::string gone = folder.put("gone.jsonl", "");
  for (const std::string& path : {gone, std::string("/proc/self/mem")}) {
    JsonlSource source(options_for({path}));
    ASSERT_TRUE(source.open());
    std::filesystem::remove(gone);
    RecordingDoor door;
    const auto outcome = source.run(door);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::kIo);
    EXPECT_NE(outcome.error().message.find(path), std::string::npos);
    EXPECT_TRUE(source.progress().done);
  }
}

TEST(JsonlSource, EndsWithAnErrorWhenRejectsCannotBeKept) {
  const TemporaryFolder folder;
  JsonlSourceOptions options = options_for({folder.put("in.jsonl", "bad\n" + event("a"))});
  options.rejects = "/dev/full";
  JsonlSource source(std::move(options));
  RecordingDoor door;
  ASSERT_TRUE(source.open());
  const auto outcome = source.run(door);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kIo);
  EXPECT_EQ(door.ids, Ids{"a"});  // the rest was read all the same
}

/// Puts the reading end of a pipe in the place of standard input.
class StandardInput {
 public:
  StandardInput() : old_(::dup(STDIN_FILENO)) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writer_ = ends[1];
  }
  ~StandardInput() {
    finish();
    ::dup2(old_, STDIN_FILENO);
    ::close(old_);
  }
  void write(std::string_view text) const {
    EXPECT_EQ(::write(writer_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void finish() {
    if (writer_ >= 0) ::close(writer_);
    writer_ = -1;
  }

 private:
  int old_;
  int writer_ = -1;
};

TEST(JsonlSource, ReadsStandardInputAsItComes) {
  StandardInput input;
  JsonlSource source(options_for({"-"}));
  RecordingDoor door;
  door.after_publish = [&](std::size_t count) {  // each line only after the one before was taken
    if (count == 1) input.write("\n" + event("b").substr(0, 20));
    if (count == 1) input.write(event("b").substr(20) + "\n" + event("c"));
    if (count == 2) input.finish();
  };
  input.write(event("a") + "\n");
  run(source, door);
  EXPECT_EQ(door.ids, (Ids{"a", "b", "c"}));
  EXPECT_EQ(source.progress().total_bytes, 0U);
}

TEST(JsonlSource, StopsWhileStandardInputIsSilent) {
  StandardInput input;
  JsonlSource source(options_for({"-"}));
  RecordingDoor door;
  input.write(event("a") + "\n" + event("half").substr(0, 30));
  door.after_publish = [&](std::size_t) { door.stop = true; };
  run(source, door);
  EXPECT_EQ(door.ids, Ids{"a"});
  EXPECT_EQ(source.progress().rejected, 0U);  // the half line is no reject
}

}  // namespace
}  // namespace veltrix
