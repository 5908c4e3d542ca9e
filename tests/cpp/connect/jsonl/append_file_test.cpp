#include "veltrix/connect/jsonl/append_file.hpp"

#include <gtest/gtest.h>

#include "cpp/connect/jsonl/file_size_limit.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

TEST(AppendFile, CreatesTheFileAndItsFolders) {
  const TemporaryFolder folder;
  AppendFile file;
  ASSERT_TRUE(file.open(folder.path("deep/er/out"), false));
  ASSERT_TRUE(file.write("a\n"));
  ASSERT_TRUE(file.close());
  EXPECT_EQ(folder.get("deep/er/out"), "a\n");
}

TEST(AppendFile, AppendsOrTruncatesAsAsked) {
  const TemporaryFolder folder;
  const std::string path = folder.put("out", "old\n");
  for (const bool truncate : {false, true}) {
    AppendFile file;
    ASSERT_TRUE(file.open(path, truncate));
    ASSERT_TRUE(file.write("new\n"));
    EXPECT_EQ(folder.get("out"), truncate ? "new\n" : "old\nnew\n");
  }
}

TEST(AppendFile, EndsALineThatWasTorn) {
  const TemporaryFolder folder;
  AppendFile file;
  ASSERT_TRUE(file.open(folder.put("out", "whole\nto"), false));
  EXPECT_EQ(folder.get("out"), "whole\nto");  // nothing is written before there is something
  ASSERT_TRUE(file.write("a\n"));
  ASSERT_TRUE(file.write("b\n"));
  EXPECT_EQ(folder.get("out"), "whole\nto\na\nb\n");
}

TEST(AppendFile, TakesBackWhatWasNotCommitted) {
  const TemporaryFolder folder;
  AppendFile file;
  ASSERT_TRUE(file.open(folder.put("out", "torn"), false));
  ASSERT_TRUE(file.write("1\n"));
  file.roll_back();
  EXPECT_EQ(folder.get("out"), "torn\n");
  ASSERT_TRUE(file.write("2\n"));
  file.commit();
  ASSERT_TRUE(file.write("3\n"));
  file.roll_back();
  ASSERT_TRUE(file.write("4\n"));
  EXPECT_EQ(folder.get("out"), "torn\n2\n4\n");
}

TEST(AppendFile, CutsOffNothingOfAnotherWriter) {
  const TemporaryFolder folder;
  AppendFile file;
  ASSERT_TRUE(file.open(folder.path("out"), false));
  ASSERT_TRUE(file.write("mine\n"));
  std::ofstream(folder.path("out"), std::ios::app) << "theirs\n";
  file.roll_back();
  EXPECT_EQ(folder.get("out"), "mine\ntheirs\n");
}

TEST(AppendFile, LeavesNoTornLineWhenTheDiskFillsUp) {
  const TemporaryFolder folder;
  AppendFile file;
  ASSERT_TRUE(file.open(folder.path("out"), false));
  ASSERT_TRUE(file.write("kept\n"));
  file.commit();
  {
    const FileSizeLimit full(8);
    const auto written = file.write("0123456789\n");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kIo);
    EXPECT_NE(written.error().message.find(folder.path("out")), std::string::npos);
    EXPECT_EQ(folder.get("out"), "kept\n012");
    file.roll_back();
    EXPECT_EQ(folder.get("out"), "kept\n");
  }
  ASSERT_TRUE(file.write("again\n"));
  EXPECT_EQ(folder.get("out"), "kept\nagain\n");
}

TEST(AppendFile, SaysWhyWhenTheDeviceIsFull) {
  AppendFile file;
  ASSERT_TRUE(file.open("/dev/full", false));
  const auto written = file.write("a\n");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_NE(written.error().message.find("No space left"), std::string::npos);
}

TEST(AppendFile, RefusesWhatCannotBeOpened) {
  const TemporaryFolder folder;
  folder.put("file", "");
  for (const std::string& path : {folder.path("."), folder.path("file/below")}) {
    AppendFile file;
    const auto opened = file.open(path, false);
    ASSERT_FALSE(opened) << path;
    EXPECT_EQ(opened.error().code, ErrorCode::kIo);
    EXPECT_FALSE(file.is_open());
  }
}

}  // namespace
}  // namespace veltrix
