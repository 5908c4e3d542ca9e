#include "veltrix/event/json_reader.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "veltrix/event/json_validator.hpp"
#include "veltrix/event/json_writer.hpp"

#include "cpp/event/sample_events.hpp"

namespace veltrix {
namespace {

constexpr std::string_view kFlight =
    R"({"specversion":"1.0","id":"UA1497-20130204-EWR-D","source":"/airports/EWR",)"
    R"("type":"flight.departed","subject":"UA1497","time":"2013-02-04T10:28:00Z",)"
    R"("datacontenttype":"application/json","priority":4,"partitionkey":"N14704",)"
    R"("recordedtime":"2013-02-04T10:29:31.012Z","data":{"carrier":"UA","flight":1497}})";

TEST(JsonReader, ReadsAFlight) {
  JsonReader reader;
  EventFields out;
  ASSERT_TRUE(reader.read(kFlight, false, out));
  EXPECT_EQ(out.id, "UA1497-20130204-EWR-D");
  EXPECT_TRUE(out.given_id);
  EXPECT_EQ(out.source, "/airports/EWR");
  EXPECT_EQ(out.type, "flight.departed");
  EXPECT_EQ(out.type_id, kNoType);
  EXPECT_EQ(out.subject, "UA1497");
  EXPECT_TRUE(out.has_time);
  EXPECT_EQ(out.time, (Timestamp{1359973680, 0, 0}));
  EXPECT_EQ(out.content_type, "application/json");
  EXPECT_EQ(out.priority, 4);
  EXPECT_EQ(out.partition_key, "N14704");
  EXPECT_EQ(out.recorded_time, "2013-02-04T10:29:31.012Z");
  EXPECT_EQ(out.data_kind, DataKind::kJson);
  EXPECT_EQ(out.data, R"({"carrier":"UA","flight":1497})");
  EXPECT_EQ(out.extension_count, 0U);
}

TEST(JsonReader, PointsIntoPaddedInputWithoutCopying) {
  const std::string padded = std::string(kFlight) + std::string(kJsonPadding, '"');
  JsonReader reader;
  EventFields out;
  ASSERT_TRUE(reader.read({padded.data(), kFlight.size()}, true, out));
  const char* const end = padded.data() + kFlight.size();
  for (const std::string_view view : {out.id, out.source, out.type, out.subject, out.data}) {
    EXPECT_TRUE(view.data() > padded.data() && view.data() < end);
  }
}

TEST(JsonReader, CopiesUnpaddedInput) {
  const auto block = exact_block(kFlight);  // the last byte is the last readable one
  JsonReader reader;
  EventFields out;
  ASSERT_TRUE(reader.read({block.get(), kFlight.size()}, false, out));
  EXPECT_EQ(out.subject, "UA1497");
}

TEST(JsonReader, ForgetsTheLastEvent) {
  JsonReader reader;
  EventFields out;
  ASSERT_TRUE(reader.read(event_json(R"(,"subject":"s","priority":9,"x":1,"data":1)"), false, out));
  ASSERT_TRUE(reader.read(event_json(), false, out));
  EXPECT_TRUE(out.subject.empty());
  EXPECT_EQ(out.priority, kNoPriority);
  EXPECT_EQ(out.extension_count, 0U);
  EXPECT_EQ(out.data_kind, DataKind::kNone);
  EXPECT_FALSE(out.has_time);
}

TEST(JsonReader, TakesMembersInAnyOrderAndWhiteSpaceAnywhere) {
  const std::string json =
      " \r\n{ \"data\" : [ 1 , { } ] ,\t\"type\" : \"t\" , \"id\" : \"1\"\n, \"source\":\"/s\" ,"
      "\"priority\" : 3 , \"flag\" : true , \"specversion\" : \"1.0\" } \n";
  JsonReader reader;
  EventFields out;
  ASSERT_TRUE(reader.read(json, false, out));
  EXPECT_EQ(out.data, "[ 1 , { } ]");
  EXPECT_EQ(out.priority, 3);
  EXPECT_EQ(out.extensions[0].value, "true");
}

TEST(JsonReader, UndoesEscapesInNamesAndValues) {
  JsonReader reader;
  EventFields out;
  const std::string json =
      R"({"\u0073pecversion":"1.\u0030","i\u0064":"a\"b\\c\/\u00e4\ud83d\ude00","source":"\n",)"
      R"("type":"t","\u0078":"\t","data":"\u0041"})";
  ASSERT_TRUE(reader.read(json, false, out));
  EXPECT_EQ(out.id, "a\"b\\c/\xC3\xA4\xF0\x9F\x98\x80");
  EXPECT_EQ(out.source, "\n");
  EXPECT_EQ(out.extensions[0].name, "x");
  EXPECT_EQ(out.extensions[0].value, "\t");
  EXPECT_EQ(out.data, R"("\u0041")") << "data is not decoded";
}

TEST(JsonReader, ReadsLargeEvents) {
  JsonReader reader;
  EventFields out;
  for (const std::size_t size : {100U, 20'000U, 200'000U, 1'000'000U, 50U}) {
    const std::string data = "\"" + std::string(size, 'x') + "\"";
    ASSERT_TRUE(reader.read(event_json(",\"data\":" + data), false, out)) << size;
    EXPECT_EQ(out.data, data);
  }
}

TEST(JsonReader, CanBeMoved) {
  JsonReader first;
  JsonReader second(std::move(first));
  EventFields out;
  EXPECT_TRUE(second.read(kFlight, false, out));
}

RC_GTEST_PROP(JsonReaderProperty, WritingAndReadingAgainChangesNothing, ()) {
  const auto word =
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)));
  const std::string id = *word, source = *word, type = *word, key = *word;
  EventFields fields;
  fields.id = id;
  fields.source = source;
  fields.type = type;
  fields.partition_key = key;
  fields.priority = *rc::gen::inRange<std::uint8_t>(0, 10);
  fields.has_time = true;
  fields.time = {*rc::gen::inRange<std::int64_t>(-62135000000, 253402000000),
                 *rc::gen::inRange<std::uint32_t>(0, 1'000'000'000),
                 *rc::gen::inRange<std::int16_t>(-1439, 1440)};
  fields.data_kind = DataKind::kBytes;
  const auto bytes = *rc::gen::arbitrary<std::string>();
  fields.data = bytes;
  const SlotHolder slot = build_on_heap(fields);
  std::string json;
  append_event_json(EventView(*slot), "", json);
  JsonReader reader;
  EventFields back;
  RC_ASSERT(reader.read(json, false, back).has_value());
  RC_ASSERT(back.id == id && back.source == source && back.type == type);
  RC_ASSERT(back.partition_key == key && back.priority == fields.priority);
  RC_ASSERT(back.time == fields.time && back.data == bytes);
  RC_ASSERT(back.data_kind == DataKind::kBytes);
}

/// The flight with a few bytes changed.
std::string damaged_flight(int changes) {
  std::string json(kFlight);
  for (int i = 0; i < changes; ++i) {
    const auto place = *rc::gen::inRange<std::size_t>(0, json.size());
    json[place] = *rc::gen::oneOf(rc::gen::elementOf(std::string("{}[]:,\"\\ 0123456789-nul\n")),
                                  rc::gen::arbitrary<char>());
  }
  return json;
}

/// Whatever a byte is changed to, the reader agrees with the validator on what JSON is.
RC_GTEST_PROP(JsonReaderProperty, AcceptsNothingThatTheValidatorRefuses, ()) {
  const std::string json = damaged_flight(*rc::gen::inRange(1, 4));
  JsonReader reader;
  EventFields out;
  const auto read = reader.read(json, false, out);
  const auto valid = validate_json(json);
  if (read) RC_ASSERT(valid.has_value());
  if (!valid) RC_ASSERT(!read.has_value());
}

/// What was read, or why it was not.
std::string answer(JsonReader& reader, std::string_view json, bool padded) {
  EventFields out;
  if (const auto read = reader.read(json, padded, out); !read) return read.error().message;
  const std::string priority = std::to_string(out.priority);
  return std::string(out.id) + " " + std::string(out.type) + " " + priority + " " +
         std::string(out.data) + " " + std::string(out.recorded_time);
}

RC_GTEST_PROP(JsonReaderProperty, LooksAheadWithoutChangingAnAnswer, ()) {
  std::string block;
  const int count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    // Cut short now and then: what follows must not be taken for the rest.
    const std::string flight = damaged_flight(*rc::gen::inRange(0, 3));
    const bool cut = *rc::gen::inRange(0, 4) == 0;
    block +=
        flight.substr(0, cut ? *rc::gen::inRange<std::size_t>(0, flight.size()) : flight.size());
    block += *rc::gen::element("\n", "\r\n", "\n\n", " \n");
  }
  const std::string padded = block + std::string(kJsonPadding, ' ');
  JsonReader ahead;
  JsonReader alone;
  ahead.look_ahead(std::string_view(padded).substr(0, block.size()));
  for (std::size_t begin = 0; begin < block.size();) {
    const std::size_t end = padded.find('\n', begin);
    const std::string_view line(padded.data() + begin, end - begin);
    if (*rc::gen::inRange(0, 5) != 0) {  // others are passed over
      RC_ASSERT(answer(ahead, line, true) == answer(alone, line, false));
    }
    begin = end + 1;
  }
}

/// Together they are one event, each alone is none.
TEST(JsonReader, DoesNotCompleteALineWithTheNext) {
  for (const std::size_t cut : {1U, 20U, 150U, 250U, 295U}) {
    std::string block(kFlight);
    ASSERT_LT(cut, block.size());
    const std::size_t place = block.find_first_of(":,{}", cut) + 1;
    block.insert(place, "\n");
    const std::size_t size = block.size() + 1;
    block.append("\n").append(kJsonPadding, ' ');
    JsonReader reader;
    reader.look_ahead({block.data(), size});
    EventFields out;
    EXPECT_FALSE(reader.read({block.data(), place}, true, out)) << place;
    EXPECT_FALSE(reader.read({block.data() + place + 1, size - place - 2}, true, out)) << place;
  }
}

/// The second line begins with what the first one lacks, and would be an event without it.
TEST(JsonReader, DoesNotTakeFromTheNextLineWhatTheLineLacks) {
  for (const std::string line_end : {"\n", "\r\n", "\n\n"}) {
    for (std::size_t cut = 1; cut < kFlight.size(); ++cut) {
      for (const std::string between : {"", " ", "}"}) {
        const std::string first(kFlight.substr(0, cut));
        const std::string second =
            std::string(kFlight.substr(cut)) + between + std::string(kFlight);
        const std::string lines = first + line_end + second + "\n" + std::string(kFlight) + "\n";
        const std::string padded = lines + std::string(kJsonPadding, ' ');
        const std::string_view all(padded);
        const std::size_t behind = first.size() + line_end.size();
        JsonReader reader;
        EventFields out;
        reader.look_ahead(all.substr(0, lines.size()));
        ASSERT_FALSE(reader.read(all.substr(0, first.size()), true, out)) << cut;
        ASSERT_FALSE(reader.read(all.substr(behind, second.size()), true, out)) << cut;
        ASSERT_TRUE(reader.read(all.substr(behind + second.size() + 1, kFlight.size()), true, out));
      }
    }
  }
}

TEST(JsonReader, ForgetsTheBlockThatItLookedAtBefore) {
  std::string block = std::string(kFlight) + "\n" + std::string(kFlight) + "\n";
  const std::size_t size = block.size();
  block.append(kJsonPadding, ' ');
  JsonReader reader;
  reader.look_ahead({block.data(), size});
  reader.look_ahead({});
  block.replace(block.find("flight.departed"), 15, "flight.arrived!");
  EventFields out;
  ASSERT_TRUE(reader.read({block.data(), kFlight.size()}, true, out));
  EXPECT_EQ(out.type, "flight.arrived!");
}

std::size_t elements_of(std::string_view json) {
  JsonReader reader;
  const auto elements = reader.split_batch(json);
  EXPECT_TRUE(elements) << json << ": " << elements.error().message;
  return elements ? elements->size() : 0;
}

TEST(SplitBatch, GivesTheSlicesOfTheElements) {
  JsonReader reader;
  const std::string json = " [ " + event_json() + " , {\"a\":[1,\"]\"]} ,3] ";
  const auto elements = reader.split_batch(json);
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 3U);
  EXPECT_EQ((*elements)[0], event_json());
  EXPECT_EQ((*elements)[1], R"({"a":[1,"]"]})");
  EXPECT_EQ((*elements)[2], "3");
  EventFields out;
  EXPECT_TRUE(reader.read((*elements)[0], false, out));
  EXPECT_EQ(reader.read((*elements)[2], false, out).error().code, ErrorCode::kInvalidEvent);
  EXPECT_EQ(elements_of("[]"), 0U);
  EXPECT_EQ(elements_of("\n[ ]\n"), 0U);
}

TEST(SplitBatch, RefusesWhatIsNoArray) {
  JsonReader reader;
  for (const char* json : {"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1] 2",
                           "[{\"a\":]", "nul", "{", "[\"a]", "[\"\\x\"]"}) {
    const auto elements = reader.split_batch(json);
    ASSERT_FALSE(elements) << json;
    EXPECT_EQ(elements.error().code, ErrorCode::kInvalidJson) << json;
  }
  EXPECT_EQ(reader.split_batch(event_json()).error().code, ErrorCode::kInvalidEvent);
  EXPECT_EQ(reader.split_batch("null").error().code, ErrorCode::kInvalidEvent);
}

TEST(SplitBatch, BoundsTheNumberOfEvents) {
  std::string json = "[1";
  for (std::size_t i = 1; i < kMaxBatchEvents; ++i) json += ",1";
  EXPECT_EQ(elements_of(json + "]"), kMaxBatchEvents);
  JsonReader reader;
  EXPECT_EQ(reader.split_batch(json + ",1]").error().code, ErrorCode::kEventTooLarge);
}

TEST(SplitBatch, CountsTheDepthOfEachElementAlone) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(elements_of("[" + deep + "]"), 1U);
  JsonReader reader;
  const auto elements = reader.split_batch("[[" + deep + "]]");
  EXPECT_EQ(elements.error().code, ErrorCode::kTooDeep);
}

TEST(SplitBatch, BoundsTheText) {
  JsonReader reader;
  const std::string json(kMaxBatchJson + 1, ' ');
  EXPECT_EQ(reader.split_batch(json).error().code, ErrorCode::kEventTooLarge);
}

}  // namespace
}  // namespace veltrix
