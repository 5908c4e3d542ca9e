// Every error that an event can cause, as people see it: the sub-expression, the cause, the column.

#include <set>

#include <gtest/gtest.h>

#include "cpp/cel/evaluation.hpp"

namespace veltrix::cel {
namespace {

using enum Reason;

struct Row {
  Reason reason;
  std::string text;
  std::string shown;
};

std::string payload() {
  std::string list = "[0";
  for (int i = 1; i < 200; ++i) list += "," + std::to_string(i);
  return R"({"n":0,"i":9223372036854775807,"s":"abc","l":[1],"m":{"a":1},"p":"(","z":"Nowhere",)"
         R"("big":)" +
         list + R"(],"long":")" + std::string(100'000, 'a') + R"("})";
}

const std::vector<Row> kRows = {
    {kMissing, "data.no > 1", "data.no: no member 'no' in data (column 6)"},
    {kMissing, "event.subject == ''", "event.subject: no member 'subject' in event (column 7)"},
    {kMissing, "data.m['x']", "data.m['x']: no key 'x' in data.m (column 7)"},
    {kNoOverload, "data.n.x", "data.n.x: data.n is no object, so it has no member 'x' (column 8)"},
    {kNoOverload, "data.s[0]", "data.s[0]: data.s cannot be indexed with 0 (column 7)"},
    {kNoOverload, "1 + data.s", "1 + data.s: '+' does not take values of these types (column 3)"},
    {kNoOverload, "data.n && true", "data.n && true: a side of it is no bool (column 8)"},
    {kNoOverload, "data.n ? 1 : 2",
     "data.n ? 1 : 2: what stands before the '?' is no bool (column 8)"},
    {kNoOverload, "data.n.all(x, true)",
     "data.n.all(x, true): a macro needs a list or a map, and a condition that is a bool "
     "(column 8)"},
    {kOverflow, "data.i + 1", "data.i + 1: the result is out of range (column 8)"},
    {kDivideByZero, "1 + 7 % data.n", "7 % data.n: division by zero (column 7)"},
    {kOutOfBounds, "data.l[5]", "data.l[5]: the list has no such index (column 7)"},
    {kBadConversion, "int(data.s)", "int(data.s): the value cannot be converted (column 1)"},
    {kBadPattern, "data.s.matches(data.p)",
     "data.s.matches(data.p): the regular expression cannot be used (column 8)"},
    {kBadTimeZone, "timestamp(0).getHours(data.z)",
     "timestamp(0).getHours(data.z): there is no such time zone (column 14)"},
    {kDuplicateKey, "{data.s: 1, 'abc': 2}",
     "{data.s: 1, 'abc': 2}: a key stands twice in the map (column 1)"},
    {kTooMuchWork, "data.big.all(x, data.big.all(y, x + y >= 0))", ""},
    {kTooMuchMemory, "size(data.big.map(x, data.long + string(x)))", ""},
};

TEST(CelErrors, SayWhatHappenedAndWhere) {
  const std::string data = payload();
  const EventFields fields = event_with(data);
  for (const auto& [reason, text, shown] : kRows) {
    const ExpressionSet set = set_of({text});
    Frame frame;
    frame.begin(set, fields, fields.type);
    const Value value = set.evaluate(0, frame);
    ASSERT_TRUE(value.is_error()) << text;
    EXPECT_EQ(name_of(value.reason), name_of(reason)) << text;
    // Where work and memory run out is nobody's contract; that it is said is.
    if (shown.empty()) {
      EXPECT_FALSE(set.describe(0, value).empty());
    } else {
      EXPECT_EQ(set.describe(0, value), shown);
    }
  }
}

TEST(CelErrors, StandInTheTableAllOfThem) {
  std::set<Reason> met;
  for (const Row& row : kRows) met.insert(row.reason);
  EXPECT_EQ(met.size(), static_cast<std::size_t>(kTooMuchMemory) + 1);
}

}  // namespace
}  // namespace veltrix::cel
