// Names that are not known, and calls that do not fit.

#include "cpp/cel/fault_rows.hpp"

namespace veltrix::cel {
namespace {

using enum FaultCode;

const std::vector<FaultRow> kFaultsOfNames = {
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
     "column 23: 'getHours' takes 0 or 1 argument, not 2; write time.getHours()\n"
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

}  // namespace

std::vector<FaultRow> faults_of_names() { return kFaultsOfNames; }

}  // namespace veltrix::cel
