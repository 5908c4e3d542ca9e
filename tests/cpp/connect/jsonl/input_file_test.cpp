#include "veltrix/connect/jsonl/input_file.hpp"

#include <array>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

std::string read_all(InputFile& file, const SourceDoor& door) {
  std::string content;
  std::array<char, 3> block;
  for (;;) {
    const auto got = file.read(block, door);
    if (!got || *got == 0) return content;
    content.append(block.data(), *got);
  }
}

TEST(InputFile, ReadsAFileAndKnowsItsSize) {
  const TemporaryFolder folder;
  auto file = InputFile::open(folder.put("a", "0123456789"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 10U);
  EXPECT_FALSE(file->is_stream());
  EXPECT_EQ(read_all(*file, RecordingDoor{}), "0123456789");
}

TEST(InputFile, RefusesWhatCannotBeRead) {
  const TemporaryFolder folder;
  const std::pair<std::string, std::string> bad[] = {{folder.path("missing"), "No such file"},
                                                     {folder.path("."), "Is a directory"},
                                                     {"", "No such"}};
  for (const auto& [path, says] : bad) {
    const auto file = InputFile::open(path);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kIo);
    EXPECT_NE(file.error().message.find(says), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().message.find('"' + path + '"'), std::string::npos);
  }
}

TEST(InputFile, NamesTheFileWhenReadingFailsInTheMiddle) {
  auto file = InputFile::open("/proc/self/mem");  // opens, and has nothing at address 0
  ASSERT_TRUE(file);
  std::array<char, 16> block;
  const auto got = file->read(block, RecordingDoor{});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kIo);
  EXPECT_NE(got.error().message.find("/proc/self/mem"), std::string::npos);
}

TEST(InputFile, WaitsForTheWriterOfANamedPipe) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  auto file = InputFile::open(path);
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->is_stream());
  const std::jthread writer([&] { std::ofstream(path) << "through the pipe"; });
  EXPECT_EQ(read_all(*file, RecordingDoor{}), "through the pipe");
}

TEST(InputFile, StopsWaitingWhenTheDoorStops) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  auto file = InputFile::open(path);
  ASSERT_TRUE(file);
  RecordingDoor door;
  const std::jthread stopper([&] { door.stop = true; });
  std::array<char, 16> block;
  EXPECT_EQ(file->read(block, door).value(), 0U);
}

}  // namespace
}  // namespace veltrix
