#include "veltrix/event/json_writer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/event/json_validator.hpp"

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

std::string written(const EventFields& fields, std::string_view type_text = "") {
  const SlotHolder slot = build_on_heap(fields);
  std::string out = "before ";
  append_event_json(EventView(*slot), type_text, out);
  EXPECT_EQ(out.substr(0, 7), "before ");
  return out.substr(7);
}

TEST(AppendEventJson, WritesTheLeastEvent) {
  EXPECT_EQ(written(required_fields()),
            R"({"specversion":"1.0","id":"1","source":"/s","type":"t"})");
}

TEST(AppendEventJson, WritesAllMembersInTheirOrder) {
  EventFields fields = required_fields();
  fields.subject = "UA1497";
  fields.has_time = true;
  fields.time = *parse_timestamp("2013-02-04T10:28:00.5+01:00");
  fields.content_type = "application/json";
  fields.data_schema = "#s";
  fields.priority = 7;
  fields.partition_key = "N14704";
  fields.trace_parent = "tp";
  fields.correlation_id = "co";
  fields.causation_id = "ca";
  fields.expiry_time = "2030-01-01T00:00:00Z";
  fields.sequence = "01";
  fields.recorded_time = "2013-02-04T10:29:31.012Z";
  fields.hops = 4;
  fields.extension_count = 3;
  fields.extensions[0] = {"a", "x\"y", ExtensionKind::kString};
  fields.extensions[1] = {"b", "-5", ExtensionKind::kInteger};
  fields.extensions[2] = {"c", "false", ExtensionKind::kBoolean};
  fields.data_kind = DataKind::kJson;
  fields.data = R"({ "as": "it came" })";
  EXPECT_EQ(written(fields),
            R"({"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"UA1497",)"
            R"("time":"2013-02-04T10:28:00.500+01:00","datacontenttype":"application/json",)"
            R"("dataschema":"#s","priority":7,"partitionkey":"N14704","traceparent":"tp",)"
            R"("correlationid":"co","causationid":"ca","expirytime":"2030-01-01T00:00:00Z",)"
            R"("sequence":"01","recordedtime":"2013-02-04T10:29:31.012Z","a":"x\"y","b":-5,)"
            R"("c":false,"data":{ "as": "it came" }})");
}

TEST(AppendEventJson, WritesAUuidAsText) {
  EventFields fields = required_fields();
  fields.id = {};
  fields.uuid.bytes.fill(0x12);
  EXPECT_NE(written(fields).find(R"("id":"12121212-1212-1212-1212-121212121212")"),
            std::string::npos);
}

TEST(AppendEventJson, TakesTheTypeOfTheSlotOrElseTheCallers) {
  EventFields fields = required_fields();
  EXPECT_NE(written(fields, "other").find(R"("type":"t")"), std::string::npos);
  fields.type_id = 1;
  EXPECT_NE(written(fields, "a\"b").find(R"("type":"a\"b")"), std::string::npos);
}

TEST(AppendEventJson, WritesBytesAsBase64) {
  EventFields fields = required_fields();
  fields.data_kind = DataKind::kBytes;
  EXPECT_NE(written(fields).find(R"("data_base64":"")"), std::string::npos);
  fields.data = std::string_view("\0\xFF", 2);
  EXPECT_NE(written(fields).find(R"("data_base64":"AP8=")"), std::string::npos);
}

TEST(AppendEventJson, IsOneLineHoweverItsDataCame) {
  EventFields fields = required_fields();
  fields.data = "{\r\n  \"a\\n\": [1,\n2]}\n";
  fields.data_kind = DataKind::kJson;
  EXPECT_EQ(written(fields), R"({"specversion":"1.0","id":"1","source":"/s","type":"t",)"
                             R"("data":{    "a\n": [1, 2]} })");
}

TEST(AppendEventJson, HasRoomForTheWorstEscapes) {
  const std::string controls(9'000, '\x01');
  EventFields fields = required_fields();
  fields.subject = fields.id = fields.source = fields.recorded_time = controls;
  fields.extension_count = kMaxExtensions;
  for (std::size_t i = 0; i < kMaxExtensions; ++i) {
    fields.extensions[i] = {"e", "\x01", ExtensionKind::kString};
  }
  const std::string json = written(fields);
  EXPECT_TRUE(validate_json(json));
  EXPECT_GT(json.size(), 4 * 6 * controls.size());
}

RC_GTEST_PROP(JsonStringProperty, ComesBackTheSameThroughTheReader, ()) {
  // Any text of one to three letters per byte, the specials often.
  const auto letter = rc::gen::oneOf(
      rc::gen::elementOf(std::vector<std::string>{"\"", "\\", "/", "\n", "\x01", "\x1F", "u0041",
                                                  "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}),
      rc::gen::map(rc::gen::inRange<char>(1, 127), [](char c) { return std::string(1, c); }));
  std::string text = "x";  // an attribute is never empty
  const auto pieces = *rc::gen::container<std::vector<std::string>>(letter);
  for (const std::string& piece : pieces) text += piece;
  EventFields fields = required_fields();
  fields.subject = text;
  fields.extension_count = 1;
  fields.extensions[0] = {"ext", text, ExtensionKind::kString};
  const std::string json = written(fields);
  JsonReader reader;
  EventFields back;
  RC_ASSERT(reader.read(json, false, back).has_value());
  RC_ASSERT(back.subject == text);
  RC_ASSERT(back.extensions[0].value == text);
}

}  // namespace
}  // namespace veltrix
