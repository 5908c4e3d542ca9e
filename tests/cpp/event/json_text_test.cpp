#include "veltrix/event/json_text.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

std::string unescaped(std::string_view raw) {
  TextArena arena;
  arena.start(raw.size());
  return std::string(arena.unescape(raw));
}

TEST(Unescape, KnowsEveryEscape) {
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(a\u0041b)"), "aAb");
  EXPECT_EQ(unescaped(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(unescaped(R"(\u00e4\u00E4)"), "\xC3\xA4\xC3\xA4");
  EXPECT_EQ(unescaped(R"(\u07ff\u0800\uffff)"), "\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  EXPECT_EQ(unescaped(R"(x\uD83D\uDE00y)"), "x\xF0\x9F\x98\x80y");
  EXPECT_EQ(unescaped(R"(\udbff\udfff)"), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(unescaped("no escapes at all"), "no escapes at all");
}

TEST(TextArena, KeepsEarlierTextsWhileItGrowsNoMore) {
  TextArena arena;
  for (int document = 1; document < 50; ++document) {
    const std::string raw = R"(\n)" + std::string(static_cast<std::size_t>(document), 'x');
    arena.start(2 * raw.size());
    const std::string_view first = arena.unescape(raw);
    const std::string_view second = arena.unescape(raw);
    EXPECT_EQ(first, second);
    EXPECT_EQ(first.front(), '\n');
  }
}

bool decodes(std::string_view text, std::string& out) {
  TextArena arena;
  arena.start(text.size());
  std::string_view bytes;
  if (!arena.decode_base64(text, bytes)) return false;
  out = bytes;
  return true;
}

TEST(DecodeBase64, ReadsRfc4648) {
  const std::pair<const char*, const char*> kTable[] = {
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYg==", "foob"},
      {"Zm9vYmE=", "fooba"},
      {"Zm9vYmFy", "foobar"},
      {"+/+/", "\xFB\xFF\xBF"},
  };
  for (const auto& [text, expected] : kTable) {
    std::string out;
    EXPECT_TRUE(decodes(text, out)) << text;
    EXPECT_EQ(out, expected);
  }
}

TEST(DecodeBase64, IsStrict) {
  for (const char* text :
       {"Z",      "Zg",       "Zg=",   "Zg===", "=",      "====", "Zm9v=",
        "Zm9vZg", "Zm 9",     "Zm9\n", "Zm9-",  "Zm9_",   "Zh==", "Zm9=",
        "Z===",   "Zg==Zg==", "Z=g=",  "=Zg=",  "Zm9v\n", "Zm9*", "\xC3\xA4\xC3\xA4"}) {
    std::string out;
    EXPECT_FALSE(decodes(text, out)) << text;
  }
}

RC_GTEST_PROP(Base64Property, ComesBackTheSame, (const std::string& bytes)) {
  std::string text(base64_size(bytes.size()), '\0');
  RC_ASSERT(write_base64(bytes, text.data()) == text.size());
  std::string back;
  RC_ASSERT(decodes(text, back));
  RC_ASSERT(back == bytes);
}

}  // namespace
}  // namespace veltrix
