#include <gtest/gtest.h>

#include "cpp/cel/evaluation.hpp"

namespace veltrix::cel {
namespace {

struct Case {
  std::string_view text;
  Verdict verdict;
  std::string_view deciding;
  std::string_view values;
  std::string_view reason;
};

constexpr Case kTable[] = {
    {"data.amount > 900", Verdict::kFalse, "data.amount > 900", "data.amount = 12.5", ""},
    {"data.amount > 9 && data.s == 'red'", Verdict::kTrue, "data.amount > 9 && data.s == 'red'",
     "data.amount = 12.5, data.s = \"red\"", ""},
    {"data.amount > 9 && data.s == 'blue'", Verdict::kFalse, "data.s == 'blue'", "data.s = \"red\"",
     ""},
    {"data.no > 9 && data.s == 'blue'", Verdict::kFalse, "data.s == 'blue'", "data.s = \"red\"",
     ""},
    {"data.s == 'blue' || data.amount > 9", Verdict::kTrue, "data.amount > 9", "data.amount = 12.5",
     ""},
    {"data.s == 'blue' || data.amount > 99", Verdict::kFalse,
     "data.s == 'blue' || data.amount > 99", "data.s = \"red\", data.amount = 12.5", ""},
    {"event.type == 'order.paid' && (data.n == 1 || data.n == 2)", Verdict::kFalse,
     "data.n == 1 || data.n == 2", "data.n = 0", ""},
    {"data.s == 'red' ? data.n > 1 : data.no", Verdict::kFalse, "data.n > 1", "data.n = 0", ""},
    {"has(data.no)", Verdict::kFalse, "has(data.no)", "has(data.no) = false", ""},
    {"data.no == 1", Verdict::kMissing, "data.no", "data.no is missing", "no member 'no' in data"},
    {"data.n == 0 && data.no.more == 1", Verdict::kMissing, "data.no", "data.no is missing",
     "no member 'no' in data"},
    {"data.s.more == 1", Verdict::kError, "data.s.more",
     "data.s.more: an operator or function does not take values of these types",
     "data.s is no object, so it has no member 'more'"},
    {"data.amount / data.n > 1.0", Verdict::kError, "data.amount / data.n",
     "data.amount = 12.5, data.n = 0", "'/' does not take values of these types"},
    {"7 / data.n > 1", Verdict::kError, "7 / data.n", "data.n = 0", "division by zero"},
    {"data.l[5] == 1", Verdict::kError, "data.l[5]", "data.l = [1,2]",
     "the list has no such index"},
    {"data.l.exists(x, x > 5)", Verdict::kFalse, "data.l.exists(x, x > 5)", "data.l = [1,2]", ""},
    {"data.l.all(x, x / data.n > 5)", Verdict::kError, "x / data.n", "data.n = 0",
     "division by zero"},
    {"data.n", Verdict::kError, "data.n", "data.n = 0", "it is no bool but of type int"},
    {"data.n && true", Verdict::kError, "data.n && true", "data.n = 0", "a side of it is no bool"},
    {"1 > 2", Verdict::kFalse, "1 > 2", "", ""},
};

TEST(Explanation, NamesWhatDecidedAndItsValues) {
  const EventFields fields = event_with(R"({"amount":12.5,"s":"red","n":0,"l":[1,2]})");
  Frame frame;
  for (const Case& entry : kTable) {
    const ExpressionSet set = set_of({std::string(entry.text)});
    frame.begin(set, fields, fields.type);
    const Explanation out = set.explain(0, frame);
    EXPECT_EQ(out.verdict, entry.verdict) << entry.text;
    EXPECT_EQ(out.deciding, entry.deciding) << entry.text;
    EXPECT_EQ(out.values, entry.values) << entry.text;
    EXPECT_EQ(out.reason, entry.reason) << entry.text;
  }
}

TEST(Explanation, CutsLongValues) {
  const std::string data = R"({"s":")" + std::string(300, 'x') + "\"}";
  const EventFields fields = event_with(data);
  const ExpressionSet set = set_of({"data.s == ''"});
  Frame frame;
  frame.begin(set, fields, fields.type);
  EXPECT_EQ(set.explain(0, frame).values, "data.s = \"" + std::string(79, 'x') + "…");
}

TEST(Explanation, DescribesErrorsForLogs) {
  const EventFields fields = event_with(R"({"n":0})");
  const ExpressionSet set =
      set_of({"event.type == 'x' || 7 / data.n > 1", "data.no.more == 2", "7 / data.n > 1"});
  Frame frame;
  frame.begin(set, fields, fields.type);
  EXPECT_EQ(set.describe(0, set.evaluate(0, frame)), "7 / data.n: division by zero (column 24)");
  EXPECT_EQ(set.describe(1, set.evaluate(1, frame)), "data.no: no member 'no' in data (column 6)");
  // The same operation, shared with expression 0, has its own place in expression 2.
  EXPECT_EQ(set.describe(2, set.evaluate(2, frame)), "7 / data.n: division by zero (column 3)");
}

}  // namespace
}  // namespace veltrix::cel
