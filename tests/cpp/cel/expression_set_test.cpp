#include "veltrix/cel/expression_set.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "cpp/cel/evaluation.hpp"

namespace veltrix::cel {
namespace {

std::string numbers(int count) {
  std::string out = "[0";
  for (int i = 1; i < count; ++i) out += "," + std::to_string(i);
  return out + "]";
}

TEST(ExpressionSet, ComputesSharedSubExpressionsOnce) {
  // Alone the loop costs some 300 steps: a hundred of them would be far beyond the budget.
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    texts.push_back("data.l.exists(x, x * 2 == 198) && data.n == " + std::to_string(i));
  }
  const ExpressionSet set = set_of(texts);
  const std::string data = R"({"n":99,"l":)" + numbers(100) + "}";
  const EventFields fields = event_with(data);
  Frame frame;
  frame.begin(set, fields, fields.type);
  for (ExpressionId id = 0; id < 99; ++id) EXPECT_EQ(set.test(id, frame), Verdict::kFalse);
  EXPECT_EQ(set.test(99, frame), Verdict::kTrue);
  // The same work once per expression is too much.
  std::vector<std::string> different;
  for (int i = 0; i < 100; ++i) {
    different.push_back("data.l.exists(x, x * 2 == " + std::to_string(1'000 + i) + ")");
  }
  const ExpressionSet unshared = set_of(different);
  frame.begin(unshared, fields, fields.type);
  Verdict last = Verdict::kFalse;
  for (ExpressionId id = 0; id < 100; ++id) last = unshared.test(id, frame);
  EXPECT_EQ(last, Verdict::kError);
}

TEST(ExpressionSet, SharesWhatStandsInsideMacros) {
  // The inner loop does not depend on the outer one's variable: once, not two hundred times.
  const std::string data = R"({"l":)" + numbers(200) + "}";
  EXPECT_EQ(on_data("data.l.all(x, data.l.exists(y, y == 199))", data), "true");
  EXPECT_EQ(on_data("data.l.all(x, data.l.exists(y, y == 199 + x * 0))", data),
            "error: too_much_work");
}

TEST(ExpressionSet, DoesNotLookAtDataForAttributes) {
  // A payload that is no JSON at all would be found out by whoever reads it.
  const ExpressionSet set = set_of({"event.type == 'order.paid' || data.a == 1", "data.a == 1"});
  EventFields fields = event_with({});
  fields.data = {reinterpret_cast<const char*>(std::uintptr_t{8}), 100};  // not readable
  Frame frame;
  frame.begin(set, fields, fields.type);
  EXPECT_EQ(set.test(0, frame), Verdict::kTrue);
}

TEST(ExpressionSet, BoundsWorkAndMemory) {
  const std::string data =
      R"({"l":)" + numbers(300) + R"(,"s":")" + std::string(4'000, 'x') + "\"}";
  EXPECT_EQ(on_data("data.l.map(x, data.l.map(y, x * y))", data), "error: too_much_work");
  EXPECT_EQ(on_data("data.l.all(x, data.l.all(y, x + y >= 0))", data), "error: too_much_work");
  std::string doubled = "(data.s + data.s)";
  for (int i = 0; i < 5; ++i) doubled = "[" + doubled + "].map(t, t + t)[0]";
  EXPECT_EQ(on_data("size(" + doubled + ") == 256000", data), "true");
  for (int i = 0; i < 5; ++i) doubled = "[" + doubled + "].map(t, t + t)[0]";
  EXPECT_EQ(on_data("size(" + doubled + ") > 0", data), "error: too_much_memory");
}

TEST(ExpressionSet, CanUseTheBudgetAnewForEachEvent) {
  const ExpressionSet set = set_of({"data.l.all(x, x >= 0)"});
  const std::string data = R"({"l":)" + numbers(2'000) + "}";
  const EventFields fields = event_with(data);
  Frame frame;
  for (int i = 0; i < 5; ++i) {
    frame.begin(set, fields, fields.type);
    EXPECT_EQ(set.test(0, frame), Verdict::kTrue);
  }
}

TEST(ExpressionSet, TellsVerdicts) {
  const ExpressionSet set = set_of(
      {"data.n == 1", "data.n == 2", "data.no == 1", "data.n / 0 == 1", "data.n", "data.n.m == 1"});
  const EventFields fields = event_with(R"({"n":1})");
  Frame frame;
  frame.begin(set, fields, fields.type);
  const Verdict expected[] = {Verdict::kTrue,  Verdict::kFalse, Verdict::kMissing,
                              Verdict::kError, Verdict::kError, Verdict::kError};
  for (ExpressionId id = 0; id < set.size(); ++id) EXPECT_EQ(set.test(id, frame), expected[id]);
}

TEST(ExpressionSet, KnowsWhatIsDear) {
  const ExpressionSet set =
      set_of({"event.type == 'a'", "event.type == 'a' && event.subject == 'b'", "data.n == 1",
              "data.n == 1 && data.s.matches('x.*y')", "true"});
  EXPECT_LT(set.cost(4), set.cost(0));
  EXPECT_LT(set.cost(0), set.cost(1));
  EXPECT_LT(set.cost(1), set.cost(2));
  EXPECT_LT(set.cost(2), set.cost(3));
}

TEST(ExpressionSet, OneFrameServesManySets) {
  Frame frame;
  const EventFields fields = event_with(R"({"a":1,"b":{"c":2}})");
  for (int round = 0; round < 3; ++round) {
    const ExpressionSet one = set_of({"data.a == 1"});
    frame.begin(one, fields, fields.type);
    EXPECT_EQ(one.test(0, frame), Verdict::kTrue);
    const ExpressionSet other = set_of({"data.b.c == 2 && data.a == 1", "data.b.c == 2"});
    frame.begin(other, fields, fields.type);
    EXPECT_EQ(other.test(1, frame), Verdict::kTrue);
    EXPECT_EQ(other.test(0, frame), Verdict::kTrue);
  }
  const ExpressionSet empty;
  EXPECT_EQ(empty.size(), 0U);
  frame.begin(empty, fields, fields.type);
}

TEST(ExpressionSet, IsSharedByThreads) {
  const ExpressionSet set = set_of({"data.n > 10 && data.s.matches('^a+$') && data.s in ['aa']"});
  std::vector<std::thread> threads;
  std::vector<int> hits(2);
  for (std::size_t t = 0; t < hits.size(); ++t) {
    threads.emplace_back([&, t] {
      Frame frame;
      for (int i = 0; i < 500; ++i) {
        const std::string data = R"({"s":"aa","n":)" + std::to_string(i) + "}";
        const EventFields fields = event_with(data);
        frame.begin(set, fields, fields.type);
        hits[t] += set.test(0, frame) == Verdict::kTrue ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hits, (std::vector<int>{489, 489}));
}

}  // namespace
}  // namespace veltrix::cel
