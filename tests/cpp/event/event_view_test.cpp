#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/event/event_fields.hpp"

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

EventFields full_fields() {
  EventFields fields = required_fields();
  fields.subject = "subject";
  fields.partition_key = "N14704";
  fields.content_type = "application/json";
  fields.data_schema = "#schema";
  fields.trace_parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  fields.correlation_id = "c";
  fields.causation_id = "ca";
  fields.expiry_time = "2030-01-01T00:00:00Z";
  fields.sequence = "0000001";
  fields.recorded_time = "2013-02-04T10:29:31.012Z";
  fields.hops = 3;
  fields.extension_count = 3;
  fields.extensions[0] = {"text", "value", ExtensionKind::kString};
  fields.extensions[1] = {"number", "-12", ExtensionKind::kInteger};
  fields.extensions[2] = {"flag", "true", ExtensionKind::kBoolean};
  return fields;
}

TEST(EventView, FindsEveryKnownAttribute) {
  const EventFields fields = full_fields();
  const SlotHolder slot = build_on_heap(fields);
  const EventView view(*slot);
  EXPECT_EQ(view.get(Attribute::kId), "1");
  EXPECT_EQ(view.get(Attribute::kSource), "/s");
  EXPECT_EQ(view.get(Attribute::kType), "t");
  EXPECT_EQ(view.get(Attribute::kSubject), fields.subject);
  EXPECT_EQ(view.get(Attribute::kPartitionKey), fields.partition_key);
  EXPECT_EQ(view.get(Attribute::kContentType), fields.content_type);
  EXPECT_EQ(view.get(Attribute::kDataSchema), fields.data_schema);
  EXPECT_EQ(view.get(Attribute::kTraceParent), fields.trace_parent);
  EXPECT_EQ(view.get(Attribute::kCorrelationId), fields.correlation_id);
  EXPECT_EQ(view.get(Attribute::kCausationId), fields.causation_id);
  EXPECT_EQ(view.get(Attribute::kExpiryTime), fields.expiry_time);
  EXPECT_EQ(view.get(Attribute::kSequence), fields.sequence);
  EXPECT_EQ(view.get(Attribute::kRecordedTime), fields.recorded_time);
  EXPECT_EQ(view.hops(), 3);
}

TEST(EventView, AnswersWithNothingForWhatIsAbsent) {
  const SlotHolder slot = build_on_heap(required_fields());
  const EventView view(*slot);
  EXPECT_EQ(view.get(Attribute::kSubject), "");
  EXPECT_EQ(view.get(Attribute::kRecordedTime), "");
  EXPECT_EQ(view.hops(), 0);
  Extension extension;
  EXPECT_FALSE(view.extension(0, extension));
  EXPECT_EQ(view.slot().data_kind(), DataKind::kNone);
}

TEST(EventView, ShowsTheIdAsGivenOrTheUuid) {
  std::array<char, kUuidTextSize> scratch{};
  EventFields fields = required_fields();
  const SlotHolder given = build_on_heap(fields);
  EXPECT_EQ(EventView(*given).id(scratch), "1");
  EXPECT_FALSE(EventView(*given).has_uuid());
  fields.id = {};
  fields.uuid.bytes.fill(0xAB);
  const SlotHolder made = build_on_heap(fields);
  EXPECT_EQ(EventView(*made).id(scratch), "abababab-abab-abab-abab-abababababab");
  EXPECT_TRUE(EventView(*made).has_uuid());
  EXPECT_EQ(EventView(*made).get(Attribute::kId), "");
}

TEST(EventView, ListsExtensionsInOrderOfArrival) {
  const SlotHolder slot = build_on_heap(full_fields());
  Extension out;
  ASSERT_TRUE(EventView(*slot).extension(1, out));
  EXPECT_EQ(out.name, "number");
  EXPECT_EQ(out.value, "-12");
  EXPECT_EQ(out.kind, ExtensionKind::kInteger);
  ASSERT_TRUE(EventView(*slot).extension(2, out));
  EXPECT_EQ(out.kind, ExtensionKind::kBoolean);
  EXPECT_FALSE(EventView(*slot).extension(3, out));
}

TEST(EventView, GivesAllFieldsBack) {
  EventFields fields = full_fields();
  fields.has_time = fields.given_id = true;
  fields.time = {5, 6, -7};
  fields.priority = 9;
  fields.data_kind = DataKind::kJson;
  fields.data = "[1,2]";
  const SlotHolder slot = build_on_heap(fields);
  EventFields back;
  EventView(*slot).fields("", back);
  EXPECT_EQ(back.type, "t");
  EXPECT_EQ(back.time, fields.time);
  EXPECT_TRUE(back.has_time && back.given_id);
  EXPECT_EQ(back.priority, 9);
  EXPECT_EQ(back.data, "[1,2]");
  EXPECT_EQ(back.hops, 3);
  ASSERT_EQ(back.extension_count, 3U);
  EXPECT_EQ(back.extensions[0].value, "value");
  EXPECT_EQ(*slot_bytes(back), *slot_bytes(fields));
}

TEST(EventView, TakesTheTypeTextFromTheCallerWhenInterned) {
  EventFields fields = required_fields();
  fields.type_id = 5;
  const SlotHolder slot = build_on_heap(fields);
  EventFields back;
  EventView(*slot).fields("flight.departed", back);
  EXPECT_EQ(back.type, "flight.departed");
  EXPECT_EQ(back.type_id, 5U);
}

RC_GTEST_PROP(EventViewProperty, GivesBackTextsOfAnyLength, ()) {
  const auto size = rc::gen::inRange<std::size_t>(0, 70);
  const auto text = [&] { return std::string(*size, *rc::gen::arbitrary<char>()); };
  const std::string subject = text(), key = text(), recorded = text(), data = text(),
                    value = text();
  EventFields fields = required_fields();
  fields.subject = subject;
  fields.partition_key = key;
  fields.recorded_time = recorded;
  fields.data = data;
  fields.extension_count = 1;
  fields.extensions[0] = {"x", value, ExtensionKind::kString};
  const SlotHolder slot = build_on_heap(fields);
  const EventView view(*slot);
  Extension extension;
  RC_ASSERT(view.get(Attribute::kSubject) == subject);
  RC_ASSERT(view.get(Attribute::kPartitionKey) == key);
  RC_ASSERT(view.get(Attribute::kRecordedTime) == recorded);
  RC_ASSERT(view.extension(0, extension));
  RC_ASSERT(extension.value == value);
  RC_ASSERT(slot->data() == data);
}

}  // namespace
}  // namespace veltrix
