// Records that are no CloudEvents: what becomes an event, what is left out, what is refused and
// why.

#include "veltrix/connect/jsonl/record_reader.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

const std::string kPath = "logs/app.jsonl";

/// "type id source time key subject priority", "filtered", or the message.
std::string outcome(const RecordOptions& options, const std::string& line) {
  const auto format = RecordFormat::compile(options, "app");
  if (!format) return "refused: " + format.error().message;
  RecordReader reader(*format);
  EventFields fields;
  const auto read = reader.read({line, &kPath, 40, false}, fields);
  if (!read) return std::string(error_name(read.error().code)) + ": " + read.error().message;
  if (!*read) return "filtered";
  std::string out = std::string(fields.type) + " " + std::string(fields.id) + " " +
                    std::string(fields.source) + " ";
  if (fields.has_time) append_timestamp(fields.time, out);
  out += " " + std::string(fields.partition_key) + " " + std::string(fields.subject);
  if (fields.priority != kNoPriority) out += " " + std::to_string(fields.priority);
  return out;
}

RecordOptions with(std::string EnvelopeOptions::*part, const std::string& text) {
  RecordOptions options;
  options.envelope.type = "line.kind";
  options.envelope.*part = text;
  return options;
}

struct Case {
  std::string EnvelopeOptions::*part;
  std::string expression;
  std::string line;
  std::string found;
};

using E = EnvelopeOptions;

TEST(RecordReader, MapsWhatAnEnvelopeSays) {
  const std::vector<Case> cases = {
      {&E::type, "'a.' + line.kind", R"({"kind":"k"})", "a.k logs/app.jsonl:40 app   "},
      {&E::type, "'fixed'", R"([1,2])", "fixed logs/app.jsonl:40 app   "},
      {&E::id, "line.n", R"({"kind":"k","n":7})", "k 7 app   "},
      {&E::id, "line.n", R"({"kind":"k","n":"seven"})", "k seven app   "},
      {&E::id, "has(line.n) ? line.n : null", R"({"kind":"k"})", "k logs/app.jsonl:40 app   "},
      {&E::source, "line.s", R"({"kind":"k","s":"/s"})", "k logs/app.jsonl:40 /s   "},
      {&E::key, "line.t", R"({"kind":"k","t":"\u00e9\n"})", "k logs/app.jsonl:40 app  \xC3\xA9\n "},
      {&E::key, "line.t", R"({"kind":"k","t":true})", "k logs/app.jsonl:40 app  true "},
      {&E::subject, "line.t", R"({"kind":"k","t":null})", "k logs/app.jsonl:40 app   "},
      {&E::priority, "line.p", R"({"kind":"k","p":9})", "k logs/app.jsonl:40 app    9"},
      {&E::time, "line.t", R"({"kind":"k","t":"2013-02-04T11:00:00+01:00"})",
       "k logs/app.jsonl:40 app 2013-02-04T11:00:00+01:00  "},
      {&E::time, "line.t", R"({"kind":"k","t":1359975600})",
       "k logs/app.jsonl:40 app 2013-02-04T11:00:00Z  "},
      {&E::time, "line.t", R"({"kind":"k","t":1359975600.25})",
       "k logs/app.jsonl:40 app 2013-02-04T11:00:00.250Z  "},
      {&E::time, "line.t", R"({"kind":"k","t":1359975600250})",
       "k logs/app.jsonl:40 app 2013-02-04T11:00:00.250Z  "},
      {&E::time, "line.t", R"({"kind":"k","t":-1.5})",
       "k logs/app.jsonl:40 app 1969-12-31T23:59:58.500Z  "},
      {&E::time, "timestamp(line.t)", R"({"kind":"k","t":"2013-02-04T11:00:00Z"})",
       "k logs/app.jsonl:40 app 2013-02-04T11:00:00Z  "},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(outcome(with(each.part, each.expression), each.line), each.found) << each.line;
  }
}

TEST(RecordReader, RefusesWhatAnEnvelopeCannotSay) {
  const std::vector<Case> cases = {
      {&E::type, "line.kind", R"({"n":1})", "envelope.type: line.kind: no member 'kind'"},
      {&E::type, "line.kind", R"({"kind":5})", "envelope.type: a type is a text, not '5' (int)"},
      {&E::type, "line.kind", R"({"kind":""})", "envelope.type: the type is empty"},
      {&E::type, "line.kind", R"({"kind":null})", "a type is a text, not 'null'"},
      {&E::type, "line.kind", R"("text")", "envelope.type: line.kind"},
      {&E::type, "line.kind", R"({"kind":)", "invalid_json"},
      {&E::type, "line.kind", "{\"kind\":\"\xFF\"}", "invalid_utf8"},
      {&E::id, "line.n", R"({"kind":"k"})", "envelope.id: line.n: no member 'n'"},
      {&E::id, "line.n", R"({"kind":"k","n":[1]})", "'[1]' (list) is neither a text nor a number"},
      {&E::key, "line.n", R"({"kind":"k","n":""})", "envelope.key: the text is empty"},
      {&E::key, "1 / line.n", R"({"kind":"k","n":0})",
       "envelope.key: 1 / line.n: division by zero"},
      {&E::time, "line.t", R"({"kind":"k","t":"yesterday"})", "envelope.time: 'yesterday' is not"},
      {&E::time, "line.t", R"({"kind":"k","t":1e300})", "not in the years 0001 to 9999"},
      {&E::time, "line.t", R"({"kind":"k","t":-1e12})", "not in the years 0001 to 9999"},
      {&E::time, "line.t", R"({"kind":"k","t":true})", "envelope.time: 'true' (bool): a time is"},
      {&E::priority, "line.p", R"({"kind":"k","p":10})", "no whole number from 0 to 9"},
      {&E::priority, "line.p", R"({"kind":"k","p":"high"})", "no whole number from 0 to 9"},
      {&E::type, "line.", R"({})", "refused: envelope.type: column 6"},
      {&E::time, "event.time", R"({})", "refused: envelope.time: column 1"},
  };
  for (const Case& each : cases) {
    const std::string found = outcome(with(each.part, each.expression), each.line);
    EXPECT_NE(found.find(each.found), std::string::npos) << found << "\n" << each.found;
  }
}

TEST(RecordReader, LeavesOutWhatWhereRefuses) {
  RecordOptions options = with(&E::type, "line.kind");
  options.where = "line.level > 2";
  EXPECT_EQ(outcome(options, R"({"kind":"k","level":3})"), "k logs/app.jsonl:40 app   ");
  EXPECT_EQ(outcome(options, R"({"kind":"k","level":2})"), "filtered");
  EXPECT_EQ(outcome(options, R"({"kind":"k"})"), "filtered");
  EXPECT_EQ(outcome(options, R"({"level":1})"), "filtered") << "before it is mapped";
  EXPECT_NE(
      outcome(options, R"({"kind":"k","level":"x"})").find("invalid_event: where: line.level"),
      std::string::npos);
  options.where = "line.level";
  EXPECT_EQ(outcome(options, R"({"kind":"k","level":3})"),
            "invalid_event: where: '3' (int) is neither true nor false");
}

TEST(RecordReader, FiltersCloudEventsToo) {
  RecordOptions options;
  options.where = "line.data.n > 1";
  const std::string head = R"({"specversion":"1.0","id":"i","source":"/s","type":"t","data":{"n":)";
  EXPECT_EQ(outcome(options, head + "2}}"), "t i /s   ");
  EXPECT_EQ(outcome(options, head + "1}}"), "filtered");
  EXPECT_NE(outcome(options, "{}").find("invalid_event"), std::string::npos);
}

RecordOptions text(const std::string& pattern, const std::string& type) {
  RecordOptions options;
  options.plain_text = true;
  options.pattern = pattern;
  options.envelope.type = type;
  return options;
}

TEST(RecordReader, ReadsLinesOfText) {
  const std::string pattern = R"((?P<level>[A-Z]+)( (?P<code>\d+))?: (?P<message>.*))";
  const auto options = text(pattern, "line.level + (has(line.code) ? line.code : '') + line.text");
  EXPECT_EQ(outcome(options, "WARN 12: \"hot\""),
            "WARN12WARN 12: \"hot\" logs/app.jsonl:40 app   ");
  EXPECT_EQ(outcome(options, "WARN: x"), "WARNWARN: x logs/app.jsonl:40 app   ");
  EXPECT_EQ(outcome(text("", "line.text"), "any\ttext"), "any\ttext logs/app.jsonl:40 app   ");
}

TEST(RecordReader, RefusesLinesOfText) {
  const auto words = text("(?P<word>[a-z]+)", "line.word");
  EXPECT_EQ(outcome(words, "two words"), "invalid_event: the pattern does not match the line");
  EXPECT_EQ(outcome(words, "\xC3"), "invalid_utf8: the line is not UTF-8");
  EXPECT_NE(outcome(words, std::string(65'537, 'a')).find("event_too_large"), std::string::npos);
  EXPECT_NE(outcome(text("(", "line.text"), "a").find("refused: `pattern`: not a"),
            std::string::npos);
  EXPECT_NE(outcome(text("(?P<text>a)", "line.text"), "a").find("whole line"), std::string::npos);
  EXPECT_NE(outcome(text("(?P<a>.)(?P<a>.)", "line.a"), "ab").find("two groups are called 'a'"),
            std::string::npos);
  EXPECT_NE(outcome(text(std::string(513, 'a'), "line.text"), "a").find("512"), std::string::npos);
  const auto long_one = text("a{999}b{999}c{999}d{999}e{999}", "line.text");
  EXPECT_NE(outcome(long_one, "a").find("repeats too much"), std::string::npos);
  EXPECT_NE(outcome(text("", ""), "a").find("need an `envelope`"), std::string::npos);
}

TEST(RecordReader, WritesLinesAsJson) {
  const auto format = RecordFormat::compile(text("(?P<a>.)(?P<b>x)?\"", "line.a"), "app");
  ASSERT_TRUE(format);
  RecordReader reader(*format);
  EventFields fields;
  ASSERT_TRUE(reader.read({"1\"", &kPath, 0, false}, fields));
  EXPECT_EQ(fields.data, R"({"text":"1\"","a":"1"})");
  EXPECT_EQ(fields.data_kind, DataKind::kJson);
}

}  // namespace
}  // namespace veltrix
