"""``vx.Expression``: values across the border, both ways, and what it says of errors."""

from __future__ import annotations

import math
import pickle
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, IntEnum
from typing import Any

import msgspec
import numpy as np
import pydantic
import pytest

import veltrix as vx
from veltrix.expressions import as_json, explain

Verdicts = list[tuple[str, Any]]


class Clue(msgspec.Struct):
    team: str


@dataclass
class Plain:
    team: str


class Model(pydantic.BaseModel):
    team: str


class Level(IntEnum):
    HIGH = 7


class Colour(Enum):
    RED = "red"


BERLIN = timezone(timedelta(hours=1))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)

# What Python gives -> what comes back through `x`.
VALUES: Verdicts = [
    (None, None),
    (True, True),
    (0, 0),
    (-(2**63), -(2**63)),
    (2**63 - 1, 2**63 - 1),
    (2**64 - 1, 2**64 - 1),
    (0.5, 0.5),
    ("é\n\0", "é\n\0"),
    ("", ""),
    (b"\xff\0", b"\xff\0"),
    (bytearray(b"x"), b"x"),
    (NOON, NOON),
    (NOON.astimezone(BERLIN), NOON),
    (datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)),
    (
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    ),
    (timedelta(days=-1, microseconds=1), timedelta(days=-1, microseconds=1)),
    ([1, [2.5, "a"], ()], [1, [2.5, "a"], []]),
    ({"a": {"b": None}}, {"a": {"b": None}}),
    ({1: "int", "1": "text"}, {1: "int", "1": "text"}),
    ({True: 1}, {True: 1}),
    (OrderedDict(a=1), {"a": 1}),
    (Clue("red"), {"team": "red"}),
    (Plain("red"), {"team": "red"}),
    (Model(team="red"), {"team": "red"}),
    ([Clue("red"), Model(team="blue")], [{"team": "red"}, {"team": "blue"}]),
    (Level.HIGH, 7),
    (Colour.RED, "red"),
    (np.float64(0.5), 0.5),
    (np.int32(-5), -5),
    (np.uint64(2**63), 2**63),
    (np.bool_(True), True),
    (np.array([1, 2]), [1, 2]),
    ({"red"}, ["red"]),
]


@pytest.mark.parametrize(("given", "expected"), VALUES, ids=lambda value: repr(value)[:40])
def test_value_comes_back_as_it_went(given: object, expected: object) -> None:
    found = vx.Expression("x", ["x"]).evaluate({"x": given})
    assert found == expected
    assert type(found) is type(expected)


KINDS: Verdicts = [
    (1, "int"),
    (2**63, "uint"),
    (1.0, "double"),
    (True, "bool"),
    ("", "string"),
    (b"", "bytes"),
    (None, "null_type"),
    ([], "list"),
    ({}, "map"),
    (NOON, "google.protobuf.Timestamp"),
    (timedelta(0), "google.protobuf.Duration"),
]


@pytest.mark.parametrize(("given", "kind"), KINDS)
def test_type_is_a_text_with_its_name(given: object, kind: str) -> None:
    assert vx.Expression("type(x)", ["x"]).evaluate({"x": given}) == kind


DECLARED: list[tuple[str, object, str, object]] = [
    ("uint", 21, "x * 2u", 42),
    ("uint", 2**64 - 1, "x", 2**64 - 1),
    ("double", 3, "x / 2.0", 1.5),
    ("double", 2**63, "x", 2.0**63),
    ("int", 3, "x / 2", 1),
    ("dyn", 3, "x / 2", 1),
    ("timestamp", NOON, "x.getHours()", 12),
    ("duration", timedelta(hours=1), "x.getMinutes()", 60),
    ("map", {"a": 1}, "x.a", 1),
    ("list", (1,), "x[0]", 1),
]


@pytest.mark.parametrize(("kind", "given", "text", "expected"), DECLARED)
def test_declared_type_decides_what_a_number_is(
    kind: str, given: object, text: str, expected: object
) -> None:
    assert vx.Expression(text, {"x": kind}).evaluate({"x": given, "unused": object()}) == expected


loop: list[Any] = []
loop.append(loop)

# Variables, the reason and a part of the message.
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "missing", "variable 'x' has no value"),
    ({"x": 2**64}, "overflow", "64 bits"),
    ({"x": -(2**63) - 1}, "overflow", "64 bits"),
    ({"x": datetime(2026, 1, 1)}, "bad_conversion", "without a time zone"),
    ({"x": timedelta(days=3_652_501)}, "bad_conversion", "more than 10,000 years"),
    ({"x": object()}, "bad_conversion", "object"),
    ({"x": {1.5: 1}}, "bad_conversion", "key of type float"),
    ({"x": loop}, "bad_conversion", "contains itself"),
    ({"x": "\ud800"}, "bad_conversion", "lone surrogate"),
    ({"x": "a" * (5 << 20)}, "too_much_memory", "4 MiB"),
]


@pytest.mark.parametrize(("values", "reason", "said"), REFUSED, ids=lambda value: repr(value)[:30])
def test_value_is_refused_when_the_language_has_none_like_it(
    values: dict[str, Any], reason: str, said: str
) -> None:
    with pytest.raises(vx.EvaluationError, match=said) as caught:
        vx.Expression("x == 1", ["x"]).evaluate(values)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "given"), [("uint", -1), ("int", 1.0), ("int", True), ("string", b""), ("map", [])]
)
def test_value_is_refused_when_it_is_not_of_its_declared_type(kind: str, given: object) -> None:
    with pytest.raises(vx.EvaluationError, match=f"'x' is declared as {kind}, not "):
        vx.Expression("true", {"x": kind}).evaluate({"x": given})


EVENT = {"type": "clue.found", "data": {"team": "red", "n": 5, "tags": ["new", "vip"]}}
JSON = msgspec.json.encode(EVENT)
SAME: list[object] = [EVENT, JSON, JSON.decode(), vx.Event("clue.found", EVENT["data"])]

OVER_EVENTS: Verdicts = [
    ("data.n", 5),
    ("event.data.n == data.n", True),
    ("event.type + '/' + data.team", "clue.found/red"),
    ("data.tags.filter(tag, tag != 'new')", ["vip"]),
    ("has(data.no)", False),
    ("has(event.subject)", False),
    ("data", EVENT["data"]),
    ("event.data.tags[1]", "vip"),
    ("data.no.such > 1 || data.n == 5", True),
]


@pytest.mark.parametrize(("text", "expected"), OVER_EVENTS)
@pytest.mark.parametrize("event", SAME, ids=["dict", "bytes", "str", "Event"])
def test_event_is_the_same_in_every_form(event: object, text: str, expected: object) -> None:
    assert vx.Expression(text).evaluate(event) == expected


def test_time_of_an_event_is_text() -> None:
    event = vx.Event("a", time=NOON, id="i", source="/s", key="k", priority=7)
    text = "[event.time, event.id, event.source, event.partitionkey, string(event.priority)]"
    expected = ["2026-01-31T12:00:00Z", "i", "/s", "k", "7"]
    assert vx.Expression(text).evaluate(event) == expected
    assert vx.Expression("timestamp(event.time)").evaluate(event) == NOON


ERRORS: list[tuple[str, str, str]] = [
    ("data.no > 1", "missing", "no member 'no' in data .column 6"),
    ("data.n / (data.n - 5)", "divide_by_zero", "column 8"),
    ("data.n + 'a'", "no_overload", "column 8"),
    ("9223372036854775807 + data.n", "overflow", "column 21"),
    ("data.tags[2]", "out_of_bounds", "column 10"),
    ("int(data.team)", "bad_conversion", "column 1"),
    ("timestamp(data.team)", "bad_conversion", "column 1"),
]


@pytest.mark.parametrize(("text", "reason", "said"), ERRORS)
def test_error_names_reason_and_column(text: str, reason: str, said: str) -> None:
    with pytest.raises(vx.EvaluationError, match=said) as caught:
        vx.Expression(text).evaluate(EVENT)
    assert caught.value.reason == reason
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.reason) == (str(caught.value), reason)


@pytest.mark.parametrize("event", [b"{", b"", b'{"a": 01}', "\ud800", b'"\xff"'])
def test_text_of_an_event_is_refused_when_it_is_no_json(event: bytes | str) -> None:
    with pytest.raises(vx.EventError):
        vx.Expression("true").evaluate(event)


@pytest.mark.parametrize("event", [5, [], None])
def test_event_is_refused_when_it_is_no_mapping(event: object) -> None:
    with pytest.raises(vx.EvaluationError, match="a mapping or its JSON text"):
        vx.Expression("true").evaluate(event)


def test_text_is_refused_with_every_fault() -> None:
    with pytest.raises(vx.InvalidExpressionError) as caught:
        vx.Expression("data.x.stratsWith('a')")
    error = caught.value
    assert (error.line, error.column) == (1, 8)
    assert "column 8: " in str(error)
    assert "\n  data.x.stratsWith('a')\n         ^" in str(error)
    (fault,) = error.faults
    assert (fault.code, fault.severity, fault.begin, fault.end) == (
        "unknown-method",
        "error",
        7,
        17,
    )
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.faults) == (str(error), error.faults)


def test_columns_count_characters() -> None:
    with pytest.raises(vx.InvalidExpressionError) as caught:
        vx.Expression("'ééé' == date.x")
    assert caught.value.column == 10
    assert caught.value.faults[0].begin == 9


def test_lone_surrogate_is_a_fault_of_the_text() -> None:
    with pytest.raises(vx.InvalidExpressionError, match="column 4"):
        vx.Expression("'aa\ud800'")


@pytest.mark.parametrize(
    ("variables", "error", "said"),
    [
        ("abc", TypeError, "iterable of names"),
        (["a b"], ValueError, "name of a variable"),
        ({"a": "number"}, ValueError, "no type"),
    ],
)
def test_variables_are_refused(variables: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        vx.Expression("true", variables)


def test_names_are_those_that_were_declared() -> None:
    with pytest.raises(vx.InvalidExpressionError):
        vx.Expression("event.type == ''", ["x"])
    with pytest.raises(vx.InvalidExpressionError):
        vx.Expression("x == 1")


def test_mixed_arithmetic_is_a_warning() -> None:
    (warning,) = vx.Expression("1 + 1.0 > 0.0").warnings
    assert (warning.code, warning.severity) == ("mixed-arithmetic", "warning")
    assert vx.Expression("1 + 1").warnings == ()


def test_expressions_are_values() -> None:
    one, same = vx.Expression("x", {"x": "int"}), vx.Expression("x", {"x": "int"})
    others = [vx.Expression("x", ["x"]), vx.Expression("x ", {"x": "int"}), vx.Expression("data")]
    assert one == same
    assert hash(one) == hash(same)
    assert one not in others
    assert one != "x"
    assert repr(one) == "Expression('x', {'x': 'int'})"
    assert repr(others[2]) == "Expression('data')"
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    assert copy.evaluate({"x": 1}) == 1


def test_conversion_may_evaluate_another_expression() -> None:
    inner = vx.Expression("n + 1", ["n"])

    class Odd(msgspec.Struct):
        n: int

        @property
        def dtype(self) -> str:
            return "odd"

        def tolist(self) -> int:
            return int(inner.evaluate({"n": self.n}))

    assert (
        vx.Expression("a + ':' + string(x)", ["a", "x"]).evaluate({"a": "é", "x": Odd(1)}) == "é:2"
    )


def test_threads_share_an_expression() -> None:
    shared = vx.Expression("data.team + string(data.n)")
    wrong: list[object] = []

    def work(number: int) -> None:
        event = {"data": {"team": "t" * number, "n": number}}
        for _ in range(200):
            found = shared.evaluate(event)
            if found != "t" * number + str(number):
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_explanation_names_what_decided() -> None:
    text = "event.type == 'clue.found' && data.n > 7"
    found = explain(vx.Expression(text), EVENT)
    assert (found.verdict, found.deciding, found.values) == ("false", "data.n > 7", "data.n = 5")
    missing = explain(vx.Expression("data.no > 7"), EVENT)
    assert missing.verdict == "missing"
    assert str(missing) == "data.no: no member 'no' in data"


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ("data.tags", '["new","vip"]'),
        ("b'\\xff'", '"/w=="'),
        ("timestamp('2026-01-31T12:00:00Z')", '"2026-01-31T12:00:00Z"'),
        ("duration('90.5s')", '"90.500s"'),
        ("type(1)", '"int"'),
        ("0.0 / 0.0", '"NaN"'),
        ("-1.0 / 0.0", '"-Infinity"'),
        ("{2: [0.0 / 0.0, b'a', type(1u)], true: null}", '{"2":["NaN","YQ==","uint"],"true":null}'),
        ("[type(1), duration('90s')]", '["int","90s"]'),
        ("18446744073709551615u", "18446744073709551615"),
    ],
)
def test_value_has_a_json_form(text: str, json: str) -> None:
    assert as_json(vx.Expression(text), EVENT) == json


def test_nan_is_a_value() -> None:
    assert math.isnan(vx.Expression("0.0 / 0.0").evaluate({}))
