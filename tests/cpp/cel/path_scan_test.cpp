// Members found in the payload's text are what they would be in the payload read as a whole.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "cpp/cel/evaluation.hpp"

namespace veltrix::cel {
namespace {

struct Case {
  std::string_view text;
  std::string data;
  std::string_view value;
};

std::string repeated(std::string_view part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

TEST(PathScan, TakesTheLastOfEqualNames) {
  const Case table[] = {
      {"data.a", R"({"a":1,"a":2})", "2"},
      {"data.a.b", R"({"a":{"b":1},"a":{"b":2}})", "2"},
      {"data.a.b", R"({"a":{"b":1},"a":{"c":2}})", "error: missing"},
      {"data.a.b", R"({"a":{"b":1},"a":2})", "error: no_overload"},
      {"data.a.b", R"({"a":2,"a":{"b":1}})", "1"},
      {"data.a.b", R"({"a":{"b":1,"b":3},"x":{"b":4}})", "3"},
      {"has(data.a.b)", R"({"a":{"b":1},"a":{}})", "false"},
      {"data.a.b.c", R"({"a":{"b":{"c":1}},"a":{"b":{}}})", "error: missing"},
      {"data.a", R"({"a":1,"\u0061":2})", "2"},
      {"data.a", R"({"\u0061":2,"a":1})", "1"},
  };
  for (const Case& entry : table) {
    EXPECT_EQ(on_data(entry.text, entry.data), entry.value) << entry.text << entry.data;
  }
}

TEST(PathScan, KnowsStringsAndNesting) {
  const Case table[] = {
      {"data.a", R"({"x":{"a":1},"y":[{"a":2}],"a":3,"z":{"a":4}})", "3"},
      {"data.a", R"({"x":"\"a\":5","a":3,"y":"{\"a\":6"})", "3"},
      {"data.a", R"({"x":"a","y":"\"","z":"\\","a":3})", "3"},
      {"data.a", R"({"x":"}{][:","a":3})", "3"},
      {"data.a", "{ \"a\"\t:\r\n 3 , \"b\" : 4 }", "3"},
      {"data.a.b", R"({"a": {"x":{"b":1}, "b" :2}})", "2"},
      {"data.a", R"([{"a":1}])", "error: no_overload"},
      {"data.a", R"("a")", "error: no_overload"},
      {"data.a", "12", "error: no_overload"},
      {"data.a.b", R"({"a":[{"b":1}]})", "error: no_overload"},
      {"data[':']", R"({"a":1,":":2})", "2"},
      {"data['a\\'b']", R"({"a'b":2})", "2"},
      {"data['a\"b']", R"({"a\"b":2})", "2"},
      {"data['']", R"({"":5})", "5"},
      {"data.averylongnameofamember", R"({"averylongnameofamembes":1,"averylongnameofamember":2})",
       "2"},
      {"data.longname", R"({"longnamf":1,"longname":2,"longnam":3,"longnamee":4})", "2"},
  };
  for (const Case& entry : table) {
    EXPECT_EQ(on_data(entry.text, entry.data), entry.value) << entry.text << entry.data;
  }
}

TEST(PathScan, CrossesBlocks) {
  // Names, escapes and strings at every place of a 64-byte block.
  for (int shift = 0; shift < 200; ++shift) {
    const std::string fill(static_cast<std::size_t>(shift), 'x');
    const std::string slashes = repeated("\\\\", shift % 7);
    EXPECT_EQ(on_data("data.amount", R"({"f":")" + fill + R"(","amount" : 7})"), "7") << shift;
    EXPECT_EQ(on_data("data.amount", R"({"f":")" + fill + R"(\"","amount":7,"g":{"amount":8}})"),
              "7");
    EXPECT_EQ(on_data("data.amount", R"({"f":")" + fill + slashes + R"(","amount":7})"), "7");
    EXPECT_EQ(on_data("data.a.b", R"({"f":")" + fill + R"(","a":{"c":"}","b":[1]}})"), "[1]");
    EXPECT_EQ(on_data("data.b", R"({"f":")" + fill + R"(","\u0062":7})"), "7");
  }
  const std::string large = R"({"f":[)" + repeated(R"({"b":1,"c":"x\"y"},)", 500) + R"(0],"b":2})";
  EXPECT_EQ(on_data("data.b", large), "2");
  EXPECT_EQ(on_data("size(data.f)", large), "501");
}

TEST(PathScan, ReadsValues) {
  const Case table[] = {
      {"data.a", R"({"a":"x\n\u00e9\ud83d\ude00"})", R"("x\né😀")"},
      {"data.a == 'é'", R"({"a":"\u00e9"})", "true"},
      {"data.a", R"({"a":null})", "null"},
      {"has(data.a)", R"({"a":null})", "true"},
      {"data.a", R"({"a":true,"b":false})", "true"},
      {"data.a", R"({"a":-0})", "0"},
      {"type(data.a) == int", R"({"a":9223372036854775807})", "true"},
      {"type(data.a) == uint", R"({"a":9223372036854775808})", "true"},
      {"type(data.a) == double", R"({"a":18446744073709551616})", "true"},
      {"type(data.a) == int", R"({"a":-9223372036854775808})", "true"},
      {"type(data.a) == double", R"({"a":1.0})", "true"},
      {"type(data.a) == double", R"({"a":1e2})", "true"},
      {"data.a == 100.0", R"({"a":1e2})", "true"},
      {"data.a == 0.1", R"({"a":0.1})", "true"},
      {"data.a == 123456789.012345", R"({"a":123456789.012345})", "true"},
      {"data.a == 1234567890.0123456", R"({"a":1234567890.0123456})", "true"},
      {"data.a == 0.00000000000000000001", R"({"a":0.00000000000000000001})", "true"},
      {"1.0 / data.a < 0.0", R"({"a":-0.0})", "true"},
      {"data.a == 1.5", R"({"a":150e-2})", "true"},
      {"data.a", R"({"a":12345678901234567})", "12345678901234567"},
      {"data.a.size()", R"({"a":[1,{"b":"]"},3]})", "3"},
      {"data.size()", R"({"a":1,"b":2})", "2"},
      {"data.a['b'].c[0]", R"({"a":{"b":{"c":[7]}}})", "7"},
      {"data.a.b == data['a'].b", R"({"a":{"b":{"c":[7]}}})", "true"},
  };
  for (const Case& entry : table) {
    EXPECT_EQ(on_data(entry.text, entry.data), entry.value) << entry.text << entry.data;
  }
}

TEST(PathScan, FindsManyMembersInOnePass) {
  std::vector<std::string> texts;
  std::string data = "{";
  for (int i = 0; i < 40; ++i) {
    const std::string name = "member_" + std::to_string(i);
    texts.push_back("data.group." + name + " == " + std::to_string(i));
    data += (i == 0 ? "\"group\":{\"" : ",\"") + name + "\":" + std::to_string(i);
  }
  data += "}}";
  const ExpressionSet set = set_of(texts);
  Frame frame;
  const EventFields fields = event_with(data);
  frame.begin(set, fields, fields.type);
  for (ExpressionId id = 0; id < texts.size(); ++id) {
    EXPECT_EQ(set.test(id, frame), Verdict::kTrue) << texts[id];
  }
}

TEST(PathScan, ForgetsTheEventBefore) {
  const ExpressionSet set = set_of({"data.a.b", "data.a", "has(data.a.b)", "event.subject"});
  Frame frame;
  EventFields first = event_with(R"({"a":{"b":1}})");
  first.subject = "s";
  frame.begin(set, first, first.type);
  EXPECT_EQ(result_of(set.evaluate(0, frame)), "1");
  EXPECT_EQ(result_of(set.evaluate(3, frame)), "\"s\"");
  const char* const texts[] = {R"({"a":{}})", "{}", "[]"};
  const char* const values[] = {"error: missing", "error: missing", "error: no_overload"};
  for (int i = 0; i < 3; ++i) {
    const EventFields next = event_with(texts[i]);
    frame.begin(set, next, next.type);
    EXPECT_EQ(result_of(set.evaluate(0, frame)), values[i]) << texts[i];
    EXPECT_EQ(result_of(set.evaluate(3, frame)), "error: missing");
  }
}

// ------------------------------------------------------------- against the payload as a whole

std::string random_name() {
  static const std::vector<std::string> names = {"a", "b",    "c",    "\\u0061", "long_member_name",
                                                 "",  "\\\"", "b\\\\"};
  return "\"" + *rc::gen::elementOf(names) + "\"";
}

std::string random_space() {
  static const std::vector<std::string> spaces = {"", "", "", " ", "\n\t", "                "};
  return *rc::gen::elementOf(spaces);
}

std::string random_json(int depth) {
  static const std::vector<std::string> scalars = {"1",
                                                   "-7",
                                                   "2.50",
                                                   "1e3",
                                                   "true",
                                                   "null",
                                                   "\"\"",
                                                   R"("a\":{\"b")",
                                                   R"("\\")",
                                                   R"("}],[{")",
                                                   "false",
                                                   R"("\u00e9x")",
                                                   "123456789012345678901",
                                                   "\"12345678901234567890\""};
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 5);
  if (kind < 2) return *rc::gen::elementOf(scalars);
  const int count = *rc::gen::inRange(0, 5);
  std::string out = kind == 2 ? "[" : "{";
  for (int i = 0; i < count; ++i) {
    if (i > 0) out += ",";
    out += random_space();
    if (kind != 2) out += random_name() + random_space() + ":" + random_space();
    out += random_json(depth - 1) + random_space();
  }
  return out + (kind == 2 ? "]" : "}");
}

TEST(PathScanProperty, AgreesWithThePayloadReadAsAWhole) {
  // `dyn(data)` hides the chain of names: it is read whole, and then selected from.
  const std::vector<std::string> names = {"a", "b", "c", "long_member_name"};
  std::vector<std::string> texts;
  for (const std::string& first : names) {
    texts.push_back("data." + first);
    texts.push_back("dyn(data)." + first);
    for (const std::string& second : names) {
      const std::string path = first + "." + second;
      for (const std::string& tail : {path, path + ".a"}) {
        texts.push_back("data." + tail);
        texts.push_back("dyn(data)." + tail);
        texts.push_back("has(data." + tail + ")");
        texts.push_back("has(dyn(data)." + tail + ")");
      }
    }
  }
  const ExpressionSet set = set_of(texts);
  Frame frame;
  JsonReader reader;
  rc::check("same value or same error", [&] {
    const std::string data = random_space() + random_json(4);
    // Through a reader, where it takes the payload: its tokens are walked then, not the text.
    const std::string json = event_around(data);
    EventFields fields = event_with(data);
    if (EventFields read; *rc::gen::arbitrary<bool>() && reader.read(json, false, read)) {
      fields = read;
    }
    frame.begin(set, fields, fields.type);
    for (ExpressionId id = 0; id < texts.size(); id += 2) {
      const std::string scanned = result_of(set.evaluate(id, frame));
      const std::string whole = result_of(set.evaluate(id + 1, frame));
      if (scanned != whole) RC_FAIL(texts[id] + " of " + data + ": " + scanned + ", not " + whole);
    }
  });
}

}  // namespace
}  // namespace veltrix::cel
