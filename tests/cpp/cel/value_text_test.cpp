#include "cpp/cel/literals.hpp"

namespace veltrix::cel {
namespace {

struct Case {
  const char* value;
  const char* text;
  const char* json;  // null: there is none
};

constexpr Case kCases[] = {
    {"null", "null", "null"},
    {"true", "true", "true"},
    {"-5", "-5", "-5"},
    {"18446744073709551615u", "18446744073709551615", "18446744073709551615"},
    {"1.5", "1.5", "1.5"},
    {"2.0", "2", "2.0"},
    {"1e6", "1e+06", "1e+06"},
    {"inf", "inf", nullptr},
    {"nan", "nan", nullptr},
    {"'a\"b'", "a\"b", R"("a\"b")"},
    {"'\\n'", "\n", "\"\\n\""},
    {"b'\\xff'", "\"/w==\"", "\"/w==\""},
    {"timestamp('2020-01-02T03:04:05Z')", "2020-01-02T03:04:05Z", "\"2020-01-02T03:04:05Z\""},
    {"duration('-1.5s')", "-1.500s", "\"-1.500s\""},
    {"[]", "[]", "[]"},
    {"[1, 'a', [2.0]]", R"([1,"a",[2.0]])", R"([1,"a",[2.0]])"},
    {"{'a': {'b': null}}", R"({"a":{"b":null}})", R"({"a":{"b":null}})"},
    {"{1: 2}", "map", nullptr},
    {"[nan]", "list", nullptr},
    {"type(1)", "int", nullptr},
    {"!overflow", "overflow", nullptr},
};

TEST(ValueText, ForPeopleAndAsJson) {
  for (const Case& row : kCases) {
    Literals literals;
    const Value value = literals.read(row.value);
    std::string text = ">";
    append_text(value, text);
    EXPECT_EQ(text, ">" + std::string(row.text)) << row.value;
    std::string json = ">";
    EXPECT_EQ(append_json(value, json), row.json != nullptr) << row.value;
    EXPECT_EQ(json, ">" + std::string(row.json == nullptr ? "" : row.json)) << row.value;
  }
}

TEST(ValueText, OfValuesNestedWithoutEndIsNone) {
  std::vector<Value> chain(1'000);
  for (std::size_t i = 1; i < chain.size(); ++i) chain[i] = Value::list({&chain[i - 1], 1});
  std::string out;
  EXPECT_FALSE(append_json(chain.back(), out));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace veltrix::cel
