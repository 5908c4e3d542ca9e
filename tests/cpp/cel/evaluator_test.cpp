#include <gtest/gtest.h>

#include "cpp/cel/evaluation.hpp"

namespace veltrix::cel {
namespace {

struct Case {
  std::string_view text;
  std::string_view value;
};

// data.t and data.f are bools, data.n is a number, data.z is zero, data.no is not there.
constexpr std::string_view kData =
    R"({"t":true,"f":false,"n":3,"z":0,"x":2.5,"s":"red","l":[1,2,3],"m":{"a":1,"b":2},"e":[]})";

template <std::size_t kSize>
void check(const Case (&table)[kSize]) {
  for (const Case& entry : table) EXPECT_EQ(on_data(entry.text, kData), entry.value) << entry.text;
}

TEST(Evaluator, AbsorbsErrorsOnBothSidesOfAndAndOr) {
  constexpr Case kTable[] = {
      {"data.t && data.t", "true"},
      {"data.t && data.f", "false"},
      {"data.f && data.no", "false"},
      {"data.no && data.f", "false"},
      {"data.t && data.no", "error: missing"},
      {"data.no && data.t", "error: missing"},
      {"data.no && data.n / data.z > 1", "error: missing"},
      {"data.n / data.z > 1 && data.no", "error: divide_by_zero"},
      {"data.f || data.t", "true"},
      {"data.f || data.f", "false"},
      {"data.t || data.no", "true"},
      {"data.no || data.t", "true"},
      {"data.f || data.no", "error: missing"},
      {"data.no || data.f", "error: missing"},
      {"data.n && data.f", "false"},
      {"data.f && data.n", "false"},
      {"data.n && data.t", "error: no_overload"},
      {"data.t && data.n", "error: no_overload"},
      {"data.n || data.t", "true"},
      {"data.f || data.n", "error: no_overload"},
      {"!(data.no && data.f)", "true"},
      {"!data.no", "error: missing"},
  };
  check(kTable);
}

TEST(Evaluator, TakesOneBranchOfAConditional) {
  constexpr Case kTable[] = {
      {"data.t ? 1 : data.no", "1"},
      {"data.f ? data.no : 2", "2"},
      {"data.no ? 1 : 2", "error: missing"},
      {"data.n ? 1 : 2", "error: no_overload"},
      {"(data.no ? true : true) || data.t", "true"},
      {"data.n > 2 ? 'many' : 'few'", "\"many\""},
  };
  check(kTable);
}

TEST(Evaluator, RunsMacrosOverListsAndKeys) {
  constexpr Case kTable[] = {
      {"data.l.all(x, x > 0)", "true"},
      {"data.l.all(x, x > 1)", "false"},
      {"data.e.all(x, x > 1)", "true"},
      {"data.l.all(x, 6 / (x - 1) > 9)", "false"},
      {"data.l.all(x, 6 / (x - 1) > 2)", "error: divide_by_zero"},
      {"data.l.all(x, data.n)", "error: no_overload"},
      {"data.l.exists(x, x == 2)", "true"},
      {"data.l.exists(x, x == 9)", "false"},
      {"data.e.exists(x, x == 9)", "false"},
      {"data.l.exists(x, 6 / (x - 1) == 3)", "true"},
      {"data.l.exists(x, 6 / (x - 1) == 7)", "error: divide_by_zero"},
      {"data.l.exists_one(x, x == 2)", "true"},
      {"data.l.exists_one(x, x > 1)", "false"},
      {"data.l.exists_one(x, 6 / (x - 1) == 6)", "error: divide_by_zero"},
      {"data.l.filter(x, x > 1)", "[2,3]"},
      {"data.l.filter(x, x > data.no)", "error: missing"},
      {"data.l.filter(x, data.n)", "error: no_overload"},
      {"data.l.map(x, x * 2)", "[2,4,6]"},
      {"data.l.map(x, 6 / (x - 1))", "error: divide_by_zero"},
      {"data.l.map(x, x > 1, x * 2)", "[4,6]"},
      {"data.l.map(x, x > 1, 6 / (x - 1))", "[6,3]"},
      {"data.m.all(k, k in ['a', 'b'])", "true"},
      {"data.m.exists(k, data.m[k] == 2)", "true"},
      {"data.m.filter(k, data.m[k] > 1)", "[\"b\"]"},
      {"data.m.map(k, k + '!')", "[\"a!\",\"b!\"]"},
      {"data.n.all(x, x > 0)", "error: no_overload"},
      {"data.no.all(x, x > 0)", "error: missing"},
      {"data.l.all(x, data.l.exists(y, y == x))", "true"},
      {"data.l.map(x, data.l.filter(y, y < x).size())", "[0,1,2]"},
      {"data.l.map(x, [x].map(y, [x, y]))", "[[[1,1]],[[2,2]],[[3,3]]]"},
  };
  check(kTable);
}

TEST(Evaluator, ComparesAndLooksUpConstants) {
  constexpr Case kTable[] = {
      {"data.n == 3", "true"},
      {"3 == data.n", "true"},
      {"data.n != 3.0", "false"},
      {"2 < data.n", "true"},
      {"3 <= data.n", "true"},
      {"4 > data.n", "true"},
      {"2 >= data.n", "false"},
      {"data.x > 2", "true"},
      {"data.x < 2u", "false"},
      {"data.s == 'red'", "true"},
      {"data.s != 'red'", "false"},
      {"data.s < 'blue'", "false"},
      {"data.s == 3", "false"},
      {"data.s < 3", "error: no_overload"},
      {"data.no == 3", "error: missing"},
      {"data.l == [1, 2, 3]", "true"},
      {"data.s in ['red', 'blue']", "true"},
      {"data.s in ['a','b','c','d','e','f','g','h','i','red']", "true"},
      {"data.s in ['a','b','c','d','e','f','g','h','i','j']", "false"},
      {"data.n in ['red', 'blue']", "false"},
      {"data.no in ['red', 'blue']", "error: missing"},
      {"data.n in [1, 2, 3]", "true"},
      {"data.s.matches('^r.d$')", "true"},
      {"data.s.matches('x')", "false"},
      {"data.n.matches('x')", "error: no_overload"},
  };
  check(kTable);
}

TEST(Evaluator, MakesListsAndMaps) {
  constexpr Case kTable[] = {
      {"[data.n, 'a', data.t]", "[3,\"a\",true]"},
      {"[data.n, data.no]", "error: missing"},
      {"{'a': data.n, data.s: 1}", R"({"a":3,"red":1})"},
      {"{data.s: 1, 'red': 2}", "error: duplicate_key"},
      {"{data.x: 1}", "error: no_overload"},
      {"{'a': data.n}.a", "3"},
      {"{'a': data.n}.b", "error: missing"},
      {"has({'a': data.n}.b)", "false"},
      {"has({'a': data.n}.a)", "true"},
      {"[1 + 1, 2 * 3]", "[2,6]"},
      {"1 / 0 == 1 || data.t", "true"},
      {"1 / 0 == 1", "error: divide_by_zero"},
      {"type(data.n) == int", "true"},
      {"[1, 2].map(x, x + 1) == [2, 3] && data.t", "true"},
  };
  check(kTable);
}

}  // namespace
}  // namespace veltrix::cel
