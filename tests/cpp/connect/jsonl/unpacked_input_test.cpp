#include "veltrix/connect/jsonl/unpacked_input.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cpp/connect/jsonl/gzip.hpp"
#include "cpp/connect/jsonl/recording_door.hpp"
#include "cpp/connect/jsonl/temporary_folder.hpp"

namespace veltrix {
namespace {

struct Outcome {
  std::string text;
  std::string error;
  std::uint64_t taken = 0;
};

Outcome read_all(const std::string& path, std::size_t step = 7) {
  auto input = UnpackedInput::open(path);
  EXPECT_TRUE(input) << input.error().message;
  const RecordingDoor door;
  std::vector<char> piece(step);
  Outcome out;
  for (;;) {
    const auto got = input->read(piece, door);
    if (!got) out.error = got.error().message;
    out.taken = input->taken();
    if (!got || *got == 0) return out;
    out.text.append(piece.data(), *got);
  }
}

TEST(UnpackedInput, GivesTheTextOfWhateverIsWhole) {
  const TemporaryFolder folder;
  const std::string text = "one\ntwo\n" + std::string(1'000, 'x');
  const std::pair<std::string, std::string> good[] = {
      {text, text},
      {"", ""},
      {"\x1F", "\x1F"},
      {"\x1Fplain", "\x1Fplain"},
      {gzip(text), text},
      {gzip(""), ""},
      {gzip("a") + gzip("") + gzip("b\n"), "ab\n"},
      {gzip("a") + std::string(600, '\0'), "a"},
      {gzip("a") + std::string(3, '\0') + gzip("b"), "ab"},
      {gzip(gzip("twice")), gzip("twice")},
  };
  for (const auto& [content, expected] : good) {
    for (const std::size_t step : {1, 7, 4'096}) {
      const Outcome out = read_all(folder.put("any-name", content), step);
      EXPECT_EQ(out.text, expected);
      EXPECT_EQ(out.error, "");
      EXPECT_EQ(out.taken, content.size());
    }
  }
}

TEST(UnpackedInput, TakesAnEmptyFileOfAnyName) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_all(folder.put("empty.gz", "")).error, "");
}

TEST(UnpackedInput, KeepsWhatItReadBeforeTheDamageAndNamesThePlace) {
  const TemporaryFolder folder;
  const std::string whole = gzip("first\n");
  std::string bad_sum = gzip("text");
  bad_sum[bad_sum.size() - 8] ^= 1;
  std::string bad_length = gzip("text");
  bad_length[bad_length.size() - 4] ^= 1;
  std::string bad_method = gzip("text");
  bad_method[2] = 7;
  std::string bad_codes = gzip("text");
  bad_codes[10] = '\xFF';
  const std::string at_whole = "at byte " + std::to_string(whole.size());
  const std::pair<std::string, std::string> bad[] = {
      {bad_sum, "incorrect data check"},
      {bad_length, "incorrect length check"},
      {bad_method, "unknown compression method"},
      {bad_codes, "invalid block type"},
      {"garbage", at_whole},
      {std::string(5, '\0') + "x", "bytes follow that are not gzip"},
      {"\x1F", "in the middle"},
      {gzip("text").substr(0, 2), "in the middle"},
      {gzip("text").substr(0, 10), "in the middle"},
      {gzip("text").substr(0, gzip("text").size() - 1), "in the middle"},
      {gzip("text").substr(0, gzip("text").size() - 8), "in the middle"},
  };
  for (const auto& [damage, says] : bad) {
    const std::string path = folder.put("in.gz", whole + damage);
    const Outcome out = read_all(path, 4'096);
    EXPECT_TRUE(out.text.starts_with("first\n")) << says;
    EXPECT_NE(out.error.find(says), std::string::npos) << out.error;
    EXPECT_NE(out.error.find("\"" + path + "\""), std::string::npos) << out.error;
    EXPECT_NE(out.error.find("of the file; the lines before this point were read"),
              std::string::npos);
  }
}

TEST(UnpackedInput, SaysSoWhenAFileIsNotWhatItsNameSays) {
  const TemporaryFolder folder;
  const Outcome out = read_all(folder.put("in.gz", "plain text"));
  EXPECT_EQ(out.text, "");
  EXPECT_NE(out.error.find("does not begin as gzip does"), std::string::npos) << out.error;
}

TEST(UnpackedInput, UnpacksAStreamAsItComes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string packed = gzip("through ") + gzip("the pipe");
  const std::jthread writer([&] {
    std::ofstream pipe(path, std::ios::binary);
    for (const char c : packed) pipe << c << std::flush;
  });
  const Outcome out = read_all(path);
  EXPECT_EQ(out.text, "through the pipe");
  EXPECT_EQ(out.error, "");
}

}  // namespace
}  // namespace veltrix
