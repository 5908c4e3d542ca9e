#include "veltrix/event/json_validator.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/event/json_writer.hpp"

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

constexpr const char* kGood[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1.5",
    "-0.0",
    "1e5",
    "1E+5",
    "1e-5",
    "0.1e1",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[1,2,3]",
    " [ 1 , 2 ] ",
    "\t\r\n1\n",
    R"({"a":1})",
    R"({"a":{"b":[1,{"c":null}]}})",
    R"({"a":1,"a":2})",
    R"({"":0})",
    R"("\"\\\/\b\f\n\r\t\u0041")",
    R"("\u00e4")",
    R"("\uD83D\uDE00")",
    R"("\ud83d\ude00")",
    R"("\u0000")",
    "\"\x7F\"",
    "\"\xC3\xA4\"",
    "\"\xE2\x82\xAC\"",
    "\"\xF0\x9F\x98\x80\"",
    "\"\xF4\x8F\xBF\xBF\"",
    "\"\xEF\xBF\xBF\"",
    "{ \"a\" : [ ] , \"b\" : { } }",
};

TEST(ValidateJson, AcceptsEveryFormOfRfc8259) {
  for (const char* json : kGood) {
    const auto checked = validate_json(json);
    EXPECT_TRUE(checked) << json << ": " << checked.error().message;
  }
}

constexpr std::string_view kBad[] = {
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "NaN",
    "Infinity",
    "-",
    "+1",
    ".5",
    "1.",
    "1.e5",
    "1e",
    "1e+",
    "01",
    "-01",
    "00",
    "0x10",
    "1_000",
    "- 1",
    "\"",
    "\"a",
    "a",
    "'a'",
    "[",
    "]",
    "{",
    "}",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "[1]]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{1:1}",
    "{\"a\":1",
    "{\"a\":1]",
    "[1}",
    "{\"a\":1}}",
    "1 2",
    "1,2",
    "null null",
    "// 1",
    "/* */ 1",
    "[1] x",
    "\"a\" \"b\"",
    R"("\x41")",
    R"("\u12")",
    R"("\u12G4")",
    R"("\")",
    R"("\ud800")",
    R"("\ud800x")",
    R"("\ud800\n")",
    R"("\ud800\u0041")",
    R"("\udc00")",
    R"("\ud83d\ud83d")",
    R"("\U0041")",
    "\"\n\"",
    "\"\t\"",
    std::string_view("\"\0\"", 3),
    std::string_view("1\0", 2),
    "\"\x1F\"",
    "\x01",
    "\xEF\xBB\xBF"
    "1",
    "[1]\x0B",
    "\xC2\xA0"
    "1",
    "tru",
    "falsey",
    "[tru]",
    "{\"a\":nul}",
};

TEST(ValidateJson, RefusesEverythingElse) {
  for (const std::string_view json : kBad) {
    const auto block = exact_block(json);
    const auto checked = validate_json({block.get(), json.size()});
    ASSERT_FALSE(checked) << json;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidJson) << json;
    EXPECT_NE(checked.error().message.find("at byte "), std::string::npos) << json;
  }
}

struct BadUtf8 {
  std::string_view bytes;
  const char* what;
};

constexpr BadUtf8 kBadUtf8[] = {
    {"\x80", "a continuation alone"},
    {"\xC3", "a truncated pair"},
    {"\xC3x", "a pair without its second byte"},
    {"\xE2\x82", "a truncated triple"},
    {"\xF0\x9F\x98", "a truncated quadruple"},
    {"\xC0\xAF", "an overlong slash"},
    {"\xC1\xBF", "an overlong pair"},
    {"\xE0\x80\xAF", "an overlong triple"},
    {"\xF0\x80\x80\xAF", "an overlong quadruple"},
    {"\xED\xA0\x80", "a high surrogate"},
    {"\xED\xBF\xBF", "a low surrogate"},
    {"\xF4\x90\x80\x80", "beyond U+10FFFF"},
    {"\xF8\x88\x80\x80\x80", "five bytes"},
    {"\xFE", "no UTF-8 at all"},
    {"\xFF", "no UTF-8 at all"},
};

TEST(ValidateJson, RefusesBadUtf8WhereItStands) {
  for (const BadUtf8& bad : kBadUtf8) {
    for (const std::size_t before : {0, 1, 15, 16, 17, 63, 64, 65, 4'096, 5'000}) {
      std::string json = "\"" + std::string(before, 'x');
      json.append(bad.bytes).append("yyy\"");
      const auto checked = validate_json(json);
      ASSERT_FALSE(checked) << bad.what;
      EXPECT_EQ(checked.error().code, ErrorCode::kInvalidUtf8) << bad.what;
      const std::string place = "at byte " + std::to_string(before + 1);
      EXPECT_NE(checked.error().message.find(place), std::string::npos)
          << bad.what << ": " << checked.error().message << ", expected " << place;
    }
  }
}

TEST(IsUtf8, AgreesWithTheTable) {
  for (const BadUtf8& bad : kBadUtf8) {
    EXPECT_FALSE(is_utf8(bad.bytes)) << bad.what;
    EXPECT_FALSE(is_utf8("0123456789" + std::string(bad.bytes))) << bad.what;
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain ASCII of more than eight bytes"));
  EXPECT_TRUE(is_utf8("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ValidateJson, BoundsTheDepth) {
  EXPECT_TRUE(validate_json(nested(64)));
  EXPECT_EQ(validate_json(nested(65)).error().code, ErrorCode::kTooDeep);
  EXPECT_TRUE(validate_json(nested(63), 1));
  EXPECT_EQ(validate_json(nested(64), 1).error().code, ErrorCode::kTooDeep);
  EXPECT_EQ(validate_json(std::string(1'000'000, '[')).error().code, ErrorCode::kTooDeep);
  EXPECT_TRUE(validate_json("1", 64));
}

TEST(ValidateJson, BoundsTheLengthOfNumbers) {
  EXPECT_TRUE(validate_json(std::string(1'024, '7')));
  EXPECT_EQ(validate_json(std::string(1'025, '7')).error().code, ErrorCode::kInvalidJson);
  EXPECT_TRUE(validate_json("-1." + std::string(1'021, '7')));
  EXPECT_FALSE(validate_json("-1." + std::string(1'022, '7')));
}

TEST(ValidateJson, TakesLongStrings) {
  for (std::size_t size = 0; size < 200; ++size) {
    EXPECT_TRUE(validate_json("\"" + std::string(size, 'x') + "\"")) << size;
    EXPECT_FALSE(validate_json("\"" + std::string(size, 'x') + "\x05\"")) << size;
    EXPECT_FALSE(validate_json("\"" + std::string(size, 'x'))) << size;
    EXPECT_TRUE(validate_json("\"" + std::string(size, 'x') + "\\\\\"")) << size;
    EXPECT_FALSE(validate_json("\"" + std::string(size, 'x') + "\\\"")) << size;
  }
}

RC_GTEST_PROP(ValidateJsonProperty, AcceptsEveryStringThatTheWriterWrites, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  std::string json;
  append_json_string(bytes, json);
  RC_ASSERT(validate_json(json).has_value());
}

RC_GTEST_PROP(ValidateJsonProperty, RefusesEveryProperPrefixOfAContainer, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a\"\\\n{[ ")));
  std::string json = "[{\"k\":";
  append_json_string(text, json);
  json += "},12.5,true]";
  const auto size = *rc::gen::inRange<std::size_t>(0, json.size());
  RC_ASSERT(validate_json(json).has_value());
  RC_ASSERT(!validate_json(std::string_view(json).substr(0, size)).has_value());
}

}  // namespace
}  // namespace veltrix
