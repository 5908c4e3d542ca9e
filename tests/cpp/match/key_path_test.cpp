#include "veltrix/match/key_path.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

using Root = KeyPath::Root;

struct GoodPath {
  std::string text;
  Root root;
  Attribute attribute = Attribute::kId;
  std::vector<std::string> members = {};
};

TEST(KeyPath, ParsesPlainPaths) {
  const GoodPath good[] = {
      {"data.team", Root::kData, Attribute::kId, {"team"}},
      {"data.a.b", Root::kData, Attribute::kId, {"a", "b"}},
      {"data._x1.Y", Root::kData, Attribute::kId, {"_x1", "Y"}},
      {"data", Root::kData},
      {"event.data", Root::kData},
      {"event.data.team", Root::kData, Attribute::kId, {"team"}},
      {"data.data.event", Root::kData, Attribute::kId, {"data", "event"}},
      {"event.type", Root::kType},
      {"event.id", Root::kId},
      {"event.time", Root::kTime},
      {"event.priority", Root::kPriority},
      {"event.source", Root::kAttribute, Attribute::kSource},
      {"event.subject", Root::kAttribute, Attribute::kSubject},
      {"event.partitionkey", Root::kAttribute, Attribute::kPartitionKey},
      {"event.correlationid", Root::kAttribute, Attribute::kCorrelationId},
      {"event.sequence", Root::kAttribute, Attribute::kSequence},
      {"event.tenant", Root::kExtension, Attribute::kId, {"tenant"}},
      {"event.2fa", Root::kExtension, Attribute::kId, {"2fa"}},
  };
  for (const GoodPath& entry : good) {
    const auto path = parse_key_path(entry.text);
    ASSERT_TRUE(path) << entry.text << ": " << path.error().message;
    EXPECT_EQ(path->text, entry.text);
    EXPECT_EQ(path->root, entry.root) << entry.text;
    EXPECT_EQ(path->attribute, entry.attribute) << entry.text;
    EXPECT_EQ(path->members, entry.members) << entry.text;
  }
}

TEST(KeyPath, PointsToCelWhenTheTextIsAnExpression) {
  const std::string expressions[] = {"data.a + data.b",
                                     "data[\"team\"]",
                                     "data.items[0]",
                                     "has(data.team)",
                                     "'red'",
                                     "\"red\"",
                                     "event.type == \"a\"",
                                     "data.team-id",
                                     "data.a ? 1 : 2",
                                     "{}",
                                     "!data.a",
                                     "data.team ",
                                     "lower(data.team)",
                                     "data/x",
                                     "data.\xC3\xA9",
                                     "data.0",
                                     "data.items.0.id",
                                     "event.data.9"};
  for (const std::string& text : expressions) {
    const auto path = parse_key_path(text);
    ASSERT_FALSE(path) << text;
    EXPECT_EQ(path.error().code, ErrorCode::kInvalidKeyPath) << text;
    const bool names = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.") ==
                       std::string::npos;
    EXPECT_EQ(looks_like_path(text), names) << text;
  }
}

TEST(KeyPath, RefusesWithACureWhenThePathIsBad) {
  std::string deep = "data";
  for (int i = 0; i < 64; ++i) deep += ".a";
  const std::pair<std::string, std::string> bad[] = {
      {"", "it is empty"},
      {".", "a name is missing"},
      {"data.", "a name is missing"},
      {".data", "a name is missing"},
      {"data..a", "a name is missing"},
      {"team", "did you mean data.team?"},
      {"Data.team", "begins with data. or event."},
      {"events.type", "begins with data. or event."},
      {"event", "name an attribute"},
      {"event.Type", "cannot be an attribute"},
      {"event.my_ext", "cannot be an attribute"},
      {"event.abcdefghijklmnopqrstu", "1 to 20 characters"},
      {"event.subject.a", "attributes have no members"},
      {"event.specversion", "1.0 for every event"},
      {deep, "deeper than an event"},
      {"data." + std::string(600, 'a'), "longer than 512"},
  };
  for (const auto& [text, says] : bad) {
    const auto path = parse_key_path(text);
    ASSERT_FALSE(path) << text;
    EXPECT_EQ(path.error().code, ErrorCode::kInvalidKeyPath) << text;
    EXPECT_NE(path.error().message.find(says), std::string::npos) << path.error().message;
    EXPECT_EQ(path.error().message.find("CEL"), std::string::npos) << path.error().message;
  }
}

}  // namespace
}  // namespace veltrix
