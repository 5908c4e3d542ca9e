#include "veltrix/connect/jsonl/input_paths.hpp"

#include <gtest/gtest.h>

#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

using Paths = std::vector<std::string>;

TEST(InputPaths, SortsThePatternsFilesByTheirBytes) {
  const TemporaryFolder folder;
  for (const char* name : {"b.jsonl", "a10.jsonl", "a2.jsonl", "B.jsonl", "c.txt"}) {
    folder.put(name, "");
  }
  const auto files = expand_input_paths({folder.path("*.jsonl")});
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (Paths{folder.path("B.jsonl"), folder.path("a10.jsonl"),
                           folder.path("a2.jsonl"), folder.path("b.jsonl")}));
}

TEST(InputPaths, KeepsTheOrderOfPathsAndReadsNoFileTwice) {
  const TemporaryFolder folder;
  const std::string a = folder.put("a.jsonl", "");
  const std::string b = folder.put("b.jsonl", "");
  std::filesystem::create_symlink(a, folder.path("link.jsonl"));
  const auto files = expand_input_paths(
      {b, "-", folder.path("*.jsonl"), "-", folder.path("./b.jsonl"), folder.path("link.jsonl")});
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (Paths{b, "-", a}));
}

TEST(InputPaths, TakesAPathAsItStandsWhenItExists) {
  const TemporaryFolder folder;
  const std::string odd = folder.put("a[1].jsonl", "");
  folder.put("a1.jsonl", "");
  EXPECT_EQ(expand_input_paths({odd}).value(), Paths{odd});
}

TEST(InputPaths, LeavesAMissingFileToWhoeverOpensIt) {
  EXPECT_EQ(expand_input_paths({"/nowhere/x.jsonl"}).value(), Paths{"/nowhere/x.jsonl"});
}

TEST(InputPaths, RefusesWithACureWhenThereIsNothingToRead) {
  const TemporaryFolder folder;
  struct {
    Paths paths;
    ErrorCode code;
    std::string says;
  } const bad[] = {
      {{}, ErrorCode::kInvalidOption, "no path is listed"},
      {{folder.path("*.jsonl")}, ErrorCode::kIo, "no file matches"},
      {{folder.path("no/*.jsonl")}, ErrorCode::kIo, "no file matches"},
  };
  for (const auto& entry : bad) {
    const auto files = expand_input_paths(entry.paths);
    ASSERT_FALSE(files) << entry.says;
    EXPECT_EQ(files.error().code, entry.code) << files.error().message;
    EXPECT_NE(files.error().message.find(entry.says), std::string::npos) << files.error().message;
  }
}

}  // namespace
}  // namespace veltrix
