#include "veltrix/match/type_pattern.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

std::string times(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(TypePattern, ParsesWhenThePatternIsGood) {
  const std::string good[] = {"a",
                              "flight.departed",
                              "*",
                              "**",
                              "a.*",
                              "*.a",
                              "a.**",
                              "**.a",
                              "a.**.b",
                              "a.*.**.*.b",
                              "**.**",
                              "com.github.pull_request.opened",
                              "A-b_c:1/2",
                              "\xC3\xA9v\xC3\xA9nement.re\xC3\xA7u",
                              times("**.", 8) + "a",
                              std::string(kMaxPatternBytes, 'x')};
  for (const std::string& text : good) {
    const auto pattern = parse_type_pattern(text);
    ASSERT_TRUE(pattern) << text << ": " << pattern.error().message;
    EXPECT_EQ(pattern->text, text);
  }
}

TEST(TypePattern, TellsLiteralAndWildcardsApart) {
  const auto pattern = parse_type_pattern("a.*.**");
  ASSERT_TRUE(pattern);
  const std::vector<PatternPart> expected = {
      {PartKind::kLiteral, "a"}, {PartKind::kOne, ""}, {PartKind::kDeep, ""}};
  EXPECT_EQ(pattern->parts, expected);
}

struct BadPattern {
  std::string text;
  std::string says;  // the place and the cure
};

TEST(TypePattern, RefusesWithPlaceAndCureWhenThePatternIsBad) {
  const BadPattern bad[] = {
      {"", "it is empty"},
      {".", "position 1: an empty part"},
      {"..", "position 1: an empty part"},
      {".a", "position 1: an empty part"},
      {"a.", "position 3: an empty part"},
      {"a..b", "position 3: an empty part"},
      {"*.", "position 3: an empty part"},
      {"a*", "position 2: * stands for a whole part"},
      {"*a", "position 1: * stands for a whole part"},
      {"a*b", "position 2: * stands for a whole part"},
      {"flight.dep*", "position 11: * stands for a whole part"},
      {"***", "position 1: * stands for a whole part"},
      {"a.***.b", "position 3: * stands for a whole part"},
      {"a.**b", "position 3: * stands for a whole part"},
      {" a", "position 1: white space"},
      {"a b", "position 2: white space"},
      {"a.b ", "position 4: white space"},
      {"a\tb", "position 2: white space"},
      {"a\n", "position 2: white space"},
      {std::string("a\0b", 3), "position 2: white space or a control character"},
      {"a\x7F", "position 2: white space or a control character"},
      {"a\xFF", "not UTF-8"},
      {"\xC3", "not UTF-8"},
      {times("**.", 9) + "a", "position 25: more than 8 times **"},
      {std::string(kMaxPatternBytes + 1, 'x'), "at most 512"},
  };
  for (const BadPattern& entry : bad) {
    const auto pattern = parse_type_pattern(entry.text);
    ASSERT_FALSE(pattern) << entry.text;
    EXPECT_EQ(pattern.error().code, ErrorCode::kInvalidPattern) << entry.text;
    EXPECT_NE(pattern.error().message.find(entry.says), std::string::npos)
        << pattern.error().message;
  }
}

TEST(TypePattern, ShowsNoControlCharactersWhenItRefuses) {
  const auto pattern = parse_type_pattern("a\x1B[31m\nb");
  ASSERT_FALSE(pattern);
  for (const char c : pattern.error().message) EXPECT_GE(c, ' ');
}

struct Pair {
  std::string pattern;
  std::string type;
  bool taken;
};

TEST(TypePattern, TakesWhatTheManualSays) {
  const Pair pairs[] = {
      {"a", "a", true},          {"a", "b", false},          {"a", "a.b", false},
      {"a", "", false},          {"a", "A", false},          {"a.b", "a.b", true},
      {"a.b", "a", false},       {"*", "a", true},           {"*", "a.b", false},
      {"*", "", true},           {"*.*", "a", false},        {"a.*", "a", false},
      {"a.*", "a.b", true},      {"a.*", "a.b.c", false},    {"a.*", "a.", true},
      {"*.b", "a.b", true},      {"**", "", true},           {"**", "a", true},
      {"**", "a.b.c", true},     {"a.**", "a", true},        {"a.**", "a.b.c", true},
      {"a.**", "ab", false},     {"**.c", "c", true},        {"**.c", "a.b.c", true},
      {"**.c", "a.c.b", false},  {"a.**.c", "a.c", true},    {"a.**.c", "a.b.b.c", true},
      {"a.**.c", "a.b", false},  {"a.**.c", "a", false},     {"**.b.**", "a.b.c", true},
      {"**.b.**", "b", true},    {"**.b.**", "a.c", false},  {"*.**", "a", true},
      {"*.**.*", "a", false},    {"*.**.*", "a.b", true},    {"**.**", "", true},
      {"**.a.**.a", "a", false}, {"**.a.**.a", "a.a", true}, {"a.*.c", "a..c", true},
  };
  for (const Pair& pair : pairs) {
    const auto pattern = parse_type_pattern(pair.pattern);
    ASSERT_TRUE(pattern) << pair.pattern;
    EXPECT_EQ(matches(*pattern, pair.type), pair.taken) << pair.pattern << " and " << pair.type;
  }
}

}  // namespace
}  // namespace veltrix
