#include "veltrix/match/key_reader.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "cpp/match/slots.hpp"

namespace veltrix {
namespace {

std::optional<std::string> read(KeyReader& reader, std::string_view path, const Slot& slot,
                                std::string_view type = "order.paid") {
  std::string out = "left over";
  if (!reader.read(parse_key_path(path).value(), EventView(slot), type, out)) return std::nullopt;
  return out;
}

std::optional<std::string> read_json(std::string_view path, std::string_view data) {
  KeyReader reader;
  return read(reader, path, *json_slot(data));
}

struct DataKey {
  std::string path;
  std::string data;
  std::optional<std::string> key;
};

TEST(KeyReader, ReadsScalarsOfData) {
  const DataKey table[] = {
      {"data.team", R"({"team":"red"})", "red"},
      {"event.data.team", R"({"x":1,"team":"red","y":2})", "red"},
      {"data.a.b", R"({"a":{"b":"c"}})", "c"},
      {"data.a.b.c", R"({"a":{"x":[1,{"b":0}],"b":{"c":7}},"z":{"b":1}})", "7"},
      {"data.n", R"({"n": 12 })", "12"},
      {"data.n", R"({"n":-1.50e3,"m":1})", "-1.50e3"},
      {"data.n", R"({"n":123456789012345678901234567890})", "123456789012345678901234567890"},
      {"data.n", "{\"n\":\n1\n}", "1"},
      {"data.flag", R"({"flag":true})", "true"},
      {"data.flag", R"({"flag":false})", "false"},
      {"data.s", R"({"s":""})", ""},
      {"data.s", R"({"s":"a\"b\\\u00e9\n"})", "a\"b\\\xC3\xA9\n"},
      {"data.s", R"({"s":"\ud83d\ude00"})", "\xF0\x9F\x98\x80"},
      {"data.team", R"({"\u0074eam":"red"})", "red"},
      {"data.team", R"({"te\u0061":"no","te\u0061m":"red"})", "red"},
      {"data", R"("red")", "red"},
      {"data", " 12 ", "12"},
      {"data", "true", "true"},
  };
  for (const DataKey& entry : table) {
    EXPECT_EQ(read_json(entry.path, entry.data), entry.key) << entry.path << " of " << entry.data;
  }
}

TEST(KeyReader, ReadsNothingWhenThereIsNoScalar) {
  const DataKey table[] = {
      {"data.team", R"({})", {}},
      {"data.team", R"({"tea":"red"})", {}},
      {"data.team", R"({"teams":"red"})", {}},
      {"data.team", R"({"Team":"red"})", {}},
      {"data.team", R"({"a":{"team":"red"}})", {}},
      {"data.team", R"({"team":null})", {}},
      {"data.team", R"({"team":{}})", {}},
      {"data.team", R"({"team":["red"]})", {}},
      {"data.a.b", R"({"a":"b"})", {}},
      {"data.a.b", R"({"a":null})", {}},
      {"data.a.b", R"({"a":[{"b":1}]})", {}},
      {"data.team", R"(["team"])", {}},
      {"data.team", R"("team")", {}},
      {"data.team", "null", {}},
      {"data", "null", {}},
      {"data", "{}", {}},
      {"data", "[1]", {}},
  };
  for (const DataKey& entry : table) {
    EXPECT_EQ(read_json(entry.path, entry.data), entry.key) << entry.path << " of " << entry.data;
  }
}

TEST(KeyReader, TakesTheLastOfEqualMembers) {
  EXPECT_EQ(read_json("data.a", R"({"a":1,"b":2,"a":3})"), "3");
  EXPECT_EQ(read_json("data.a", R"({"a":1,"\u0061":3})"), "3");
  EXPECT_EQ(read_json("data.a", R"({"a":1,"a":null})"), std::nullopt);
  EXPECT_EQ(read_json("data.a.b", R"({"a":{"b":1},"a":{"b":2,"b":3}})"), "3");
  EXPECT_EQ(read_json("data.a.b", R"({"a":{"b":1},"a":{}})"), std::nullopt);
  EXPECT_EQ(read_json("data.a.b", R"({"a":{"b":1},"a":2})"), std::nullopt);
  EXPECT_EQ(read_json("data.a.b", R"({"a":2,"a":{"b":1}})"), "1");
}

TEST(KeyReader, ReadsARawKeyWhenTheStringHoldsALoneSurrogate) {
  EXPECT_EQ(read_json("data.s", R"({"s":"\ud800"})"), R"("\ud800")");
}

TEST(KeyReader, ReadsNothingWhenTheDataIsNotJson) {
  KeyReader reader;
  EventFields fields = named_event();
  EXPECT_EQ(read(reader, "data.team", *make_slot(fields)), std::nullopt);
  fields.data_kind = DataKind::kBytes;
  fields.data = R"({"team":"red"})";
  EXPECT_EQ(read(reader, "data.team", *make_slot(fields)), std::nullopt);
}

TEST(KeyReader, ReadsAttributes) {
  EventFields fields = named_event();
  fields.subject = "s";
  fields.partition_key = "p";
  fields.correlation_id = "c";
  fields.sequence = "42";
  fields.priority = 7;
  fields.has_time = true;
  fields.time = {1'359'975'600, 0, 0};
  fields.extensions[0] = {"tenant", "acme", ExtensionKind::kString};
  fields.extensions[1] = {"zone", "12", ExtensionKind::kInteger};
  fields.extension_count = 2;
  const OwnedSlot slot = make_slot(fields);
  const std::pair<std::string, std::string> expected[] = {
      {"event.id", "1"},        {"event.source", "/shop"},   {"event.type", "order.paid"},
      {"event.subject", "s"},   {"event.partitionkey", "p"}, {"event.correlationid", "c"},
      {"event.sequence", "42"}, {"event.priority", "7"},     {"event.time", "2013-02-04T11:00:00Z"},
      {"event.tenant", "acme"}, {"event.zone", "12"}};
  KeyReader reader;
  for (const auto& [path, key] : expected) EXPECT_EQ(read(reader, path, *slot), key) << path;
}

TEST(KeyReader, ReadsNothingWhenTheAttributeIsAbsent) {
  const OwnedSlot slot = make_slot(named_event());
  KeyReader reader;
  for (const char* path : {"event.subject", "event.partitionkey", "event.priority", "event.time",
                           "event.tenant", "event.sequence"}) {
    EXPECT_EQ(read(reader, path, *slot), std::nullopt) << path;
  }
}

TEST(KeyReader, ReadsOneAfterAnotherWhenSizesDiffer) {
  KeyReader reader;
  for (const std::size_t size : {1, 100'000, 3, 500'000, 0}) {
    const std::string team(size, 'x');
    EXPECT_EQ(read(reader, "data.team", *json_slot("{\"team\":\"" + team + "\"}")), team);
  }
  KeyReader moved = std::move(reader);
  EXPECT_EQ(read(moved, "data.team", *json_slot(R"({"team":"red"})")), "red");
}

}  // namespace
}  // namespace veltrix
