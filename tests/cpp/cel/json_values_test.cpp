#include "veltrix/event/json_validator.hpp"

#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

struct Case {
  const char* json;
  const char* value;
};

constexpr Case kCases[] = {
    {"null", "null"},
    {" true ", "true"},
    {"false", "false"},
    {"0", "0"},
    {"-0", "0"},
    {"-12", "-12"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"9223372036854775808", "9223372036854775808u"},
    {"18446744073709551615", "18446744073709551615u"},
    {"18446744073709551616", "1.8446744073709552e+19"},
    {"-9223372036854775809", "-9.223372036854776e+18"},
    {"1.0", "1.0"},
    {"1e2", "100.0"},
    {"-1.5E-3", "-0.0015"},
    {"-0.0", "-0.0"},
    {"1e999", "inf"},
    {"1e-999", "0.0"},
    {"\"\"", "''"},
    {"\"abc\"", "'abc'"},
    {"\"a\\\"b\\\\\"", "'a\"b\\'"},
    {R"("\u00e9\ud83d\ude00\n\/")", "'é😀\\x0a/'"},
    {R"("\u0000")", "'\\x00'"},
    {"[]", "[]"},
    {"[ ]", "[]"},
    {"[1, [2.5, \"x\"], {}]", "[1, [2.5, 'x'], {}]"},
    {"[1,2,3,4,5,6,7,8,9,10]", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"},
    {"{}", "{}"},
    {"{\"a\": 1, \"b\": {\"c\": null}}", "{'a': 1, 'b': {'c': null}}"},
    {"{\"a\": 1, \"b\": 2, \"a\": 3}", "{'a': 3, 'b': 2}"},
    {R"({"a": 1, "\u0061": 2})", "{'a': 2}"},
    {"\t{\r\n\"a\" : [ 1 , 2 ] }\n", "{'a': [1, 2]}"},
};

TEST(JsonValues, AreReadByTheRulesOfNumbersAndNames) {
  for (const Case& row : kCases) {
    Workspace work;
    ASSERT_TRUE(validate_json(row.json)) << row.json;
    EXPECT_EQ(shown(from_json(row.json, work)), row.value) << row.json;
  }
}

TEST(JsonValues, TextsWithoutEscapesAreNotCopied) {
  Workspace work;
  const std::string_view json = R"(["plain", "esc\n"])";
  const Value list = from_json(json, work);
  const auto inside = [&](const char* at) {
    return std::less_equal<>()(json.data(), at) && std::less<>()(at, json.data() + json.size());
  };
  EXPECT_TRUE(inside(list.items[0].text));
  EXPECT_FALSE(inside(list.items[1].text));
}

TEST(JsonValues, OfManyEqualNamesTheLastCountsAtTheFirstPlace) {
  std::string json = "{";
  for (int i = 0; i < 100; ++i) {
    json += "\"n" + std::to_string(i % 40) + "\": " + std::to_string(i) + ",";
  }
  json.back() = '}';
  Workspace work;
  const Value map = from_json(json, work);
  ASSERT_EQ(map.size, 40U);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(map.entries[i].key.view(), "n" + std::to_string(i));
    EXPECT_EQ(map.entries[i].value.integer, i < 20 ? 80 + i : 40 + i);
  }
}

TEST(JsonValues, EndWithTheBudget) {
  std::string json = "[0";
  for (std::uint32_t i = 1; i < kMaxSteps; ++i) json += ",0";
  json += "]";
  Workspace work;
  EXPECT_EQ(from_json(json, work).reason, Reason::kTooMuchWork);
  work.reset();
  json.erase(1, 2);
  const Value list = from_json(json, work);
  EXPECT_EQ(list.size, kMaxSteps - 1);
}

TEST(JsonValues, EndWithTheArena) {
  Workspace work;
  const std::string json = "\"\\n" + std::string(kMaxArenaBytes, 'x') + "\"";
  EXPECT_EQ(from_json(json, work).reason, Reason::kTooMuchMemory);
}

TEST(JsonValues, AreAsDeepAsEventsMayBe) {
  Workspace work;
  const std::string deepest = std::string(64, '[') + std::string(64, ']');
  EXPECT_FALSE(from_json(deepest, work).is_error());
  EXPECT_TRUE(from_json("[" + deepest + "]", work).is_error());
}

TEST(JsonValues, OfBrokenTextAreAnErrorAndNothingElse) {
  for (const char* const json :
       {"", " ", "[", "[1", "[1,", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{1:1}", "\"", "\"\\",
        "tru", "nul", "-", "+", "x", "[1}", "{\"a\":1]"}) {
    Workspace work;
    const std::string exact(json);  // a heap block of its size: a byte too far is found
    EXPECT_TRUE(from_json(exact, work).is_error()) << json;
  }
}

}  // namespace
}  // namespace veltrix::cel
