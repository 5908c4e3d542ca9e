// What `event` is, read from fields, from a slot, from a line, and from given variables.

#include <gtest/gtest.h>

#include "cpp/cel/evaluation.hpp"
#include "cpp/match/slots.hpp"

namespace veltrix::cel {
namespace {

EventFields rich_event() {
  EventFields fields = event_with(R"({"n":1})");
  fields.subject = "order 7";
  fields.partition_key = "red";
  fields.trace_parent = "00-ab";
  fields.priority = 9;
  fields.has_time = true;
  fields.time = {1'359'975'600, 500'000'000, 60};
  fields.extensions[fields.extension_count++] = {"sequence", "12", ExtensionKind::kInteger};
  fields.extensions[fields.extension_count++] = {"vip", "true", ExtensionKind::kBoolean};
  fields.extensions[fields.extension_count++] = {"region", "eu", ExtensionKind::kString};
  return fields;
}

struct Case {
  std::string_view text;
  std::string_view value;
};

constexpr Case kRich[] = {
    {"event.specversion", "\"1.0\""},
    {"event.id", "\"7\""},
    {"event.source", "\"/shop\""},
    {"event.type", "\"order.paid\""},
    {"event.subject", "\"order 7\""},
    {"event.time", "\"2013-02-04T12:00:00.500+01:00\""},
    {"event.partitionkey", "\"red\""},
    {"event.traceparent", "\"00-ab\""},
    {"event.priority", "9"},
    {"event.sequence", "12"},
    {"event.vip", "true"},
    {"event.region", "\"eu\""},
    {"event.data", R"({"n":1})"},
    {"event.data.n", "1"},
    {"data", R"({"n":1})"},
    {"event.dataschema", "error: missing"},
    {"event.data_base64", "error: missing"},
    {"event.nothing", "error: missing"},
    {"event.nothing.more", "error: missing"},
    {"event.type.more", "error: no_overload"},
    {"has(event.subject)", "true"},
    {"has(event.dataschema)", "false"},
    {"has(event.nothing.more)", "error: missing"},
    {"has(event.data)", "true"},
    {"has(data.n)", "true"},
    {"has(data.m)", "false"},
    {"has(data.n.m)", "error: no_overload"},
    {"has(event.type.more)", "error: no_overload"},
    {"event['type']", "\"order.paid\""},
    {"event['no such']", "error: missing"},
    {"'type' in event", "true"},
    {"'data' in event", "true"},
    {"'dataschema' in event", "false"},
    {"event.exists(k, k == 'region')", "true"},
    {"event.filter(k, k == 'sequence').size()", "1"},
    {"size(event)", "13"},
    {"event[data.n == 1 ? 'region' : 'x']", "\"eu\""},
};

TEST(EventFields, AreMembersOfEvent) {
  const EventFields fields = rich_event();
  for (const Case& entry : kRich)
    EXPECT_EQ(on_event(entry.text, fields), entry.value) << entry.text;
}

TEST(EventFields, AreTheSameInASlot) {
  const OwnedSlot slot = make_slot(rich_event());
  for (const Case& entry : kRich) {
    const ExpressionSet set = set_of({std::string(entry.text)});
    Frame frame;
    frame.begin(set, EventView(*slot), "order.paid");
    EXPECT_EQ(result_of(set.evaluate(0, frame)), entry.value) << entry.text;
  }
}

TEST(EventFields, HaveNoDataButJson) {
  EventFields bytes = event_with("\x01\x02");
  bytes.data_kind = DataKind::kBytes;
  EXPECT_EQ(on_event("event.data_base64", bytes), "\"AQI=\"");
  EXPECT_EQ(on_event("has(event.data)", bytes), "false");
  EXPECT_EQ(on_event("data.n", bytes), "error: missing");
  EXPECT_EQ(on_event("'data_base64' in event && !('data' in event)", bytes), "true");
  EventFields none = event_with("");
  none.data_kind = DataKind::kNone;
  EXPECT_EQ(on_event("has(event.data)", none), "false");
  EXPECT_EQ(on_event("data", none), "error: missing");
  int object = 0;
  EventFields reference = event_with({reinterpret_cast<const char*>(&object), sizeof object});
  reference.data_kind = DataKind::kReference;
  EXPECT_EQ(on_event("has(event.data) || has(event.data_base64)", reference), "false");
  EXPECT_EQ(on_event("data.n", reference), "error: missing");
}

TEST(EventFields, HaveTheTextOfAUuid) {
  EventFields fields = event_with("1");
  fields.id = {};
  fields.uuid.bytes[0] = 0xAB;
  EXPECT_EQ(on_event("event.id", fields), "\"ab000000-0000-0000-0000-000000000000\"");
  const OwnedSlot slot = make_slot(fields);
  const ExpressionSet set = set_of({"event.id.startsWith('ab0')"});
  Frame frame;
  frame.begin(set, EventView(*slot), "order.paid");
  EXPECT_EQ(set.test(0, frame), Verdict::kTrue);
}

TEST(Line, IsTheValueOfItsVariable) {
  EXPECT_EQ(on_line("line.kind", R"({"kind":"a","data":{"x":1}})"), "\"a\"");
  EXPECT_EQ(on_line("line.data.x + 1", R"({"kind":"a","data":{"x":1}})"), "2");
  EXPECT_EQ(on_line("'sensor.' + line.kind", R"({"kind":"a"})"), "\"sensor.a\"");
  EXPECT_EQ(on_line("line", " [1, 2] "), "[1,2]");
  EXPECT_EQ(on_line("line[1]", "[1, 2]"), "2");
  EXPECT_EQ(on_line("line.x", "[1, 2]"), "error: no_overload");
  EXPECT_EQ(on_line("line.x", "{}"), "error: missing");
  EXPECT_EQ(on_line("line.type", R"({"type":"t"})"), "\"t\"");
}

TEST(Variables, AreGivenByTheCaller) {
  Declarations names;
  names.variables = {"a", "b"};
  names.data_is_event_data = false;
  const ExpressionSet set = set_of({"a.x + b", "a.x", "has(a.y)", "a.y", "b.x"}, names);
  Frame frame;
  for (int round = 0; round < 3; ++round) {
    Workspace& work = frame.workspace();
    const Value values[] = {from_json(R"({"x":20})", work), Value::of(std::int64_t{round})};
    frame.begin(set, values);
    EXPECT_EQ(result_of(set.evaluate(0, frame)), std::to_string(20 + round));
    EXPECT_EQ(result_of(set.evaluate(1, frame)), "20");
    EXPECT_EQ(result_of(set.evaluate(2, frame)), "false");
    EXPECT_EQ(result_of(set.evaluate(3, frame)), "error: missing");
    EXPECT_EQ(result_of(set.evaluate(4, frame)), "error: no_overload");
  }
}

}  // namespace
}  // namespace veltrix::cel
