// Faults of the grammar.

#include "cpp/cel/fault_rows.hpp"

namespace veltrix::cel {
namespace {

using enum FaultCode;

const std::vector<FaultRow> kFaultsOfGrammar = {
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
     "column 3: ''" + repeated(39, "a") +
         "...' does not fit here; expected an operator or the "
         "end\n"
         "  1 '" +
         repeated(50, "a") + "'\n" + "    ^" + repeated(51, "~")},
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

}  // namespace

std::vector<FaultRow> faults_of_grammar() { return kFaultsOfGrammar; }

}  // namespace veltrix::cel
