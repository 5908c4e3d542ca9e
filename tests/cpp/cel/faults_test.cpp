// Every error message of the language, as people see it: column, words, cure and caret. A code
// without a row here fails the test.

#include <set>

#include <gtest/gtest.h>

#include "veltrix/cel/ast.hpp"
#include "veltrix/cel/fault_words.hpp"

namespace veltrix::cel {
namespace {

using enum FaultCode;

struct Row {
  FaultCode code;
  std::string text;
  std::string shown;
};

std::string repeated(int count, const std::string& part) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

std::vector<Row> whole_text() {
  return {
      {kEmptyExpression, "",
       "column 1: there is no expression; write a condition such as event.priority > 5"},
      {kEmptyExpression, " // nothing\n",
       "line 1, column 1: there is no expression; write a condition such as event.priority > 5\n"
       "   // nothing\n"
       "  ^"},
      {kTooLong, "'" + repeated(2047, "a") + "'",
       "column 2049: the expression has 2049 bytes; at most 2048 are allowed; split it into "
       "several shorter ones\n"
       "  ..." + repeated(59, "a") + "'\n" +
       "  " + repeated(63, " ") + "^"},
      {kNotUtf8, "'a\xC3('",
       "column 3: the text is not UTF-8 from here on; save the file as UTF-8\n"
       "  'a\xC3('\n"
       "    ^"},
      {kTooManyNodes, "[" + repeated(256, "1,") + "1]",
       "column 514: the expression has more than 256 parts; split it into several shorter ones\n"
       "  ..." + repeated(30, "1,") + "1]\n" +
       "  " + repeated(63, " ") + "^"},
      {kTooDeep, repeated(33, "(") + "1" + repeated(33, ")"),
       "column 34: nested more than 32 levels deep; take brackets away\n"
       "  " + repeated(33, "(") + "1" + repeated(33, ")") + "\n" +
       "  " + repeated(33, " ") + "^"},
      {kTooDeep, repeated(33, "[1, ") + "1" + repeated(33, "]"),
       "column 130: nested more than 32 levels deep; take brackets away\n"
       "  ..." + repeated(15, "[1, ") + "1" + repeated(33, "]") + "\n"}};
}

std::vector<Row> tokens() {
  return {
      {kUnexpectedCharacter, "event.a == \xC3\xA4",
       "column 12: '\xC3\xA4' has no meaning here; texts stand in quotes: \"...\"\n"
       "  event.a == \xC3\xA4\n"
       "             ^"},
      {kUnexpectedCharacter, "$.a > 1",
       "column 1: '$' has no meaning here; write event.name\n"
       "  $.a > 1\n"
       "  ^"},
      {kUnexpectedCharacter, "event.`a-b`",
       "column 7: '`' has no meaning here; write a member as [\"name\"]\n"
       "  event.`a-b`\n"
       "        ^"},
      {kUnexpectedCharacter, "1 # one",
       "column 3: '#' has no meaning here; a comment begins with //\n"
       "  1 # one\n"
       "    ^"},
      {kUnexpectedCharacter, "1 \x01",
       "column 3: the control character 1 has no meaning here; texts stand in quotes: \"...\"\n"
       "  1 ?\n"
       "    ^"},
      {kHalfOperator, "event.a = 1",
       "column 9: '=' is no operator; did you mean '=='?\n"
       "  event.a = 1\n"
       "          ^"},
      {kHalfOperator, "true & false",
       "column 6: '&' is no operator; did you mean '&&'?\n"
       "  true & false\n"
       "       ^"},
      {kHalfOperator, "(true | false)",
       "column 7: '|' is no operator; did you mean '||'?\n"
       "  (true | false)\n"
       "        ^"},
      {kUnclosedText, "event.a == 'abc",
       "column 12: the text that begins here does not end; close it with '; over several lines it "
       "stands between '''\n"
       "  event.a == 'abc\n"
       "             ^"},
      {kUnclosedText, "br\"a\nb\"",
       "line 1, column 1: the text that begins here does not end; close it with \"; over several "
       "lines it stands between \"\"\"\n"
       "  br\"a\n"
       "  ^~~"},
      {kBadEscape, R"(event.a == "\d+")",
       "column 13: '\\d' is no escape sequence; write \\\\ for a backslash, or a raw text: "
       "r\"...\"\n"
       "  event.a == \"\\d+\"\n"
       "              ^~"},
      {kBadEscape, R"('\u12')",
       "column 2: '\\u12' is no escape sequence; write \\\\ for a backslash, or a raw text: "
       "r\"...\"\n"
       "  '\\u12'\n"
       "   ^~~~"},
      {kBadEscape, R"('\08')",
       "column 2: '\\08' is no escape sequence; write \\\\ for a backslash, or a raw text: "
       "r\"...\"\n"
       "  '\\08'\n"
       "   ^~~"},
      {kBadCodePoint, R"('a\ud83d')",
       "column 3: '\\ud83d' is no character of Unicode\n"
       "  'a\\ud83d'\n"
       "    ^~~~~~"},
      {kBadCodePoint, R"('\U00110000')",
       "column 2: '\\U00110000' is no character of Unicode\n"
       "  '\\U00110000'\n"
       "   ^~~~~~~~~~"},
      {kEscapeInBytes, R"(b'\u00ff')",
       "column 3: '\\u00ff' stands for a character, and this is bytes; write the character itself, "
       "or its bytes as \\xFF\n"
       "  b'\\u00ff'\n"
       "    ^~~~~~"},
      {kBadNumber, "1 + 12km",
       "column 5: '12km' is no number; a name does not begin with a digit\n"
       "  1 + 12km\n"
       "      ^~~~"},
      {kBadNumber, "0X1F",
       "column 1: '0X1F' is no number; write 0x with a small x\n"
       "  0X1F\n"
       "  ^~~~"},
      {kNumberRange, "9223372036854775808",
       "column 1: 9223372036854775808 is outside the range of int; as a uint, write a u behind it\n"
       "  9223372036854775808\n"
       "  ^~~~~~~~~~~~~~~~~~~"},
      {kNumberRange, "-9223372036854775809",
       "column 2: 9223372036854775809 is outside the range of int; write it as a double\n"
       "  -9223372036854775809\n"
       "   ^~~~~~~~~~~~~~~~~~~"},
      {kNumberRange, "18446744073709551616u",
       "column 1: 18446744073709551616u is outside the range of uint; write it as a double\n"
       "  18446744073709551616u\n"
       "  ^~~~~~~~~~~~~~~~~~~~~"}};
}

std::vector<Row> grammar() {
  return {
      {kReservedWord, "if > 1",
       "column 1: 'if' is a reserved word; a variable cannot have this name\n"
       "  if > 1\n"
       "  ^~"},
      {kReservedWord, "while(1)",
       "column 1: 'while' is a reserved word; a function cannot have this name\n"
       "  while(1)\n"
       "  ^~~~~"},
      {kReservedWord, "data.in > 1",
       "column 6: 'in' is a reserved word; write [\"in\"] for this member\n"
       "  data.in > 1\n"
       "       ^~"},
      {kReservedWord, "[1].all(for, true)",
       "column 9: 'for' is a reserved word; a variable cannot have this name\n"
       "  [1].all(for, true)\n"
       "          ^~~"},
      {kUnexpectedToken, "event.a == 1 and event.b == 2",
       "column 14: 'and' does not fit here; expected an operator or the end; write &&\n"
       "  event.a == 1 and event.b == 2\n"
       "               ^~~"},
      {kUnexpectedToken, "(1 or 2)",
       "column 4: 'or' does not fit here; expected an operator or ')'; write ||\n"
       "  (1 or 2)\n"
       "     ^~"},
      {kUnexpectedToken, "event.a is null",
       "column 9: 'is' does not fit here; expected an operator or the end; write ==\n"
       "  event.a is null\n"
       "          ^~"},
      {kUnexpectedToken, "1 not in [1]",
       "column 3: 'not' does not fit here; expected an operator or the end; write !(a in b)\n"
       "  1 not in [1]\n"
       "    ^~~"},
      {kUnexpectedToken, "1 if true else 2",
       "column 3: 'if' does not fit here; expected an operator or the end; write condition ? a : "
       "b\n"
       "  1 if true else 2\n"
       "    ^~"},
      {kUnexpectedToken, "1;",
       "column 2: ';' does not fit here; expected an operator or the end; an expression ends "
       "without it\n"
       "  1;\n"
       "   ^"},
      {kUnexpectedToken, "1 {2: 3}",
       "column 3: '{' does not fit here; expected an operator or the end; a map has nothing before "
       "it: {\"name\": value}\n"
       "  1 {2: 3}\n"
       "    ^"},
      {kUnexpectedToken, "1 + * 2",
       "column 5: '*' does not fit here; expected a value\n"
       "  1 + * 2\n"
       "      ^"},
      {kUnexpectedToken, "event.'a'",
       "column 7: ''a'' does not fit here; expected the name of a member\n"
       "  event.'a'\n"
       "        ^~~"},
      {kUnexpectedToken, "true ? 1, 2",
       "column 9: ',' does not fit here; expected ':'\n"
       "  true ? 1, 2\n"
       "          ^"},
      {kUnexpectedToken, "[1 2]",
       "column 4: '2' does not fit here; expected ',' or ']'\n"
       "  [1 2]\n"
       "     ^"},
      {kUnexpectedToken, "{1}",
       "column 3: '}' does not fit here; expected ':' and a value\n"
       "  {1}\n"
       "    ^"},
      {kUnexpectedToken, "{1: 2 3}",
       "column 7: '3' does not fit here; expected ',' or '}'\n"
       "  {1: 2 3}\n"
       "        ^"},
      {kUnexpectedToken, "data[1 2]",
       "column 8: '2' does not fit here; expected an operator or ']'\n"
       "  data[1 2]\n"
       "         ^"},
      {kUnexpectedToken, "size(1 2)",
       "column 8: '2' does not fit here; expected ',' or ')'\n"
       "  size(1 2)\n"
       "         ^"},
      {kUnexpectedToken, "[1].all(x, x 2)",
       "column 14: '2' does not fit here; expected an operator or ')'\n"
       "  [1].all(x, x 2)\n"
       "               ^"},
      {kUnexpectedToken, "1 '" + repeated(50, "a") + "'",
       "column 3: ''" + repeated(39, "a") + "...' does not fit here; expected an operator or the "
       "end\n"
       "  1 '" + repeated(50, "a") + "'\n" +
       "    ^" + repeated(51, "~")},
      {kUnexpectedEnd, "event.a == ",
       "column 11: the expression ends too early; expected a value\n"
       "  event.a == \n"
       "            ^"},
      {kUnexpectedEnd, "event.",
       "column 7: the expression ends too early; expected the name of a member\n"
       "  event.\n"
       "        ^"},
      {kUnexpectedEnd, "true ? 1",
       "column 9: the expression ends too early; expected ':'\n"
       "  true ? 1\n"
       "          ^"},
      {kUnclosedBracket, "1 + (2 * 3",
       "column 5: '(' is never closed; add ')'\n"
       "  1 + (2 * 3\n"
       "      ^"},
      {kUnclosedBracket, "data[0",
       "column 5: '[' is never closed; add ']'\n"
       "  data[0\n"
       "      ^"},
      {kUnclosedBracket, "{1: 2",
       "column 1: '{' is never closed; add '}'\n"
       "  {1: 2\n"
       "  ^"},
      {kUnclosedBracket, "[1].all(x, x > 0",
       "column 8: '(' is never closed; add ')'\n"
       "  [1].all(x, x > 0\n"
       "         ^"},
      {kMixedSigns, "!-event.a",
       "column 1: '-' cannot follow '!' directly; put brackets between them: !(-...)\n"
       "  !-event.a\n"
       "  ^~"},
      {kMixedSigns, "-!event.a",
       "column 1: '!' cannot follow '-' directly; put brackets between them: -(!...)\n"
       "  -!event.a\n"
       "  ^~"},
      {kNestedConditional, "true ? false ? 1 : 2 : 3",
       "column 14: '?' between '?' and ':' needs brackets; write a ? (b ? c : d) : e\n"
       "  true ? false ? 1 : 2 : 3\n"
       "               ^"},
      {kMessageConstruction, "1 == google.protobuf.Int32Value{value: 1}",
       "column 6: 'google.protobuf.Int32Value{...}' would build a protocol buffer message, and "
       "there are none here; write a map: {\"name\": value}\n"
       "  1 == google.protobuf.Int32Value{value: 1}\n"
       "       ^~~~~~~~~~~~~~~~~~~~~~~~~~"}};
}

std::vector<Row> names() {
  return {
      {kUnknownVariable, "evnet.type == 'a'",
       "column 1: there is no variable 'evnet'; did you mean 'event'?\n"
       "  evnet.type == 'a'\n"
       "  ^~~~~"},
      {kUnknownVariable, "amount > 1",
       "column 1: there is no variable 'amount'; members are written event.amount or data.amount\n"
       "  amount > 1\n"
       "  ^~~~~~"},
      {kUnknownVariable, "True",
       "column 1: there is no variable 'True'; did you mean 'true'?\n"
       "  True\n"
       "  ^~~~"},
      {kUnknownVariable, "data.a == None",
       "column 11: there is no variable 'None'; write null\n"
       "  data.a == None\n"
       "            ^~~~"},
      {kUnknownVariable, "size > 1",
       "column 1: there is no variable 'size'; it is a function: write size(list)\n"
       "  size > 1\n"
       "  ^~~~"},
      {kUnknownVariable, "exists",
       "column 1: there is no variable 'exists'; it is a function: write list.exists(x, x > 0)\n"
       "  exists\n"
       "  ^~~~~~"},
      {kUnknownVariable, "type(event.a) == timestamp",
       "column 18: there is no variable 'timestamp'; the type is google.protobuf.Timestamp; to make "
       "one, write timestamp(text)\n"
       "  type(event.a) == timestamp\n"
       "                   ^~~~~~~~~"},
      {kUnknownVariable, "[1].all(item, itme > 0)",
       "column 15: there is no variable 'itme'; did you mean 'item'?\n"
       "  [1].all(item, itme > 0)\n"
       "                ^~~~"},
      {kUnknownVariable, "[1].all(x, true) && .x",
       "column 22: there is no variable 'x'; members are written event.x or data.x\n"
       "  [1].all(x, true) && .x\n"
       "                       ^"},
      {kUnknownFunction, "len(event.a)",
       "column 1: 'len' is no function\n"
       "  len(event.a)\n"
       "  ^~~"},
      {kUnknownFunction, "sise(event.a)",
       "column 1: 'sise' is no function; did you mean 'size'?\n"
       "  sise(event.a)\n"
       "  ^~~~"},
      {kUnknownMethod, "event.type.stratsWith(\"a\")",
       "column 12: 'stratsWith' is no function; did you mean 'startsWith'?\n"
       "  event.type.stratsWith(\"a\")\n"
       "             ^~~~~~~~~~"},
      {kCallStyle, "startsWith(event.type, 'a')",
       "column 1: 'startsWith' is called in another way; write text.startsWith(\"a\")\n"
       "  startsWith(event.type, 'a')\n"
       "  ^~~~~~~~~~"},
      {kCallStyle, "event.a.int()",
       "column 9: 'int' is called in another way; write int(x)\n"
       "  event.a.int()\n"
       "          ^~~"},
      {kCallStyle, "event.has('a')",
       "column 7: 'has' is called in another way; write has(event.name)\n"
       "  event.has('a')\n"
       "        ^~~"},
      {kCallStyle, "all([1], x, x > 0)",
       "column 1: 'all' is called in another way; write list.all(x, x > 0)\n"
       "  all([1], x, x > 0)\n"
       "  ^~~"},
      {kArgumentCount, "size()",
       "column 1: 'size' takes 1 argument, not 0; write size(list)\n"
       "  size()\n"
       "  ^~~~"},
      {kArgumentCount, "event.a.startsWith('a', 'b')",
       "column 9: 'startsWith' takes 1 argument, not 2; write text.startsWith(\"a\")\n"
       "  event.a.startsWith('a', 'b')\n"
       "          ^~~~~~~~~~"},
      {kArgumentCount, "timestamp(event.time).getHours(1, 2)",
       "column 23: 'getHours' takes 0 or 1 arguments, not 2; write time.getHours()\n"
       "  timestamp(event.time).getHours(1, 2)\n"
       "                        ^~~~~~~~"},
      {kArgumentCount, "has(event.a, event.b)",
       "column 1: 'has' takes 1 argument, not 2; write has(event.name)\n"
       "  has(event.a, event.b)\n"
       "  ^~~"},
      {kArgumentCount, "[1].all(x)",
       "column 5: 'all' takes 2 arguments, not 1; write list.all(x, x > 0)\n"
       "  [1].all(x)\n"
       "      ^~~"},
      {kArgumentCount, "[1].map(x, x, (x, 1), [x])",
       "column 5: 'map' takes 2 or 3 arguments, not 4; write list.map(x, x * 2)\n"
       "  [1].map(x, x, (x, 1), [x])\n"
       "      ^~~"},
      {kMacroVariable, "[1].filter(x.y, true)",
       "column 12: the first argument of 'filter' must be a plain name; write list.filter(x, x > "
       "0)\n"
       "  [1].filter(x.y, true)\n"
       "             ^"},
      {kHasArgument, "has(event) && true",
       "column 5: 'has' asks for a member, and this is none; write has(event.name)\n"
       "  has(event) && true\n"
       "      ^~~~~"},
      {kHasArgument, "has(data['a'])",
       "column 5: 'has' asks for a member, and this is none; write has(event.name)\n"
       "  has(data['a'])\n"
       "      ^~~~~~~~~"}};
}

std::vector<Row> kinds() {
  return {
      {kNoOverload, "1 + 'a'",
       "column 3: '+' does not take int and string; write string(...) around what is no text\n"
       "  1 + 'a'\n"
       "    ^"},
      {kNoOverload, "data.a - 'a'",
       "column 8: '-' does not take any value and string\n"
       "  data.a - 'a'\n"
       "         ^"},
      {kNoOverload, "1.5 % 2.0",
       "column 5: '%' does not take double and double; it takes two ints or two uints\n"
       "  1.5 % 2.0\n"
       "      ^"},
      {kNoOverload, "!1",
       "column 1: '!' does not take int\n"
       "  !1\n"
       "  ^"},
      {kNoOverload, "-(1u)",
       "column 1: '-' does not take uint; write -int(...)\n"
       "  -(1u)\n"
       "  ^"},
      {kNoOverload, "1 in 'abc'",
       "column 3: 'in' does not take int and string; behind 'in' stands a list or a map\n"
       "  1 in 'abc'\n"
       "    ^~"},
      {kNoOverload, "'abc'[0]",
       "column 6: '[]' does not take string and int; an index is for lists and maps\n"
       "  'abc'[0]\n"
       "       ^"},
      {kNoOverload, "size(1)",
       "column 1: 'size' does not take int\n"
       "  size(1)\n"
       "  ^~~~"},
      {kNoOverload, "'2024-01-31T08:00:00Z'.getHours()",
       "column 24: 'getHours' does not take string; write timestamp(...) around the text\n"
       "  '2024-01-31T08:00:00Z'.getHours()\n"
       "                         ^~~~~~~~"},
      {kNoMembers, "size(data.a).b",
       "column 14: int has no member 'b'\n"
       "  size(data.a).b\n"
       "               ^"},
      {kNotBool, "data.n + 1 ? 1 : 2",
       "column 1: '?' asks for a bool, not int; write a comparison\n"
       "  data.n + 1 ? 1 : 2\n"
       "  ^~~~~~~~~~"},
      {kMacroRange, "size(data).all(x, true)",
       "column 12: 'all' goes through a list or a map, not int\n"
       "  size(data).all(x, true)\n"
       "             ^~~"},
      {kMapKey, "{'a': 1, 1.5: 2}",
       "column 10: double cannot be the key of a map; a key is bool, int, uint or string\n"
       "  {'a': 1, 1.5: 2}\n"
       "           ^~~"},
      {kBadPattern, "data.a.matches('a(b')",
       "column 16: this regular expression cannot be read: missing ): a(b\n"
       "  data.a.matches('a(b')\n"
       "                 ^~~~~"},
      {kNeverConverts, "int('ten')",
       "column 1: int('ten') can never work\n"
       "  int('ten')\n"
       "  ^~~~~~~~~~"},
      {kNeverConverts, "timestamp(event.time) > timestamp('yesterday')",
       "column 25: timestamp('yesterday') can never work; write it like \"2024-01-31T08:00:00Z\"\n"
       "  timestamp(event.time) > timestamp('yesterday')\n"
       "                          ^~~~~~~~~~~~~~~~~~~~~~"},
      {kNeverConverts, "duration('1 day')",
       "column 1: duration('1 day') can never work; write it like \"1h30m\" or \"1.5s\"\n"
       "  duration('1 day')\n"
       "  ^~~~~~~~~~~~~~~~~"},
      {kNeverConverts, "bool('yes')",
       "column 1: bool('yes') can never work; write \"true\" or \"false\"\n"
       "  bool('yes')\n"
       "  ^~~~~~~~~~~"},
      {kNeverConverts, "uint(-1)",
       "column 1: uint(-1) can never work\n"
       "  uint(-1)\n"
       "  ^~~~~~~~"}};
}

std::vector<Row> warnings() {
  return {
      {kMixedArithmetic, "data.a > 1 + 1.0",
       "column 12: '+' of int and double is an error at run time; write double(1) + 1.0\n"
       "  data.a > 1 + 1.0\n"
       "             ^"},
      {kMixedArithmetic, "(1u + 2u) * (" + repeated(40, "1 + ") + "1)",
       "column 11: '*' of uint and int is an error at run time; write double(...) around the whole "
       "numbers\n"},
      {kOperandNotBool, "'a' && data.b",
       "column 1: '&&' asks for bools, and this is string: an error unless the other side decides; "
       "write a comparison\n"
       "  'a' && data.b\n"
       "  ^~~"},
      {kOperandNotBool, "data.b || 1 + 1",
       "column 11: '||' asks for bools, and this is int: an error unless the other side decides; "
       "write a comparison\n"
       "  data.b || 1 + 1\n"
       "            ^~~~~"},
      {kOperandNotBool, "data.b.all(x, 1)",
       "column 15: 'all' asks for bools, and this is int: an error unless the other side decides; "
       "write a comparison\n"
       "  data.b.all(x, 1)\n"
       "                ^"}};
}

/// Rows of long texts give the beginning only.
void expect_shown(const Row& row, const Fault& fault) {
  EXPECT_EQ(fault.code, name_of(row.code)) << row.text;
  EXPECT_EQ(render(row.text, fault).substr(0, row.shown.size()), row.shown);
  if (row.shown.back() != '\n') EXPECT_EQ(render(row.text, fault), row.shown);
  EXPECT_EQ(error_of(row.text, fault).code, ErrorCode::kInvalidExpression);
}

std::vector<Row> all_faults() {
  std::vector<Row> all;
  for (auto part : {whole_text, tokens, grammar, names, kinds}) {
    for (Row& row : part()) all.push_back(std::move(row));
  }
  return all;
}

TEST(CelFaults, SayWhatIsWrongAndWhere) {
  for (const Row& row : all_faults()) {
    const auto ast = parse(row.text);
    ASSERT_FALSE(ast) << row.text;
    EXPECT_EQ(ast.error().size(), 1U) << row.text;
    expect_shown(row, ast.error().front());
  }
}

TEST(CelFaults, WarnOfWhatLoadsAllTheSame) {
  for (const Row& row : warnings()) {
    const auto ast = parse(row.text);
    ASSERT_TRUE(ast) << row.text;
    ASSERT_EQ(ast->warnings.size(), 1U) << row.text;
    expect_shown(row, ast->warnings.front());
  }
}

TEST(CelFaults, StandInTheTableAllOfThem) {
  std::set<FaultCode> met;
  for (const Row& row : all_faults()) met.insert(row.code);
  for (const Row& row : warnings()) met.insert(row.code);
  for (int code = 0; code < kFaultCodeCount; ++code) {
    EXPECT_TRUE(met.count(static_cast<FaultCode>(code)))
        << name_of(static_cast<FaultCode>(code)) << " is in no table";
  }
}

TEST(CelFaults, AreAllToldAtOnce) {
  const std::string text = "amount > size(1) && evnt.a && sise(data) == 1 + 'a'";
  const auto ast = parse(text);
  ASSERT_FALSE(ast);
  std::vector<std::string> codes;
  for (const Fault& fault : ast.error()) codes.push_back(fault.code);
  const std::vector<std::string> expected{"unknown-variable", "no-overload", "unknown-variable",
                                          "unknown-function", "no-overload"};
  EXPECT_EQ(codes, expected);
}

TEST(CelFaults, CountLinesAndCharacters) {
  const std::string text = "event.a == '\xC3\xA4\xE2\x82\xAC' &&\r\n\tevnt.b";
  const auto ast = parse(text);
  ASSERT_FALSE(ast);
  EXPECT_EQ(render(text, ast.error().front()),
            "line 2, column 2: there is no variable 'evnt'; did you mean 'event'?\n"
            "  \tevnt.b\n"
            "  \t^~~~");
}

TEST(CelFaults, NameWhatIsDeclared) {
  const std::string text = "foo.b";
  EXPECT_EQ(parse(text, {{"line"}, false}).error().front().cure, "declared is 'line'");
  EXPECT_EQ(parse(text, {{"line", "file"}, false}).error().front().cure,
            "declared is 'line' and others");
  EXPECT_EQ(parse(text, {{}, false}).error().front().cure, "none is declared");
  EXPECT_EQ(parse("data.b", {{"line"}, true}).error().front().code, "unknown-variable");
}

}  // namespace
}  // namespace veltrix::cel
