// The jsonl source with several threads, and packed: it must not be possible to tell.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include "cpp/connect/jsonl/gzip.hpp"
#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

std::string event(const std::string& id, const std::string& type = "t") {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/s","type":")" + type + "\"}";
}

JsonlSourceOptions options_for(std::vector<std::string> paths, std::uint32_t threads) {
  JsonlSourceOptions options;
  options.name = "game";
  options.paths = std::move(paths);
  options.parallel = threads;
  options.block_bytes = 256;
  return options;
}

/// All that a run shows.
struct Shown {
  std::vector<std::string> ids;
  std::string rejects;
  int malformed;
  std::uint64_t quiet, records, rejected, bytes;
  friend bool operator==(const Shown&, const Shown&) = default;
};

Shown run(const TemporaryFolder& folder, JsonlSourceOptions options) {
  options.rejects = folder.path("rejects");
  std::filesystem::remove(options.rejects);
  JsonlSource source(std::move(options));
  RecordingDoor door;
  door.quiet_type = "quiet";
  door.refuse = {{"7", ErrorCode::kQueueFull}, {"230", ErrorCode::kQueueFull}};
  door.refuse_early = {{"11", ErrorCode::kUnmatched}};
  EXPECT_TRUE(source.open());
  const auto outcome = source.run(door);
  EXPECT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(static_cast<std::uint32_t>(door.lanes), source.threads());
  const SourceProgress& seen = source.progress();
  return {door.ids,
          folder.has("rejects") ? folder.get("rejects") : "",
          door.malformed_count,
          door.quiet,
          seen.records,
          seen.rejected,
          seen.bytes};
}

std::string mixed_lines(int count) {
  std::string content = "\xEF\xBB\xBF";
  for (int i = 0; i < count; ++i) {
    content += i % 3 == 0 ? event(std::to_string(i), "quiet") : event(std::to_string(i));
    content += i % 5 == 0 ? "\r\n\n" : "\n";
    if (i % 17 == 0) content += "broken " + std::to_string(i) + "\n";
  }
  return content + "broken at the end";
}

TEST(ParallelSource, ShowsWhatOneThreadShows) {
  const TemporaryFolder folder;
  const std::vector<std::string> paths = {folder.put("a", mixed_lines(400)), folder.put("b", ""),
                                          folder.put("c", mixed_lines(50))};
  const Shown one = run(folder, options_for(paths, 1));
  ASSERT_EQ(one.ids.size(), 263U + 31U);
  ASSERT_GT(one.malformed, 20);
  for (const std::uint32_t threads : {2, 3, 16}) {
    EXPECT_TRUE(run(folder, options_for(paths, threads)) == one) << threads << " threads";
  }
}

TEST(ParallelSource, CannotTellPackedFilesFromPlainOnes) {
  const TemporaryFolder folder;
  const std::string content = mixed_lines(300);
  const Shown plain = run(folder, options_for({folder.put("in", content)}, 1));
  const std::size_t half = content.size() / 2;
  const std::string packed = gzip(content.substr(0, half)) + gzip(content.substr(half));
  for (const std::uint32_t threads : {1, 2}) {
    Shown shown = run(folder, options_for({folder.put("in", packed)}, threads));
    EXPECT_EQ(shown.bytes, packed.size());
    shown.bytes = plain.bytes;
    EXPECT_TRUE(shown == plain) << threads << " threads";
  }
}

RC_GTEST_PROP(ParallelSource, AgreesWithOneThreadWhateverTheLines, ()) {
  const TemporaryFolder folder;
  std::string content;
  for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) {
    const std::string number = std::to_string(content.size());
    const std::string lines[] = {event(number) + "\n",
                                 event(number, "quiet") + "\n",
                                 "\n",
                                 "bad\n",
                                 std::string(300, ' ') + event(number) + "\r\n",
                                 event(number)};
    content += lines[kind];
  }
  JsonlSourceOptions options = options_for({folder.put("in", content)}, 1);
  options.block_bytes = *rc::gen::inRange<std::size_t>(1, 400);
  const Shown one = run(folder, options);
  options.parallel = *rc::gen::inRange<std::uint32_t>(2, 5);
  RC_ASSERT(run(folder, options) == one);
}

TEST(ParallelSource, ChoosesItsThreadsByTheInputsSize) {
  const TemporaryFolder folder;
  const std::string small = folder.put("small", "");
  const std::string large = folder.put("large", std::string(std::size_t{5} << 20, '\n'));
  const std::uint32_t two = std::thread::hardware_concurrency() >= 2 ? 2 : 1;
  const std::tuple<std::string, std::uint32_t, std::uint32_t> cases[] = {
      {small, 0, 1}, {large, 0, two}, {small, 3, 3}, {large, 1, 1}};
  for (const auto& [path, asked, given] : cases) {
    JsonlSource source(options_for({path}, asked));
    ASSERT_TRUE(source.open());
    EXPECT_EQ(source.threads(), given);
  }
}

TEST(ParallelSource, TellsALineTooLongOnceWhereverBlocksEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.put(
      "in", event("a") + "\n" + std::string(3 * kMaxEventBytes, ' ') + "\nbad\n" + event("b"));
  for (const std::size_t block : {std::size_t{4'000}, std::size_t{1} << 18, std::size_t{1} << 22}) {
    JsonlSourceOptions options = options_for({path}, 2);
    options.block_bytes = block;
    JsonlSource source(std::move(options));
    RecordingDoor door;
    ASSERT_TRUE(source.open());
    ASSERT_TRUE(source.run(door));
    EXPECT_EQ(door.ids, (std::vector<std::string>{"a", "b"}));
    const auto rejects = source.recent_rejects();
    ASSERT_EQ(rejects.size(), 2U);
    EXPECT_EQ(rejects[0].code, ErrorCode::kEventTooLarge);
    EXPECT_EQ(rejects[0].line, 2U);
    EXPECT_EQ(rejects[1].line, 3U);
  }
}

TEST(ParallelSource, KeepsMemoryBoundedWhenAFileUnpacksToALot) {
  const TemporaryFolder folder;
  const std::string bomb = gzip_bomb(std::size_t{16} << 20);
  ASSERT_LT(bomb.size(), 100'000U);
  JsonlSourceOptions options =
      options_for({folder.put("in.gz", bomb + gzip("\n" + event("a")))}, 2);
  options.block_bytes = std::size_t{1} << 18;
  JsonlSource source(std::move(options));
  RecordingDoor door;
  ASSERT_TRUE(source.open());
  ASSERT_TRUE(source.run(door));
  EXPECT_EQ(door.ids, std::vector<std::string>{"a"});
  ASSERT_EQ(source.recent_rejects().size(), 1U);
  EXPECT_EQ(source.recent_rejects()[0].code, ErrorCode::kEventTooLarge);
  EXPECT_EQ(source.progress().bytes, source.progress().total_bytes);
}

TEST(ParallelSource, KeepsWhatWasReadBeforeAPackedFileIsTorn) {
  const TemporaryFolder folder;
  const std::string torn = gzip(event("a") + "\n") + gzip(event("b") + "\n").substr(0, 20);
  JsonlSource source(options_for({folder.put("in.gz", torn), folder.put("next", event("c"))}, 2));
  RecordingDoor door;
  ASSERT_TRUE(source.open());
  const auto outcome = source.run(door);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kIo);
  EXPECT_NE(outcome.error().message.find("in the middle of its compressed data at byte"),
            std::string::npos)
      << outcome.error().message;
  EXPECT_EQ(door.ids, std::vector<std::string>{"a"});
  EXPECT_EQ(door.malformed_count, 0);  // half a line is none
}

TEST(ParallelSource, StopsAndCountsWhatItCounted) {
  const TemporaryFolder folder;
  JsonlSource source(options_for({folder.put("in", mixed_lines(4'000))}, 3));
  RecordingDoor door;
  door.quiet_type = "quiet";
  door.after_publish = [&](std::size_t count) { door.stop = count >= 300; };
  ASSERT_TRUE(source.open());
  ASSERT_TRUE(source.run(door));
  EXPECT_EQ(door.ids.size(), 300U);
  const auto malformed = static_cast<std::uint64_t>(door.malformed_count);
  EXPECT_EQ(source.progress().records, 300U + malformed + door.quiet);
}

}  // namespace
}  // namespace veltrix
