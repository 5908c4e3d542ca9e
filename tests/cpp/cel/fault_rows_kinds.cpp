// Kinds of values that do not fit, and warnings of them.

#include "cpp/cel/fault_rows.hpp"

namespace veltrix::cel {
namespace {

using enum FaultCode;

const std::vector<FaultRow> kFaultsOfKinds = {
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

const std::vector<FaultRow> kWarningsOfKinds = {
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

}  // namespace

std::vector<FaultRow> faults_of_kinds() { return kFaultsOfKinds; }
std::vector<FaultRow> warnings_of_kinds() { return kWarningsOfKinds; }

}  // namespace veltrix::cel
