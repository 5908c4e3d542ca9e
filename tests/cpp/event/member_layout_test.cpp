// What a reader has learnt of earlier events changes no answer.

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "veltrix/event/json_reader.hpp"
#include "veltrix/event/json_writer.hpp"

namespace veltrix {
namespace {

/// All that was read, or why it was not.
std::string answer(JsonReader& reader, const std::string& json) {
  EventFields out;
  if (const auto read = reader.read(json, false, out); !read) return read.error().message;
  std::string text(std::to_string(out.priority) + " " + std::to_string(out.time.seconds) + " ");
  for (const std::string_view part : {out.id, out.source, out.type, out.subject, out.partition_key,
                                      out.content_type, out.sequence, out.data}) {
    text.append(part).append("|");
  }
  for (std::uint32_t i = 0; i < out.extension_count; ++i) text += out.extensions[i].value;
  return text;
}

std::string fresh_answer(const std::string& json) {
  JsonReader reader;
  return answer(reader, json);
}

TEST(MemberLayout, TakesMembersThatChangeFromEventToEvent) {
  const std::string head = R"({"specversion":"1.0","id":"1","source":"/s","type":"t")";
  const std::vector<std::string> rests = {
      R"(,"subject":"a","data":{"a":1}})",
      R"(,"subject":null,"data":{"a":1}})",
      R"(,"subject":"a","data":null})",
      R"(,"subject":"","data":1})",
      R"(,"subject":"a\u0041","data":"\n"})",
      R"(,"subject":"a" , "data" : {"a":1} })",
      R"(,"subject":"a","subject":"b"})",
      R"(,"subject":5,"data":{"a":1}})",
      R"(,"data":{"a":1},"subject":"a"})",
      R"(,"priority":3,"data":[]})",
      R"(,"priority":10,"data":[]})",
      R"(,"priority":"3","data":[]})",
      R"(,"priority": 3,"data":[]})",
      R"(,"priority":})",
      R"(,"time":"2024-05-01T12:00:00Z","data_base64":"QQ=="})",
      R"(,"time":"2024-05-32T12:00:00Z","data_base64":"QQ=="})",
      R"(,"data_base64":"QQ==","data":1})",
      R"(,"data":})",
      R"(,"data":1 2})",
      R"(,"specversion":"1.0"})",
  };
  for (const std::string& first : rests) {
    JsonReader reader;
    for (const std::string& then : rests) {
      answer(reader, head + first);
      EXPECT_EQ(answer(reader, head + then), fresh_answer(head + then)) << first << then;
    }
  }
}

TEST(MemberLayout, LearnsNoOtherVersion) {
  JsonReader reader;
  for (int i = 0; i < 3; ++i) {
    for (const char* const version : {"\"0.3\"", "\"1.0.2\"", "1.0", "\"1.0\""}) {
      const std::string json =
          std::string("{\"specversion\":") + version + R"(,"id":"1","source":"/s","type":"t"})";
      EXPECT_EQ(answer(reader, json), fresh_answer(json));
    }
  }
}

std::string random_event() {
  static const std::vector<std::string> members = {
      R"("specversion":"1.0")",
      R"("specversion":"1.1")",
      R"("id":"7")",
      R"("source":"/s")",
      R"("type":"a.b")",
      R"("type":"a.\u0062")",
      R"("subject":"s")",
      R"("subject" : "s")",
      R"("subject":null)",
      R"("sequence":5)",
      R"("sequence":"5")",
      R"("time":"2024-05-01T12:00:00Z")",
      R"("time":"2024-05-01")",
      R"("priority":3)",
      R"("priority":33)",
      R"("data":{"a":[1,"b"]})",
      R"("data":{"a":01})",
      R"("data":"\n")",
      R"("data":null)",
      R"("data_base64":"QQ==")",
      R"("shelf":"x")",
      R"("datacontenttype":"application/json")",
      R"("partitionkey":"k")",
  };
  std::string json = R"({"specversion":"1.0","id":"1","source":"/s")";
  if (*rc::gen::inRange(0, 6) == 0) json = "{\"id\":\"1\"";
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) json += "," + *rc::gen::elementOf(members);
  if (*rc::gen::inRange(0, 3) != 0) json += R"(,"type":"t")";
  return json + (*rc::gen::inRange(0, 10) == 0 ? "" : "}");
}

RC_GTEST_PROP(MemberLayoutProperty, AnswersAsAReaderThatHasSeenNothing, ()) {
  JsonReader reader;
  for (int i = 0; i < 12; ++i) {
    const std::string json = random_event();
    RC_ASSERT(answer(reader, json) == fresh_answer(json));
  }
}

}  // namespace
}  // namespace veltrix
