#include "veltrix/event/json_output.hpp"

#include <string>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

std::string escaped(std::string_view text) {
  std::string out(text.size() * kMaxEscapedBytes, '?');
  out.resize(static_cast<std::size_t>(put_escaped(out.data(), text) - out.data()));
  return out;
}

TEST(PutEscaped, FindsASpecialByteAtEveryPlace) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'x');
      EXPECT_EQ(escaped(text), text);
      text[place] = '"';
      EXPECT_EQ(escaped(text), text.substr(0, place) + "\\\"" + text.substr(place + 1));
      text[place] = '\x1F';
      EXPECT_EQ(escaped(text), text.substr(0, place) + "\\u001f" + text.substr(place + 1));
    }
  }
}

TEST(PutEscaped, LeavesOtherBytesAlone) {
  std::string all;
  for (int c = 0x20; c < 0x100; ++c) {
    if (c != '"' && c != '\\') all.push_back(static_cast<char>(c));
  }
  EXPECT_EQ(escaped(all), all);
  for (const char c : all) EXPECT_EQ(escaped(std::string(8, c)), std::string(8, c));
}

TEST(PutEscaped, UsesTheShortForms) {
  EXPECT_EQ(escaped("\"\\\b\f\n\r\t"), R"(\"\\\b\f\n\r\t)");
  EXPECT_EQ(escaped(std::string_view("\0\x01\x7F", 3)), "\\u0000\\u0001\x7F");
}

TEST(PutRaw, CopiesTextsOfEverySize) {
  for (std::size_t size = 0; size < 100; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + i % 26));
    std::string out(size, '?');
    EXPECT_EQ(put_raw(out.data(), text), out.data() + size);
    EXPECT_EQ(out, text);
  }
}

}  // namespace
}  // namespace veltrix
