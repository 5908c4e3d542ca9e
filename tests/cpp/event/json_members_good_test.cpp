// What each member of the envelope may be. The bad ones: json_members_test.cpp.

#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

EventFields read_good(const std::string& json, JsonReader& reader) {
  EventFields out;
  const auto read = reader.read(json, false, out);
  EXPECT_TRUE(read) << json << ": " << read.error().message;
  return out;
}

TEST(GoodEvents, LeaveOutWhatIsNull) {
  JsonReader reader;
  const EventFields out = read_good(
      event_json(R"(,"subject":null,"time":null,"priority":null,"ext":null,"data":null)"), reader);
  EXPECT_TRUE(out.subject.empty());
  EXPECT_FALSE(out.has_time);
  EXPECT_EQ(out.priority, kNoPriority);
  EXPECT_EQ(out.extension_count, 0U);
  EXPECT_EQ(out.data_kind, DataKind::kNone);
}

/// The reader expects each member where it stood the last time.
TEST(GoodEvents, HaveTheirMembersInAnyOrder) {
  JsonReader reader;
  const std::string given[] = {
      R"({"specversion":"1.0","id":"1","source":"/a","type":"t","subject":"s","data":1})",
      R"({"data":1,"subject":"s","type":"t","source":"/a","id":"1","specversion":"1.0"})",
      R"({"typ":"x","ids":"y","id":"1","source":"/a","type":"t","s\u0075bject":"s",)"
      R"("specversion":"1.0","data":1})",
      R"({"sequence":"7","source":"/a","id":"1","specversion":"1.0","type":"t","subject":"s",)"
      R"("datacontenttype":"c","data":1})",
  };
  for (int round = 0; round < 2; ++round) {
    for (const std::string& json : given) {
      const EventFields out = read_good(json, reader);
      EXPECT_EQ(out.id, "1") << json;
      EXPECT_EQ(out.source, "/a") << json;
      EXPECT_EQ(out.type, "t") << json;
      EXPECT_EQ(out.subject, "s") << json;
      EXPECT_EQ(out.data, "1") << json;
      EXPECT_EQ(out.extension_count, json.find("\"typ\"") != std::string::npos ? 2U : 0U) << json;
    }
  }
}

TEST(GoodEvents, CarryBytes) {
  JsonReader reader;
  EventFields out = read_good(event_json(R"(,"data_base64":"AP8=","data":null)"), reader);
  EXPECT_EQ(out.data_kind, DataKind::kBytes);
  EXPECT_EQ(out.data, std::string_view("\0\xFF", 2));
  out = read_good(event_json(R"(,"data_base64":"")"), reader);
  EXPECT_EQ(out.data_kind, DataKind::kBytes);
  EXPECT_EQ(out.data, "");
  out = read_good(event_json(R"(,"data_base64":"\u005ag==")"), reader);
  EXPECT_EQ(out.data, "f");
  out = read_good(event_json(R"(,"data_base64":"+\/+\/")"), reader);
  EXPECT_EQ(out.data, "\xFB\xFF\xBF");
}

TEST(GoodEvents, KeepAnyPayloadAsItCame) {
  JsonReader reader;
  for (const char* data :
       {"1", "-1.5e3", "true", "false", "\"\"", "\"text\"", "[]", "{}", "[ null ]",
        "{\"a\":1,\"a\":2}", "{\"specversion\":\"0.3\"}", "[{\"data\":[]},\"}\"]"}) {
    for (const char* tail : {"", ",\"subject\":\"s\""}) {
      const auto json = event_json(std::string(",\"data\": ") + data + " " + tail);
      const EventFields out = read_good(json, reader);
      EXPECT_EQ(out.data_kind, DataKind::kJson);
      EXPECT_EQ(out.data, data);
    }
  }
}

TEST(GoodEvents, KeepTextDataWhateverTheContentType) {
  JsonReader reader;
  const EventFields out =
      read_good(event_json(R"(,"datacontenttype":"text/plain","data":"line\n")"), reader);
  EXPECT_EQ(out.content_type, "text/plain");
  EXPECT_EQ(out.data_kind, DataKind::kJson);
  EXPECT_EQ(out.data, R"("line\n")");
}

TEST(GoodEvents, CarryExtensionsOfEachKind) {
  JsonReader reader;
  const EventFields out = read_good(
      event_json(R"(,"a":"","b":-0,"c":2147483647,"d":-2147483648,"e":true,"f":false,"0":"x")"),
      reader);
  const Extension expected[] = {
      {"a", "", ExtensionKind::kString},
      {"b", "0", ExtensionKind::kInteger},
      {"c", "2147483647", ExtensionKind::kInteger},
      {"d", "-2147483648", ExtensionKind::kInteger},
      {"e", "true", ExtensionKind::kBoolean},
      {"f", "false", ExtensionKind::kBoolean},
      {"0", "x", ExtensionKind::kString},
  };
  ASSERT_EQ(out.extension_count, std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(out.extensions[i].name, expected[i].name);
    EXPECT_EQ(out.extensions[i].value, expected[i].value);
    EXPECT_EQ(out.extensions[i].kind, expected[i].kind);
  }
}

TEST(GoodEvents, CarryTheSequenceAsTextOrInteger) {
  JsonReader reader;
  EventFields out = read_good(event_json(R"(,"sequence":"0007")"), reader);
  EXPECT_EQ(out.sequence, "0007");
  EXPECT_EQ(out.extension_count, 0U);
  out = read_good(event_json(R"(,"sequence":7)"), reader);
  EXPECT_EQ(out.sequence, "");
  ASSERT_EQ(out.extension_count, 1U);
  EXPECT_EQ(out.extensions[0].name, "sequence");
  EXPECT_EQ(out.extensions[0].kind, ExtensionKind::kInteger);
}

TEST(GoodEvents, NestUpToTheLimit) {
  JsonReader reader;
  const std::string deep = std::string(63, '[') + std::string(63, ']');
  EXPECT_EQ(read_good(event_json(",\"data\":" + deep), reader).data, deep);
  const std::string number(1'024, '7');
  EXPECT_EQ(read_good(event_json(",\"data\":" + number), reader).data, number);
}

TEST(GoodEvents, TakeNamesThatOnlyBeginLikeKnownOnes) {
  JsonReader reader;
  const EventFields out = read_good(
      event_json(R"(,"i":1,"idx":1,"sourc":1,"types":1,"dat":1,"data1":1,"priorityx":1,"r":1)"),
      reader);
  EXPECT_EQ(out.extension_count, 8U);
  EXPECT_EQ(out.extensions[5].name, "data1");
}

}  // namespace
}  // namespace veltrix
