#include "veltrix/event/event_fields.hpp"

#include <string>

#include <gtest/gtest.h>

#include "veltrix/event/slab.hpp"

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

TEST(SlotBytes, CountHeaderAttributesPayloadAndPadding) {
  EventFields fields = required_fields();  // three entries: 3 × 3 + 1 + 2 + 1 = 13, aligned 16
  EXPECT_EQ(*slot_bytes(fields), sizeof(Slot) + 16);
  fields.type_id = 0;  // the type is interned: 9 bytes
  EXPECT_EQ(*slot_bytes(fields), sizeof(Slot) + 16);
  fields.data = "12345";
  fields.data_kind = DataKind::kBytes;
  EXPECT_EQ(*slot_bytes(fields), sizeof(Slot) + 16 + 5);
  fields.data_kind = DataKind::kJson;
  EXPECT_EQ(*slot_bytes(fields), sizeof(Slot) + 16 + 5 + kJsonPadding);
}

TEST(SlotBytes, RefuseTooLargeEvents) {
  EventFields fields = required_fields();
  const std::string most(kMaxEventBytes - 13, 'x');
  fields.data = most;
  EXPECT_TRUE(slot_bytes(fields));
  const std::string more(kMaxEventBytes - 12, 'x');
  fields.data = more;
  EXPECT_EQ(slot_bytes(fields).error().code, ErrorCode::kEventTooLarge);
  EXPECT_EQ(build_slot(nullptr, fields).error().code, ErrorCode::kEventTooLarge);
}

TEST(SlotBytes, RefuseTooManyAttributeBytes) {
  EventFields fields = required_fields();
  const std::string most(kMaxAttributeBytes - 13 - 3, 'x');
  fields.subject = most;
  EXPECT_TRUE(slot_bytes(fields));
  const std::string more(kMaxAttributeBytes - 13 - 2, 'x');
  fields.subject = more;
  EXPECT_EQ(build_slot(nullptr, fields).error().code, ErrorCode::kEventTooLarge);
}

TEST(BuildSlot, TakesTheSmallestClassThatFits) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  EventFields fields = required_fields();
  fields.data_kind = DataKind::kBytes;
  const std::size_t frame = *slot_bytes(fields);
  for (std::uint8_t size_class = 0; size_class < kSlabClasses; ++size_class) {
    const std::string fits(kSlotClassBytes[size_class] - frame, 'x');
    fields.data = fits;
    Slot* slot = *build_slot(cache, fields);
    EXPECT_EQ(slot->size_class, size_class);
    release(slot);
    const std::string over = fits + 'x';
    fields.data = over;
    slot = *build_slot(cache, fields);
    EXPECT_EQ(slot->size_class, size_class + 1);
    EXPECT_EQ(slot->data(), over);
    release(slot);
  }
}

TEST(BuildSlot, KeepsThePaddingOfJsonInsideTheSlot) {
  Slab slab;
  SlotCache* cache = slab.open_cache();
  EventFields fields = required_fields();
  fields.data_kind = DataKind::kJson;
  for (std::size_t size = 0; size < 2'000; ++size) {
    const std::string json(size, '1');
    fields.data = json;
    Slot* slot = *build_slot(cache, fields);
    const char* end = slot->data().data() + size + kJsonPadding;
    EXPECT_LE(end, reinterpret_cast<char*>(slot) + kSlotClassBytes[slot->size_class]);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slot->data().data()) % 8, 0U);
    release(slot);
  }
}

TEST(BuildSlot, UsesTheHeapWithoutACache) {
  const EventFields fields = required_fields();
  const SlotHolder slot = build_on_heap(fields);
  EXPECT_EQ(slot->size_class, kHeapClass);
  EXPECT_EQ(slot->type, kNoType);
  EXPECT_EQ(EventView(*slot).get(Attribute::kType), "t") << "the type travels in the slot";
}

TEST(BuildSlot, WritesTheHeader) {
  EventFields fields = required_fields();
  fields.type_id = 42;
  fields.given_id = true;
  fields.priority = 8;
  fields.has_time = true;
  fields.time = {-5, 6, 90};
  fields.data_kind = DataKind::kBytes;
  fields.data = "abc";
  const SlotHolder slot = build_on_heap(fields);
  EXPECT_EQ(slot->type, 42U);
  EXPECT_EQ(slot->priority, 8);
  EXPECT_NE(slot->flags & kGivenId, 0);
  EXPECT_EQ(slot->data_kind(), DataKind::kBytes);
  EXPECT_EQ(slot->data(), "abc");
  EXPECT_EQ(EventView(*slot).time(), fields.time);
  EXPECT_EQ(EventView(*slot).get(Attribute::kType), "") << "an interned type is not stored";
}

TEST(Validate, AcceptsTheLeastEvent) {
  EXPECT_TRUE(validate(required_fields()));
  EventFields fields = required_fields();
  fields.id = {};
  fields.uuid.bytes[0] = 1;
  fields.type = {};
  fields.type_id = 3;
  EXPECT_TRUE(validate(fields));
}

TEST(Validate, NamesWhatIsMissing) {
  const auto missing = [](std::string_view EventFields::*member) {
    EventFields fields = required_fields();
    fields.*member = {};
    return validate(fields).error();
  };
  EXPECT_NE(missing(&EventFields::id).message.find("'id'"), std::string::npos);
  EXPECT_NE(missing(&EventFields::source).message.find("'source'"), std::string::npos);
  EXPECT_NE(missing(&EventFields::type).message.find("'type'"), std::string::npos);
  EXPECT_EQ(missing(&EventFields::type).code, ErrorCode::kInvalidEvent);
}

TEST(Validate, NamesTheTextThatIsNotUtf8) {
  constexpr std::string_view EventFields::*kTexts[] = {
      &EventFields::id,           &EventFields::source,        &EventFields::type,
      &EventFields::subject,      &EventFields::partition_key, &EventFields::content_type,
      &EventFields::data_schema,  &EventFields::trace_parent,  &EventFields::correlation_id,
      &EventFields::causation_id, &EventFields::expiry_time,   &EventFields::sequence,
      &EventFields::recorded_time};
  for (const auto text : kTexts) {
    EventFields fields = required_fields();
    fields.*text = "\xFF";
    const auto checked = validate(fields);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidUtf8);
  }
}

TEST(Validate, RefusesIllegalExtensions) {
  for (const char* name :
       {"", "Upper", "under_score", "dash-ed", "a234567890123456789012", "\xC3\xA4"}) {
    EventFields fields = required_fields();
    fields.extension_count = 1;
    fields.extensions[0] = {name, "v", ExtensionKind::kString};
    EXPECT_EQ(validate(fields).error().code, ErrorCode::kInvalidEvent) << name;
  }
  EventFields fields = required_fields();
  fields.extension_count = 1;
  fields.extensions[0] = {"legal", "\xC0\xAF", ExtensionKind::kString};
  EXPECT_EQ(validate(fields).error().code, ErrorCode::kInvalidUtf8);
}

TEST(Clear, ForgetsEverything) {
  EventFields fields = required_fields();
  fields.subject = fields.recorded_time = fields.data = "x";
  fields.has_time = fields.given_id = true;
  fields.priority = fields.hops = 3;
  fields.type_id = 1;
  fields.extension_count = 2;
  fields.uuid.bytes[3] = 1;
  fields.clear();
  EXPECT_EQ(fields.type_id, kNoType);
  EXPECT_EQ(fields.priority, kNoPriority);
  EXPECT_EQ(fields.uuid, Uuid{});
  EXPECT_TRUE(fields.id.empty() && fields.source.empty() && fields.type.empty());
  EXPECT_TRUE(fields.subject.empty() && fields.recorded_time.empty() && fields.data.empty());
  EXPECT_FALSE(fields.has_time || fields.given_id);
  EXPECT_EQ(fields.extension_count + fields.hops, 0U);
}

}  // namespace
}  // namespace veltrix
