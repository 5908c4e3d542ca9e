#include "veltrix/connect/jsonl/line_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

struct Seen {
  std::uint64_t number;
  std::string text;
  bool too_long = false;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Everything through the buffer, `step` bytes at a time.
std::vector<Seen> lines_of(std::string_view content, std::size_t block, std::size_t limit,
                           std::size_t step) {
  LineBuffer buffer(block, limit);
  buffer.begin();
  std::vector<Seen> seen;
  Line line;
  for (bool more = true; more;) {
    const std::span<char> room = buffer.room();
    const std::size_t size = std::min({room.size(), content.size(), step});
    std::memcpy(room.data(), content.data(), size);
    content.remove_prefix(size);
    more = size > 0;
    more ? buffer.commit(size) : buffer.end();
    while (buffer.next(line)) seen.push_back({line.number, std::string(line.text), line.too_long});
  }
  return seen;
}

TEST(LineBuffer, CutsTheSameLinesWhereverBlocksEnd) {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string content = mark + "first\r\n\n\r\nlonger than a block\nx\n" + mark + "z\r\nlast";
  const std::vector<Seen> expected = {
      {1, "first"}, {2, ""},         {3, ""},    {4, "longer than a block"},
      {5, "x"},     {6, mark + "z"}, {7, "last"}};
  for (std::size_t block = 1; block <= content.size() + 1; ++block) {
    EXPECT_EQ(lines_of(content, block, 100, block), expected) << "block of " << block;
  }
}

TEST(LineBuffer, GivesNoLineWhenTheFileIsEmpty) {
  EXPECT_TRUE(lines_of("", 8, 100, 8).empty());
  EXPECT_EQ(lines_of("\n", 8, 100, 8), (std::vector<Seen>{{1, ""}}));
  EXPECT_EQ(lines_of("\xEF\xBB\xBF", 8, 100, 8), (std::vector<Seen>{{1, ""}}));
}

TEST(LineBuffer, TellsALongLineOnceAndGoesOnBehindIt) {
  const std::string content = "a\n" + std::string(50, 'x') + "\nb\n" + std::string(50, 'y');
  for (std::size_t block = 1; block <= content.size(); ++block) {
    const auto seen = lines_of(content, block, 10, block);
    ASSERT_EQ(seen.size(), 4U) << "block of " << block;
    EXPECT_EQ(seen[0], (Seen{1, "a"}));
    EXPECT_TRUE(seen[1].too_long && seen[1].number == 2 && seen[1].text.starts_with("xxxxxxxxxx"));
    EXPECT_EQ(seen[2], (Seen{3, "b"}));
    EXPECT_TRUE(seen[3].too_long && seen[3].number == 4);
  }
}

TEST(LineBuffer, TakesALineOfExactlyTheLimit) {
  const auto seen = lines_of(std::string(10, 'x') + "\n" + std::string(11, 'x'), 4, 10, 4);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_FALSE(seen[0].too_long);
  EXPECT_TRUE(seen[1].too_long);
}

TEST(LineBuffer, KeepsMemoryBoundedWhenALineNeverEnds) {
  LineBuffer buffer(64, 256);
  buffer.begin();
  const char* first = nullptr;
  Line line;
  int reported = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::span<char> room = buffer.room();
    ASSERT_EQ(room.size(), 64U);
    std::memset(room.data(), 'x', room.size());
    buffer.commit(room.size());
    while (buffer.next(line)) ++reported;
    if (i == 100) first = buffer.room().data();
    if (i > 100) {
      ASSERT_EQ(buffer.room().data(), first);  // neither moved nor grown
    }
  }
  EXPECT_EQ(reported, 1);
}

TEST(LineBuffer, ForgetsTheRestWhenANewFileBegins) {
  LineBuffer buffer(8, 100);
  buffer.begin();
  std::memcpy(buffer.room().data(), "torn", 4);
  buffer.commit(4);
  Line line;
  EXPECT_FALSE(buffer.next(line));
  buffer.begin();
  std::memcpy(buffer.room().data(), "a\n", 2);
  buffer.commit(2);
  ASSERT_TRUE(buffer.next(line));
  EXPECT_EQ(line.text, "a");
  EXPECT_EQ(line.number, 1U);
}

TEST(LineBuffer, LooksAheadAtWholeLinesOnly) {
  LineBuffer buffer(16, 100);
  buffer.begin();
  EXPECT_EQ(buffer.ahead(16), "");
  std::memcpy(buffer.room().data(), "one\ntwo\nth", 10);
  buffer.commit(10);
  EXPECT_EQ(buffer.ahead(16), "one\ntwo\n");
  EXPECT_EQ(buffer.ahead(7), "one\n");
  EXPECT_EQ(buffer.ahead(3), "");
  Line line;
  ASSERT_TRUE(buffer.next(line));
  EXPECT_EQ(buffer.position(), buffer.ahead(16).data());
  EXPECT_EQ(buffer.ahead(16), "two\n");
}

TEST(LineBuffer, CutsOffWhatIsNoWholeLineAndBeginsWithIt) {
  LineBuffer first(16, 8);
  first.begin();
  std::string carry = "old";
  std::memcpy(first.room().data(), "one", 3);
  first.commit(3);
  EXPECT_EQ(first.cut(carry), LineBuffer::Cut::kNoEnd);
  std::memcpy(first.room().data(), "\ntw", 3);
  first.commit(3);
  ASSERT_EQ(first.cut(carry), LineBuffer::Cut::kWhole);
  EXPECT_EQ(carry, "tw");
  Line line;
  ASSERT_TRUE(first.next(line));
  EXPECT_EQ(line.text, "one");
  EXPECT_FALSE(first.next(line));
  EXPECT_EQ(first.line_ends(), 1U);
  LineBuffer second(16, 8);
  second.begin({false, false}, carry);
  std::memcpy(second.room().data(), "o\nlonger than 8", 15);
  second.commit(15);
  ASSERT_EQ(second.cut(carry), LineBuffer::Cut::kInside);
  ASSERT_TRUE(second.next(line));
  EXPECT_EQ(line.text, "two");
  ASSERT_TRUE(second.next(line));
  EXPECT_TRUE(line.too_long);
  EXPECT_EQ(second.line_ends(), 1U);
}

RC_GTEST_PROP(LineBuffer, AgreesWithSplittingAtLineEnds, ()) {
  const auto content = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '\n', '\r'));
  const auto block = *rc::gen::inRange<std::size_t>(1, 9);
  std::vector<Seen> expected;
  std::size_t begin = 0;
  while (begin < content.size()) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    std::string text = content.substr(begin, end - begin);
    if (text.ends_with('\r')) text.pop_back();
    expected.push_back({expected.size() + 1, text});
    begin = end + 1;
  }
  RC_ASSERT(lines_of(content, block, 1'000, *rc::gen::inRange<std::size_t>(1, 9)) == expected);
}

}  // namespace
}  // namespace veltrix
