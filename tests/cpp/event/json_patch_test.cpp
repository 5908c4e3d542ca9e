#include "veltrix/event/json_patch.hpp"

#include <gtest/gtest.h>

#include "veltrix/base/limits.hpp"

namespace veltrix {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> drop;
  std::vector<std::pair<std::string, std::string>> set;  // path, JSON
  std::string json;
  std::string expected;
};

Result<std::string> patched(const Case& given) {
  JsonPatch patch;
  std::vector<std::string> values;
  for (const std::string& path : given.drop) EXPECT_TRUE(patch.drop(path)) << path;
  for (const auto& [path, value] : given.set) {
    EXPECT_TRUE(patch.set(path)) << path;
    values.push_back(value);
  }
  std::string out;
  return patch.apply(given.json, values, out).map([&] { return out; });
}

const std::vector<Case> kGood = {
    {"nothing", {}, {}, R"({"a": 1.10 , "b":[ 1, 2]})", R"({"a":1.10,"b":[ 1, 2]})"},
    {"drops nothing of a text", {"a.b"}, {}, R"("x")", R"("x")"},
    {"drops nothing of a list", {"a"}, {}, R"([{"a": 1}])", R"([{"a": 1}])"},
    {"replaces in place", {}, {{"a", "2"}}, R"({"a":1,"b":3})", R"({"a":2,"b":3})"},
    {"adds at the end", {}, {{"c", "2"}}, R"({"a":1})", R"({"a":1,"c":2})"},
    {"adds to nothing", {}, {{"a", "2"}}, "", R"({"a":2})"},
    {"adds to an empty object", {}, {{"a", "2"}}, " { } ", R"({"a":2})"},
    {"replaces an object", {}, {{"a", "2"}}, R"({"a":{"b":[{}]}})", R"({"a":2})"},
    {"nested", {}, {{"a.b", "2"}}, R"({"a":{"b":1,"c":3}})", R"({"a":{"b":2,"c":3}})"},
    {"adds nested", {}, {{"a.d", "2"}}, R"({"a":{"b":1}})", R"({"a":{"b":1,"d":2}})"},
    {"makes objects", {}, {{"a.b.c", "2"}, {"a.d", "3"}}, "{}", R"({"a":{"b":{"c":2},"d":3}})"},
    {"drops the first", {"a"}, {}, R"({"a":1,"b":2})", R"({"b":2})"},
    {"drops the last", {"b"}, {}, R"({"a":1,"b":2})", R"({"a":1})"},
    {"drops all", {"b", "a"}, {}, R"({"a":1,"b":2})", "{}"},
    {"drops nested", {"a.b"}, {}, R"({"a":{"b":1,"c":2}})", R"({"a":{"c":2}})"},
    {"drops what is missing", {"c", "a.b", "d.e"}, {}, R"({"a":1})", R"({"a":1})"},
    {"drops, then sets", {"a"}, {{"a.b", "2"}}, R"({"a":{"c":1}})", R"({"a":{"b":2}})"},
    {"drops a scalar, then sets inside", {"a"}, {{"a.b", "2"}}, R"({"a":1})", R"({"a":{"b":2}})"},
    {"equal names", {"b"}, {{"a", "2"}}, R"({"a":1,"b":1,"a":3,"b":2})", R"({"a":2})"},
    {"escaped name", {"ä"}, {}, "{\"\\u00e4\":1,\"b\":2}", R"({"b":2})"},
    {"name to escape", {}, {{"\"", "1"}}, "{}", R"({"\"":1})"},
    {"big numbers",
     {"b"},
     {},
     R"({"a":12345678901234567890123,"b":1})",
     R"({"a":12345678901234567890123})"},
};

TEST(JsonPatch, ChangesWhatIsNamedAndNothingElse) {
  for (const Case& given : kGood) {
    const auto out = patched(given);
    ASSERT_TRUE(out) << given.name << ": " << out.error().message;
    EXPECT_EQ(*out, given.expected) << given.name;
  }
}

const std::vector<Case> kBad = {
    {"scalar on the way",
     {},
     {{"a.b", "1"}},
     R"({"a":5})",
     "data.a is a number, no object to set a member of"},
    {"null on the way",
     {},
     {{"a.b", "1"}},
     R"({"a":null})",
     "data.a is null, no object to set a member of"},
    {"list on the way",
     {},
     {{"a.b.c", "1"}},
     R"({"a":{"b":[]}})",
     "data.a.b is a list, no object to set a member of"},
    {"data is a text", {}, {{"a", "1"}}, R"("x")", "data is a text, no object to set a member of"},
};

TEST(JsonPatch, RefusesWhatHasNoMembers) {
  for (const Case& given : kBad) {
    const auto out = patched(given);
    ASSERT_FALSE(out) << given.name;
    EXPECT_EQ(out.error().message, given.expected) << given.name;
  }
}

TEST(JsonPatch, RefusesAResultThatIsNestedTooDeeply) {
  const std::string deep =
      std::string(kMaxJsonDepth - 1, '[') + std::string(kMaxJsonDepth - 1, ']');
  EXPECT_FALSE(patched({"", {}, {{"a.b", deep}}, "{}", ""}));
  EXPECT_TRUE(patched({"", {}, {{"a", deep.substr(2, deep.size() - 4)}}, "{}", ""}));
}

TEST(JsonPatch, EndsWhereTheTextIsBroken) {
  for (const char* json : {"{", "{1", R"({"a)", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":{)"}) {
    EXPECT_FALSE(patched({"", {}, {{"a.b", "1"}}, json, ""})) << json;
  }
}

TEST(JsonPatch, RefusesPaths) {
  for (const char* path : {"", ".", ".a", "a.", "a..b"}) {
    JsonPatch patch;
    EXPECT_FALSE(patch.drop(path)) << path;
    EXPECT_FALSE(patch.set(path)) << path;
  }
  std::string deep = "a";
  for (std::size_t i = 0; i < kMaxJsonDepth; ++i) deep += ".a";
  EXPECT_FALSE(JsonPatch().set(deep));
}

TEST(JsonPatch, SetsNothingTwice) {
  const std::pair<const char*, const char*> clashes[] = {{"a", "a"}, {"a.b", "a"}, {"a", "a.b"}};
  for (const auto& [first, second] : clashes) {
    JsonPatch patch;
    EXPECT_TRUE(patch.set(first));
    EXPECT_FALSE(patch.set(second)) << first << ", " << second;
  }
}

}  // namespace
}  // namespace veltrix
