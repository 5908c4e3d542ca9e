// Faults of the whole text and of its tokens.

#include "cpp/cel/fault_rows.hpp"

namespace veltrix::cel {
namespace {

using enum FaultCode;

const std::vector<FaultRow> kFaultsOfText = {
    {kEmptyExpression, "",
     "column 1: there is no expression; write a condition such as event.priority > 5"},
    {kEmptyExpression, " // nothing\n",
     "line 1, column 1: there is no expression; write a condition such as event.priority > 5\n"
     "   // nothing\n"
     "  ^"},
    {kTooLong, "'" + repeated(2047, "a") + "'",
     "column 2049: the expression has 2049 bytes; at most 2048 are allowed; split it into "
     "several shorter ones\n"
     "  ..." +
         repeated(60, "a") + "'\n" + "  " + repeated(63, " ") + "^"},
    {kNotUtf8, "'a\xC3('",
     "column 3: the text is not UTF-8 from here on; save the file as UTF-8\n"
     "  'a\xC3('\n"
     "    ^"},
    {kTooManyNodes, "[" + repeated(256, "1,") + "1]",
     "column 514: the expression has more than 256 parts; split it into several shorter ones\n"
     "  ..." +
         repeated(30, "1,") + "1]\n" + "  " + repeated(63, " ") + "^"},
    {kTooDeep, repeated(33, "(") + "1" + repeated(33, ")"),
     "column 34: nested more than 32 levels deep; split the expression\n"
     "  " +
         repeated(33, "(") + "1" + repeated(33, ")") + "\n" + "  " + repeated(33, " ") + "^"},
    {kTooDeep, repeated(33, "[1, ") + "1" + repeated(33, "]"),
     "column 130: nested more than 32 levels deep; split the expression\n"
     "  ...1, " +
         repeated(15, "[1, ") + "1" + repeated(33, "]") + "\n"},
    {kUnexpectedCharacter, "event.a == \xC3\xA4",
     "column 12: '\xC3\xA4' has no meaning here; texts stand in quotes: \"...\"\n"
     "  event.a == \xC3\xA4\n"
     "             ^"},
    {kUnexpectedCharacter, "$.a > 1",
     "column 1: '$' has no meaning here; write event.name\n"
     "  $.a > 1\n"
     "  ^"},
    {kUnexpectedCharacter, "event.`a+b`",
     "column 7: '`' has no meaning here; a member in backticks has letters, digits and _ - . / "
     "only\n"
     "  event.`a+b`\n"
     "        ^"},
    {kUnexpectedToken, "`a` == 1",
     "column 1: '`a`' does not fit here; expected a value\n"
     "  `a` == 1\n"
     "  ^~~"},
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

}  // namespace

std::vector<FaultRow> faults_of_text() { return kFaultsOfText; }

}  // namespace veltrix::cel
