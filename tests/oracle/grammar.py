"""What generated expressions are made of: for each type its leaves and what can be built.

A production is a text with places, and the types that go there. ``?`` before a type: hidden from
the checker by ``dyn()``, so that what can never work gets as far as the evaluation.
"""

from __future__ import annotations

from typing import NamedTuple


class Production(NamedTuple):
    """One way to write a value of a type."""

    name: str  # by which it is counted
    template: str
    types: tuple[str, ...]


def _rows(*rows: str) -> list[Production]:
    """``name | template | types`` a line."""
    out = []
    for row in rows:
        name, template, types = (part.strip() for part in row.split(" | "))
        out.append(Production(name, template, tuple(types.split())))
    return out


def _leaves(text: str) -> tuple[str, ...]:
    return tuple(leaf.strip() for leaf in text.split(" ; "))


LEAVES: dict[str, tuple[str, ...]] = {
    "bool": _leaves("true ; false ; data.b ; data.n.b ; has(data.i) ; has(data.nothing)"),
    "int": _leaves(
        "0 ; 1 ; 2 ; -1 ; 7 ; 60 ; 0x1F ; 3 ; 12 ; 9223372036854775807"
        " ; -9223372036854775808 ; data.i ; data.i ; event.priority ; data.n.i"
        " ; data.big ; data['i'] ; size(data.words) ; data.small ; data.small"
        " ; data.small"
    ),
    "part": _leaves("7 ; data.small"),
    "uint": _leaves("0u ; 1u ; 7u ; 60u ; 18446744073709551615u ; uint(event.priority)"),
    "double": _leaves("0.0 ; 1.5 ; -2.25 ; 1e300 ; 0.1 ; -0.0 ; 1e-7 ; data.d ; data.d ; data.n.d"),
    "string": _leaves(
        "'' ; 'a' ; 'abc' ; '\\u00e4\\u20ac' ; 'N12AA' ; r'\\d' ; '''q'q''' ; data.s"
        " ; data.s ; data.n.s ; event.type ; event.source ; data.number ; data.text"
    ),
    "bytes": _leaves("b'' ; b'abc' ; b'\\xff' ; b'\\303\\244' ; bytes(data.s)"),
    "time": _leaves(
        "timestamp(event.time) ; timestamp('2013-02-08T23:59:59.5Z')"
        " ; timestamp(data.when) ; timestamp('2024-02-29T12:00:00+05:30')"
        " ; timestamp(data.i)"
    ),
    "span": _leaves(
        "duration('90s') ; duration('-1h30m') ; duration('0s') ; duration(data.wait)"
        " ; duration('1.5s') ; duration('250ms')"
    ),
    "ints": _leaves("[1, 2, 3] ; data.ints ; data.ints ; [] ; [7, data.i,] ; data.n.ints"),
    "words": _leaves("['a', 'abc'] ; data.words ; data.words ; [data.s, 'x']"),
    "map": _leaves("{'a': 1, 'b': 2} ; data.map ; data.map ; {} ; {'i': data.i}"),
    "null": _leaves("null ; data.none"),
    "kind": _leaves(
        "int ; string ; double ; bool ; list ; map ; null_type ; uint ; bytes ; type"
        " ; google.protobuf.Timestamp ; google.protobuf.Duration"
    ),
    "small": _leaves("0 ; 0 ; 1 ; data.zero ; 0u ; 0.0 ; 2"),
    "member": _leaves("i ; b ; nothing ; s ; zz"),
    "nothing": ("",),
    "zone": _leaves(
        "'UTC' ; 'America/New_York' ; 'Europe/Berlin' ; '+05:30' ; '-08:00' ; '02:00'"
        " ; 'Asia/Kolkata' ; data.zone ; data.s"
    ),
    "pattern": _leaves("'^N[0-9]+' ; 'a.c' ; '[a-z]+$' ; '' ; '(?i)ABC' ; data.pattern"),
}
# Whatever is asked for, this comes now and then instead: errors of every kind.
WRONG = _leaves(
    "data.nothing ; data.nothing.x ; event.nothing ; data.ints[9] ; data.map['zz']"
    " ; dyn(1 / data.zero) ; dyn('a') ; dyn(1) ; dyn(1.5) ; dyn(null) ; data.none"
    " ; dyn([1]) ; data.i.x ; data.s"
)

_SCALARS = ("bool", "int", "uint", "double", "string", "bytes", "time", "span")
ANY = (*_SCALARS, "part", "ints", "words", "map", "null", "kind")

PRODUCTIONS: dict[str, list[Production]] = {
    "bool": _rows(
        "&& | {} && {} | bool bool",
        "|| | {} || {} | bool bool",
        "! | !{} | bool",
        "!! | !!{} | bool",
        "?: | {} ? {} : {} | bool bool bool",
        "== | {} == {} | any any",
        "== | {} == {} | number number",
        "== | {} == {} | same same",
        "!= | {} != {} | any any",
        "!= | {} != {} | number number",
        "< | {} < {} | number number",
        "<= | {} <= {} | number number",
        "> | {} > {} | number number",
        ">= | {} >= {} | number number",
        "< | {} < {} | ordered ordered",
        "<= | {} <= {} | ordered ordered",
        "> | {} > {} | ordered ordered",
        ">= | {} >= {} | ordered ordered",
        "in | {} in {} | number ints",
        "in | {} in {} | string words",
        "in | {} in {} | string map",
        "in | {} in [{}, {}] | any any any",
        "startsWith | {}.startsWith({}) | string string",
        "endsWith | {}.endsWith({}) | string string",
        "contains | {}.contains({}) | string string",
        "matches | {}.matches({}) | string pattern",
        "matches | matches({}, {}) | string pattern",
        "bool() | bool({}) | ?string",
        "bool() | bool({}) | bool",
        "all | {}.all({x}, {bool:x}) | range",
        "exists | {}.exists({x}, {bool:x}) | range",
        "exists_one | {}.exists_one({x}, {bool:x}) | range",
        "type() | type({}) == {} | any kind",
        "has | has(data.n.{}) | member",
        "[] | [{}, {}][{}] | bool bool ?number",
    ),
    "int": _rows(
        "+ | {} + {} | int int",
        "- | {} - {} | int int",
        "* | {} * {} | int int",
        "/ | {} / {} | int int",
        "% | {} % {} | int int",
        "-x | -{} | int",
        "--x | --{} | int",
        "?: | {} ? {} : {} | bool int int",
        "size | size({}) | sized",
        "size | {}.size() | sized",
        "int() | int({}) | ?number",
        "int() | int({}) | ?string",
        "int() | int({}) | time",
        "[] | data.ints[{}] | small",
        "[] | {}[{}] | ints int",
        "[] | {}[{}] | map string",
        "[] | {}[{}] | ints ?number",
        "[] | [{}, {}][{}] | int int ?number",
        "dyn | dyn({}) | int",
    ),
    "part": _rows(
        "getFullYear | {}.getFullYear({}) | time zone?",
        "getMonth | {}.getMonth({}) | time zone?",
        "getDate | {}.getDate({}) | time zone?",
        "getDayOfMonth | {}.getDayOfMonth({}) | time zone?",
        "getDayOfWeek | {}.getDayOfWeek({}) | time zone?",
        "getDayOfYear | {}.getDayOfYear({}) | time zone?",
        "getHours | {}.getHours({}) | time zone?",
        "getMinutes | {}.getMinutes({}) | time zone?",
        "getSeconds | {}.getSeconds({}) | time zone?",
        "getMilliseconds | {}.getMilliseconds({}) | time zone?",
        "getHours | {}.getHours() | span",
        "getMinutes | {}.getMinutes() | span",
        "getSeconds | {}.getSeconds() | span",
        "getMilliseconds | {}.getMilliseconds() | span",
    ),
    "uint": _rows(
        "+ | {} + {} | uint uint",
        "- | {} - {} | uint uint",
        "* | {} * {} | uint uint",
        "/ | {} / {} | uint uint",
        "% | {} % {} | uint uint",
        "uint() | uint({}) | ?number",
        "uint() | uint({}) | ?string",
    ),
    "double": _rows(
        "+ | {} + {} | double double",
        "- | {} - {} | double double",
        "* | {} * {} | double double",
        "/ | {} / {} | double double",
        "-x | -{} | double",
        "?: | {} ? {} : {} | bool double double",
        "double() | double({}) | ?number",
        "double() | double({}) | ?string",
        "mixed | {} + {} | int double",
        "mixed | dyn({} * {}) | uint int",
    ),
    "string": _rows(
        "+ | {} + {} | string string",
        "string() | string({}) | ?scalar",
        "?: | {} ? {} : {} | bool string string",
        "[] | {}[{}] | words int",
        "dyn | dyn({}) | string",
    ),
    "bytes": _rows("bytes() | bytes({}) | string", "+ | {} + {} | bytes bytes"),
    "time": _rows(
        "time+ | {} + {} | time span",
        "time+ | {} + {} | span time",
        "time- | {} - {} | time span",
        "timestamp() | timestamp({}) | ?string",
        "timestamp() | timestamp({}) | time",
        "timestamp() | timestamp({}) | ?int",
    ),
    "span": _rows(
        "time- | {} - {} | time time",
        "time- | {} - {} | span span",
        "time+ | {} + {} | span span",
        "duration() | duration({}) | ?string",
        "duration() | duration({}) | span",
    ),
    "ints": _rows(
        "list | [{}, {}, {}] | int int int",
        "list+ | {} + {} | ints ints",
        "filter | {}.filter({x}, {bool:x}) | ints",
        "map() | {}.map({x}, {int:x}) | ints",
        "map(,) | {}.map({x}, {bool:x}, {int:x}) | ints",
        "?: | {} ? {} : {} | bool ints ints",
    ),
    "words": _rows(
        "list | [{}, {}] | string string",
        "list+ | {} + {} | words words",
        "filter | {}.filter({x}, {bool:x}) | words",
        "map() | {}.map({x}, {string:x}) | words",
        "map(,) | {}.map({x}, {bool:x}, {string:x}) | words",
    ),
    "map": _rows("map{} | {{'a': {}, 'k' + {}: {}}} | int string int"),
    "null": _rows("?: | {} ? {} : {} | bool null null"),
    "kind": _rows("type() | type({}) | any", "type() | type({}) | kind"),
}
# Types that stand for one of several.
CHOICES: dict[str, tuple[str, ...]] = {
    "any": ANY,
    "scalar": _SCALARS,
    "number": ("int", "int", "uint", "double", "double", "part", "part"),
    "ordered": ("string", "string", "bytes", "time", "span", "bool", "number"),
    "sized": ("string", "bytes", "ints", "words", "map"),
    "range": ("ints", "ints", "words", "map"),
}
EVERY = {row.name for rows in PRODUCTIONS.values() for row in rows}
