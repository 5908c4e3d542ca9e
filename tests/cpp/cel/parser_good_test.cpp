// Texts that are good, and the tree that comes out.

#include <gtest/gtest.h>

#include "cpp/cel/tree.hpp"

namespace veltrix::cel {
namespace {

struct Good {
  std::string text;
  std::string tree;
};

std::string parsed(const std::string& text, const Declarations& names = {}) {
  const auto ast = parse(text, names);
  if (!ast) return render(text, ast.error().front());
  for (std::size_t i = 0; i < ast->nodes.size(); ++i) {
    for (const NodeId child : ast->children_of(ast->nodes[i])) EXPECT_LT(child, i) << text;
  }
  return tree_of(*ast, names);
}

void expect_trees(const std::vector<Good>& rows) {
  for (const auto& [text, tree] : rows) EXPECT_EQ(parsed(text), tree) << text;
}

TEST(CelParser, ReadsNumbers) {
  expect_trees({{"0", "0"},
                {"007", "7"},
                {"9223372036854775807", "9223372036854775807"},
                {"-9223372036854775808", "-9223372036854775808"},
                {"0xFf", "255"},
                {"-0x8000000000000000", "-9223372036854775808"},
                {"1u", "1u"},
                {"18446744073709551615U", "18446744073709551615u"},
                {"0xFFFFFFFFFFFFFFFFu", "18446744073709551615u"},
                {"1.5", "1.5"},
                {".5", "0.5"},
                {"1e3", "1000.0"},
                {"2.5E-1", "0.25"},
                {"-0.0", "-0.0"},
                {"1e400", "inf"},
                {"true", "true"},
                {"null", "null"}});
}

TEST(CelParser, ReadsTextsAndBytes) {
  expect_trees(
      {{"'a'", "\"a\""},
       {"\"a'b\"", "\"a'b\""},
       {"'''a'b''c'''", "\"a'b''c\""},
       {"\"\"\"a\nb\"\"\"", "\"a\nb\""},
       {"'''a\r\nb\rc'''", "\"a\nb\nc\""},
       {R"('\a\b\f\n\r\t\v\\\?\"\'\`')", "\"\a\b\f\n\r\t\v\\?\"'`\""},
       {R"('\x41\X42\103\u0044\U00000045')", "\"ABCDE\""},
       {R"('\303\277\u20ac\U0001f600')", "\"\xC3\x83\xC2\xBF\xE2\x82\xAC\xF0\x9F\x98\x80\""},
       {R"(r'\n\')", "\"\\n\\\""},
       {R"(R"""a"\b""")", "\"a\"\\b\""},
       {R"(b'\xff\377a')", "b\"ffff61\""},
       {"b'\xC3\xBF'", "b\"c3bf\""},
       {R"(bR"\n")", "b\"5c6e\""},
       {"''", "\"\""},
       {"\"\"\"\"\"\"", "\"\""},
       {"'a // b'", "\"a // b\""}});
}

TEST(CelParser, BindsOperatorsByPrecedence) {
  expect_trees({{"1 + 2 * 3", "(_+_ 1 (_*_ 2 3))"},
                {"1 - 2 - 3", "(_-_ (_-_ 1 2) 3)"},
                {"(1 - 2) % 3", "(_%_ (_-_ 1 2) 3)"},
                {"1 - -2", "(_-_ 1 -2)"},
                {"1 < 2 == true", "(_==_ (_<_ 1 2) true)"},
                {"1 in [1] && 2 >= 1 || false", "(|| (&& (@in 1 (list 1)) (_>=_ 2 1)) false)"},
                {"true ? 1 : false ? 2 : 3", "(?: true 1 (?: false 2 3))"},
                {"!true || !!true", "(|| (!_ true) true)"},
                {"--event", "event"},
                {"---event", "(-_ event)"},
                {"-event.a", "(-_ (. event a))"},
                {"-1.5.f == 1", "column 6: double has no member 'f'\n  -1.5.f == 1\n       ^"},
                {"1 != 2 // not the same", "(_!=_ 1 2)"},
                {"1 <= // less\n2", "(_<=_ 1 2)"}});
}

TEST(CelParser, ReadsNamesMembersAndIndices) {
  expect_trees({{"event.type", "(. event type)"},
                {"data", "(. event data)"},
                {"data.a[0]['b'].c", "(. (_[_] (_[_] (. (. event data) a) 0) \"b\") c)"},
                {".event.a", "(. event a)"},
                {"event.`a-b`.`c/d.e f`", "(. (. event a-b) c/d.e f)"},
                {"has(data.`in`)", "(has (. event data) in)"},
                {"event.package.if", "(. (. event package) if)"},
                {"has(data.a)", "(has (. event data) a)"},
                {"has((event.a.b))", "(has (. event a) b)"},
                {"int", "type:int"},
                {"type(null) == null_type", "(_==_ (type null) type:null_type)"},
                {"google.protobuf.Timestamp", "type:google.protobuf.Timestamp"},
                {"[1, [], [,],]", "(list 1 (list) (list))"},
                {"{'a': 1, 2u: {,},}", "(map \"a\" 1 2u (map))"}});
}

TEST(CelParser, ReadsCalls) {
  expect_trees(
      {{"size('a') + 'a'.size()", "(_+_ (size \"a\") (size \"a\"))"},
       {"event.a.startsWith('x')", "(startsWith (. event a) \"x\")"},
       {"matches(event.a, 'x') || event.a.matches('y')",
        "(|| (matches (. event a) \"x\") (matches (. event a) \"y\"))"},
       {"timestamp(event.time).getHours('UTC')", "(getHours (timestamp (. event time)) \"UTC\")"},
       {"dyn(1) + dyn('a')", "(_+_ (dyn 1) (dyn \"a\"))"},
       {".size([])", "(size (list))"}});
}

TEST(CelParser, WritesMacrosOut) {
  expect_trees(
      {{"[1].all(x, x > 0)", "(all:x (list 1) (_>_ $0 0))"},
       {"[1].exists(event, event == 1)", "(exists:event (list 1) (_==_ $0 1))"},
       {"[1].exists_one(x, .event.a == x)", "(exists_one:x (list 1) (_==_ (. event a) $0))"},
       {"[[1]].filter(x, x.exists(y, y in x))",
        "(filter:x (list (list 1)) (exists:y $0 (@in $0 $1)))"},
       {"data.map(x, x * 2)", "(map:x (. event data) (_*_ $0 2))"},
       {"data.map(x, x > 1, x.y)", "(map:x (. event data) (_>_ $0 1) (. $0 y))"},
       {"[1].map(x, [2].map(x, x))", "(map:x (list 1) (map:x (list 2) $0))"},
       {"[1].map(data, has(data.a))", "(map:data (list 1) (has $0 a))"}});
}

TEST(CelParser, TakesTheLongestDeclaredName) {
  const Declarations names{{"a", "a.b", "x"}, false};
  EXPECT_EQ(parsed("a.b.c", names), "(. a.b c)");
  EXPECT_EQ(parsed("a.c", names), "(. a c)");
  EXPECT_EQ(parsed("a.b", names), "a.b");
  EXPECT_EQ(parsed("a.b.size()", names), "(size a.b)");
  EXPECT_EQ(parsed("x.y", names), "(. x y)");
}

TEST(CelParser, KnowsWhereEverySubExpressionStands) {
  const auto ast = parse(" (data.a + 1) * data.b > -2 && has(event.c)");
  ASSERT_TRUE(ast);
  std::vector<std::string> texts;
  for (const Node& node : ast->nodes) texts.emplace_back(ast->text_of(node));
  const std::vector<std::string> expected{"data",
                                          "data",
                                          "data.a",
                                          "1",
                                          "data.a + 1",
                                          "data",
                                          "data",
                                          "data.b",
                                          "(data.a + 1) * data.b",
                                          "-2",
                                          "(data.a + 1) * data.b > -2",
                                          "event",
                                          "has(event.c)",
                                          "(data.a + 1) * data.b > -2 && has(event.c)"};
  EXPECT_EQ(texts, expected);
}

TEST(CelParser, TakesWhatTheLimitsAllow) {
  const auto repeated = [](int count, const std::string& part) {
    std::string out;
    for (int i = 0; i < count; ++i) out += part;
    return out;
  };
  EXPECT_TRUE(parse(repeated(32, "(") + "1" + repeated(32, ")")));
  EXPECT_TRUE(parse(repeated(31, "true || ") + "true"));
  EXPECT_TRUE(parse(repeated(24, "true ? 1 : ") + "1"));
  EXPECT_TRUE(parse("event" + repeated(200, ".a")));
  EXPECT_TRUE(parse("[" + repeated(254, "1,") + "1]"));
  EXPECT_TRUE(parse("'" + repeated(2046, "a") + "'"));
  EXPECT_TRUE(parse(repeated(2000, "-") + "1"));
}

}  // namespace
}  // namespace veltrix::cel
