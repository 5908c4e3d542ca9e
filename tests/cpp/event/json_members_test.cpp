// What no member of the envelope may be: tables of bad events. The good:
// json_members_good_test.cpp.

#include "veltrix/event/json_members.hpp"

#include <string>

#include <gtest/gtest.h>

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

struct BadEvent {
  std::string json;
  ErrorCode code;
  const char* says;  // a part of the message: the member's name, mostly
};

void expect_refused(const BadEvent& bad) {
  JsonReader reader;
  EventFields out;
  const auto block = exact_block(bad.json);
  const auto unpadded = reader.read({block.get(), bad.json.size()}, false, out);
  const std::string padded = bad.json + std::string(kJsonPadding, '"');
  const auto read = reader.read({padded.data(), bad.json.size()}, true, out);
  ASSERT_FALSE(read) << bad.json;
  EXPECT_EQ(error_name(read.error().code), error_name(bad.code))
      << bad.json << ": " << read.error().message;
  EXPECT_NE(read.error().message.find(bad.says), std::string::npos)
      << bad.json << ": " << read.error().message;
  ASSERT_FALSE(unpadded) << bad.json;
  EXPECT_EQ(unpadded.error().message, read.error().message) << "padding must not matter";
}

const std::string kStart = R"({"specversion":"1.0","id":"1","source":"/s","type":"t")";

TEST(BadEvents, AreNotJson) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidJson;
  const BadEvent kTable[] = {
      {"", kCode, "byte 0"},
      {" ", kCode, "byte 1"},
      {"\n", kCode, ""},
      {"{", kCode, ""},
      {"{\"", kCode, ""},
      {"{\"id", kCode, ""},
      {"{\"id\"", kCode, ""},
      {"{\"id\":", kCode, ""},
      {"{\"id\":\"", kCode, ""},
      {"{\"id\":\"1\"", kCode, ""},
      {"{\"id\":\"1\",", kCode, ""},
      {kStart, kCode, ""},
      {kStart + ",}", kCode, ""},
      {kStart + ",,\"a\":1}", kCode, ""},
      {kStart + ",\"a\"}", kCode, ""},
      {kStart + ",\"a\":}", kCode, ""},
      {kStart + ",\"a\" 1}", kCode, ""},
      {kStart + ",a:1}", kCode, ""},
      {kStart + ",'a':1}", kCode, ""},
      {kStart + ",1:1}", kCode, ""},
      {kStart + " \"a\":1}", kCode, ""},
      {kStart + "]", kCode, ""},
      {kStart + "}}", kCode, "byte 55"},
      {kStart + "} x", kCode, "byte 56"},
      {kStart + "}{}", kCode, "byte 55"},
      {kStart + "},", kCode, ""},
      {"[" + kStart + "}", kCode, ""},
      {"nul", kCode, ""},
      {"'text'", kCode, ""},
      {"\xEF\xBB\xBF" + kStart + "}", kCode, ""},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveValuesThatAreNotJson) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidJson;
  const BadEvent kTable[] = {
      {kStart + ",\"a\":tru}", kCode, "'a'"},
      {kStart + ",\"a\":truex}", kCode, "'a'"},
      {kStart + ",\"a\":nul}", kCode, "'a'"},
      {kStart + ",\"a\":01}", kCode, "'a'"},
      {kStart + ",\"a\":+1}", kCode, "'a'"},
      {kStart + ",\"a\":1.}", kCode, "'a'"},
      {kStart + ",\"a\":1\x01}", kCode, "'a'"},
      {kStart + ",\"a\":\"x\"y}", kCode, ""},
      {kStart + ",\"a\":1 2}", kCode, ""},
      {kStart + ",\"priority\":4x}", kCode, "'priority'"},
      {kStart + ",\"priority\":04}", kCode, "'priority'"},
      {kStart + ",\"subject\":nulll}", kCode, "'subject'"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveAColonBehindAValue) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidJson;
  const BadEvent kTable[] = {
      {kStart + R"(,"data":"a":1}})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"data":"a":1})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"data":null:1}})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"data":{}:1})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"subject":"a":1}})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"ext":"a":1}})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"priority":4:1}})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"data":"a"]})", kCode, "',' or '}' is missing at byte 6"},
      {kStart + R"(,"data":"a"{})", kCode, "',' or '}' is missing at byte 6"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveBadPayloads) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidJson;
  const auto with_data = [](std::string_view data) {
    return event_json(std::string(",\"data\":").append(data));
  };
  const BadEvent kTable[] = {
      {with_data(""), kCode, ""},
      {with_data("x"), kCode, "'data'"},
      {with_data("tru"), kCode, "'data'"},
      {with_data("truex"), kCode, "'data'"},
      {with_data("nulll"), kCode, "'data'"},
      {with_data("01"), kCode, "'data'"},
      {with_data("1x"), kCode, "'data'"},
      {with_data("1 2"), kCode, ""},
      {with_data("-"), kCode, "'data'"},
      {with_data("[1,]"), kCode, "'data'"},
      {with_data("[1}"), kCode, "'data'"},
      {with_data("[1]]"), kCode, ""},
      {with_data("{\"a\":1]"), kCode, "'data'"},
      {with_data("{\"a\"}"), kCode, "'data'"},
      {with_data("{\"a\":{}"), kCode, ""},
      {with_data("{a:1}"), kCode, "'data'"},
      {with_data("[1 2]"), kCode, "'data'"},
      {with_data("\"\\x\""), kCode, "'data'"},
      {with_data("\"\\u12g4\""), kCode, "'data'"},
      {with_data("\"\\ud800\""), kCode, "'data'"},
      {with_data("\"\\udc00\""), kCode, "'data'"},
      {with_data("\"\\ud800\\u0041\""), kCode, "'data'"},
      {with_data("{\"\\q\":1}"), kCode, "'data'"},
      {with_data("\"\n\""), kCode, ""},
      {with_data("[\"a\x01\"]"), kCode, ""},
      {with_data("1}{"), kCode, ""},
      {with_data("1},"), kCode, ""},
      {with_data(std::string(1'025, '7')), kCode, "1024"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveBadEscapes) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidJson;
  for (const char* text : {"\\x", "\\u12", "\\u00G0", "\\ud800", "\\udfff", "\\ud800\\ud800",
                           "\\ud800\\n", "a\\U0041", "\\'"}) {
    const std::string value = std::string(":\"") + text + "\"";
    expect_refused({event_json(",\"subject\"" + value), kCode, "'subject'"});
    expect_refused({event_json(",\"ext\"" + value), kCode, "'ext'"});
    expect_refused({event_json(",\"" + std::string(text) + "\":1"), kCode, "name"});
  }
  for (const char* text : {"\n", "\t", "\x1F", "\x01"}) {
    expect_refused({event_json(std::string(",\"subject\":\"a") + text + "\""), kCode, ""});
  }
}

TEST(BadEvents, AreNotUtf8) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidUtf8;
  for (const char* text : {"\x80", "\xC3", "\xE2\x82", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xFF"}) {
    const std::string value = std::string(":\"") + text + "\"";
    expect_refused({event_json(",\"subject\"" + value), kCode, "UTF-8"});
    expect_refused({event_json(",\"data\"" + value), kCode, "UTF-8"});
    expect_refused({event_json(",\"" + std::string(text) + "\":1"), kCode, "UTF-8"});
  }
}

TEST(BadEvents, AreNoObjects) {
  for (const char* json : {"null", "true", "1", "\"text\"", "[]", "[{}]"}) {
    expect_refused({json, ErrorCode::kInvalidEvent, "object"});
  }
}

TEST(BadEvents, LackARequiredMember) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  const BadEvent kTable[] = {
      {"{}", kCode, "'specversion'"},
      {R"({"id":"1","source":"/s","type":"t"})", kCode, "'specversion'"},
      {R"({"specversion":"1.0","source":"/s","type":"t"})", kCode, "'id'"},
      {R"({"specversion":"1.0","id":"1","type":"t"})", kCode, "'source'"},
      {R"({"specversion":"1.0","id":"1","source":"/s"})", kCode, "'type'"},
      {R"({"specversion":null,"id":"1","source":"/s","type":"t"})", kCode, "'specversion'"},
      {R"({"specversion":"1.0","id":null,"source":"/s","type":"t"})", kCode, "'id'"},
      {R"({"specversion":"1.0","id":"","source":"/s","type":"t"})", kCode, "'id'"},
      {R"({"specversion":"1.0","id":"1","source":"","type":"t"})", kCode, "'source'"},
      {R"({"specversion":"1.0","id":"1","source":"/s","type":""})", kCode, "'type'"},
      {R"({"specversion":"1.0","id":1,"source":"/s","type":"t"})", kCode, "'id'"},
      {R"({"specversion":"1.0","id":"1","source":{},"type":"t"})", kCode, "'source'"},
      {R"({"specversion":"1.0","id":"1","source":"/s","type":["t"]})", kCode, "'type'"},
      {R"({"specversion":"0.3","id":"1","source":"/s","type":"t"})", kCode, "'specversion'"},
      {R"({"specversion":1.0,"id":"1","source":"/s","type":"t"})", kCode, "'specversion'"},
      {R"({"specversion":"1.0.2","id":"1","source":"/s","type":"t"})", kCode, "'specversion'"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveMembersOfTheWrongType) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  for (const char* name :
       {"subject", "datacontenttype", "dataschema", "partitionkey", "traceparent", "correlationid",
        "causationid", "expirytime", "recordedtime", "time", "data_base64"}) {
    for (const char* value : {"1", "true", "{}", "[]", "1.5", "{\"a\":1}"}) {
      const std::string member = std::string(",\"") + name + "\":" + value;
      expect_refused({event_json(member), kCode, name});
    }
  }
  for (const char* name : {"subject", "datacontenttype", "dataschema", "partitionkey", "time",
                           "traceparent", "sequence", "recordedtime"}) {
    expect_refused({event_json(std::string(",\"") + name + "\":\"\""), kCode, name});
  }
}

TEST(BadEvents, HaveBadTimesAndPriorities) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  for (const char* time :
       {"yesterday", "2013-02-04", "2013-02-30T00:00:00Z", "2013-02-04T00:00:00"}) {
    expect_refused({event_json(std::string(",\"time\":\"") + time + "\""), kCode, "'time'"});
  }
  for (const char* priority :
       {"10", "-1", "-0", "4.0", "4e0", "\"4\"", "true", "[]", "99999999999"}) {
    const std::string member = std::string(",\"priority\":") + priority;
    expect_refused({event_json(member), kCode, "'priority' must be an integer from 0 to 9"});
  }
}

TEST(BadEvents, HaveBadExtensions) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  for (const char* name : {"", "Upper", "with_underscore", "with-dash", "with space", "\xC3\xA4",
                           "a23456789012345678901", "comExampleExt", "data_base65", "id ", "Id"}) {
    expect_refused({event_json(std::string(",\"") + name + "\":1"), kCode, "extension's name"});
    expect_refused({event_json(std::string(",\"") + name + "\":null"), kCode, "extension's name"});
  }
  for (const char* value : {"1.5", "1e3", "2147483648", "-2147483649", "99999999999999999999", "{}",
                            "[]", "{\"a\":1}", "[1]"}) {
    expect_refused({event_json(std::string(",\"ext\":") + value), kCode, "'ext'"});
    expect_refused({event_json(std::string(",\"sequence\":") + value), kCode, "'sequence'"});
  }
  expect_refused({event_json(",\"sequence\":true"), kCode, "'sequence'"});
}

TEST(BadEvents, HaveAMemberTwice) {
  constexpr ErrorCode kCode = ErrorCode::kDuplicateMember;
  const BadEvent kTable[] = {
      {event_json(R"(,"id":"2")"), kCode, "'id'"},
      {event_json(R"(,"i\u0064":"1")"), kCode, "'id'"},
      {event_json(R"(,"id":null)"), kCode, "'id'"},
      {event_json(R"(,"specversion":"1.0")"), kCode, "'specversion'"},
      {event_json(R"(,"data":1,"data":1)"), kCode, "'data'"},
      {event_json(R"(,"data":null,"data":1)"), kCode, "'data'"},
      {event_json(R"(,"subject":null,"subject":"s")"), kCode, "'subject'"},
      {event_json(R"(,"priority":1,"priority":1)"), kCode, "'priority'"},
      {event_json(R"(,"sequence":1,"sequence":"1")"), kCode, "'sequence'"},
      {event_json(R"(,"ext":1,"ext":1)"), kCode, "'ext'"},
      {event_json(R"(,"ext":null,"ext":1)"), kCode, "'ext'"},
      {event_json(R"(,"ext":1,"\u0065xt":null)"), kCode, "'ext'"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, HaveTwoPayloadsOrBadBase64) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  const BadEvent kTable[] = {
      {event_json(R"(,"data":1,"data_base64":"Zg==")"), kCode, "'data_base64'"},
      {event_json(R"(,"data_base64":"Zg==","data":1)"), kCode, "'data'"},
      {event_json(R"(,"data_base64":"Zg")"), kCode, "'data_base64'"},
      {event_json(R"(,"data_base64":"Z g=")"), kCode, "'data_base64'"},
      {event_json(R"(,"data_base64":"Zh==")"), kCode, "'data_base64'"},
      {event_json(R"(,"data_base64":"Zm9-")"), kCode, "'data_base64'"},
  };
  for (const BadEvent& bad : kTable) expect_refused(bad);
}

TEST(BadEvents, AreTooDeepOrTooLarge) {
  const auto nested = [](std::size_t depth) {
    return event_json(",\"data\":" + std::string(depth, '[') + std::string(depth, ']'));
  };
  expect_refused({nested(64), ErrorCode::kTooDeep, "'data'"});
  expect_refused({nested(500'000), ErrorCode::kTooDeep, "'data'"});
  const std::string text(kMaxEventBytes, 'x');
  expect_refused({event_json(",\"data\":\"" + text + "\""), ErrorCode::kEventTooLarge, "limit"});
  expect_refused({event_json(",\"data\":\"" + text + text + "\""), ErrorCode::kEventTooLarge, ""});
  const std::string long_subject(kMaxAttributeBytes, 'x');
  expect_refused({event_json(",\"subject\":\"" + long_subject + "\""), ErrorCode::kEventTooLarge,
                  "attributes"});
  expect_refused({std::string(kMaxEventJson + 1, ' '), ErrorCode::kEventTooLarge, "limit"});
}

TEST(BadEvents, HaveTooManyExtensions) {
  std::string more;
  for (std::size_t i = 0; i < kMaxExtensions; ++i) more += ",\"e" + std::to_string(i) + "\":1";
  JsonReader reader;
  EventFields out;
  EXPECT_TRUE(reader.read(event_json(more), false, out));
  EXPECT_EQ(out.extension_count, kMaxExtensions);
  constexpr ErrorCode kCode = ErrorCode::kInvalidEvent;
  expect_refused({event_json(more + ",\"last\":1"), kCode, "'last'"});
  expect_refused({event_json(more + ",\"last\":null"), kCode, "'last'"});
  expect_refused({event_json(more + ",\"sequence\":1"), kCode, "'sequence'"});
}

}  // namespace
}  // namespace veltrix
