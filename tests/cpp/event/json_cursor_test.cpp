#include "veltrix/event/json_cursor.hpp"

#include <string>

#include <gtest/gtest.h>

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

std::string many(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(JsonCursor, StopsBehindTheFirstValue) {
  JsonCursor cursor("  {\"a\":[1,2]} , 7");
  ASSERT_TRUE(cursor.skip_value(0));
  EXPECT_EQ(std::string(cursor.position()), " , 7");
  cursor.skip_space();
  EXPECT_TRUE(cursor.skip_char(',', "no comma"));
  ASSERT_TRUE(cursor.skip_value(0));
  EXPECT_TRUE(cursor.skip_end());
  EXPECT_EQ(cursor.peek(), '\0');
}

TEST(JsonCursor, TellsWhereAStepFailed) {
  JsonCursor cursor("[1, x]");
  ASSERT_FALSE(cursor.skip_value(0));
  EXPECT_EQ(cursor.error().code, ErrorCode::kInvalidJson);
  EXPECT_NE(cursor.error().message.find("at byte 4"), std::string::npos);
}

TEST(JsonCursor, SaysWhetherAStringHasEscapes) {
  bool escaped = true;
  JsonCursor plain("\"plain\"");
  EXPECT_TRUE(plain.skip_string(escaped));
  EXPECT_FALSE(escaped);
  JsonCursor other(R"("a\nb")");
  EXPECT_TRUE(other.skip_string(escaped));
  EXPECT_TRUE(escaped);
}

TEST(JsonCursor, NoticesNonAsciiTextAtEveryPlace) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = "\"" + std::string(before, 'x') + "\xC3\xA4\"";
    const auto block = exact_block(text);
    JsonCursor cursor({block.get(), text.size()});
    ASSERT_TRUE(cursor.skip_value(0));
    EXPECT_TRUE(cursor.non_ascii()) << before;
  }
  JsonCursor ascii(R"(["only", "ascii", 1])");
  ASSERT_TRUE(ascii.skip_value(0));
  EXPECT_FALSE(ascii.non_ascii());
}

TEST(JsonCursor, CountsTheDepthAroundIt) {
  const std::string nested = many(10, "[") + many(10, "]");
  EXPECT_TRUE(JsonCursor(nested).skip_value(kMaxJsonDepth - 10));
  JsonCursor deep(nested);
  EXPECT_FALSE(deep.skip_value(kMaxJsonDepth - 9));
  EXPECT_EQ(deep.error().code, ErrorCode::kTooDeep);
}

TEST(JsonCursor, KeepsArraysAndObjectsApartAtEveryDepth) {
  std::string opening, closing;
  for (std::size_t i = 0; i < kMaxJsonDepth; ++i) {
    opening += i % 3 == 0 ? "{\"k\":" : "[";
    closing.insert(0, i % 3 == 0 ? "}" : "]");
  }
  EXPECT_TRUE(JsonCursor(opening + "1" + closing).skip_value(0));
  for (std::size_t i = 0; i < closing.size(); ++i) {
    std::string wrong = closing;
    wrong[i] = wrong[i] == '}' ? ']' : '}';
    EXPECT_FALSE(JsonCursor(opening + "1" + wrong).skip_value(0)) << i;
  }
}

TEST(JsonCursor, LooksAtNothingBehindTheText) {
  // Everything is judged inside the text, though up to 16 bytes behind it may be loaded.
  const std::string text = "\"abc";
  const std::string padded = text + "\"" + std::string(64, '"');
  JsonCursor cursor({padded.data(), text.size()}, padded.data() + padded.size());
  EXPECT_FALSE(cursor.skip_value(0));
  JsonCursor number({"12345", 3}, "12345" + 5);
  EXPECT_TRUE(number.skip_value(0));
  EXPECT_TRUE(number.skip_end());
}

TEST(JsonCursor, FailsOnEveryPrefix) {
  const std::string text = R"({"a":[1.5e3,true,null,"xäy\u00e4\ud83d\ude00"],"b":{"c":false}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto block = exact_block(std::string_view(text).substr(0, size));
    JsonCursor cursor({block.get(), size});
    EXPECT_FALSE(cursor.skip_value(0)) << size;
  }
}

}  // namespace
}  // namespace veltrix
