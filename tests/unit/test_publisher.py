"""The arguments of publish: good ones, bad ones, and what they say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

import msgspec
import pydantic
import pytest

import veltrix as vx
from veltrix import testing
from veltrix.errors import EventTooLargeError, InvalidEventError, InvalidUtf8Error, TooDeepError


class Clue(msgspec.Struct):
    team: str


@dataclasses.dataclass
class Found:
    team: str


class Seen(pydantic.BaseModel):
    team: str


class Undeclared(msgspec.Struct):
    team: str


class Liar:
    pass


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.fixture
def sim() -> Iterator[testing.Simulation]:
    app = vx.Pipeline("hunt")
    app.event("clue.found")(Clue)
    app.event("clue.seen")(Seen)
    app.event("clue.dated")(Found)

    @app.handler("**")
    def store(event: vx.Event) -> None: ...

    with testing.Simulation(app) as simulation:
        yield simulation


def received(sim: testing.Simulation) -> vx.Event:
    sim.run()
    return sim.attempts("store")[-1].event


GOOD_DATA = [
    (None, None),
    ({"a": [1, 2.5, None, True, "é"]}, {"a": [1, 2.5, None, True, "é"]}),
    (Clue("red"), {"team": "red"}),
    (Found("red"), {"team": "red"}),
    (Seen(team="red"), {"team": "red"}),
    ({"nested": Seen(team="red")}, {"nested": {"team": "red"}}),
    (b"\xff{", b"\xff{"),
    ("text", "text"),
    (5, 5),
    (2**60, 2**60),
    (dt.date(2013, 2, 8), "2013-02-08"),
]


@pytest.mark.parametrize(("data", "seen"), GOOD_DATA)
def test_publish_encodes_the_data_at_once(sim: testing.Simulation, data: Any, seen: Any) -> None:
    sim.publish("a", data)
    assert received(sim).data == seen


@pytest.mark.parametrize(
    ("payload", "type_name"),
    [(Clue("red"), "clue.found"), (Seen(team="red"), "clue.seen"), (Found("red"), "clue.dated")],
)
def test_publish_knows_the_type_of_a_declared_class(
    sim: testing.Simulation, payload: object, type_name: str
) -> None:
    sim.publish(payload, key="k")
    event = received(sim)
    assert (event.type, event.data, event.key) == (type_name, {"team": "red"}, "k")


def test_publish_tells_an_object_of_a_class_that_was_defined_again(
    sim: testing.Simulation,
) -> None:
    again = msgspec.defstruct("Clue", [("team", str)])
    with pytest.raises(vx.EventError, match="this Clue is of a class that was defined again"):
        sim.publish(again("red"))
    with pytest.raises(vx.EventError, match=r"declared with @app\.event, not int"):
        sim.publish(7)


def test_publish_keeps_every_attribute(sim: testing.Simulation) -> None:
    when = dt.datetime(2013, 2, 8, 12, 0, 0, 250_000, tzinfo=dt.UTC)
    receipt = sim.publish(
        "a", {}, id="7", source="/s", subject="x", time=when, key="k", priority="high"
    )
    event = received(sim)
    assert receipt.id == event.id == "7"
    assert (event.source, event.subject, event.time) == ("/s", "x", when)
    assert (event.key, event.priority) == ("k", 7)


def test_publish_takes_an_event_as_it_is(sim: testing.Simulation) -> None:
    event = vx.Event("a", {"x": 1}, id="7", source="/s")
    sim.publish(event)
    assert received(sim) == event


@pytest.mark.parametrize("after", ["10s", 10, 10.0])
def test_publish_waits_when_after_is_given(sim: testing.Simulation, after: Any) -> None:
    sim.publish("a", after=after)
    sim.run(until="9s")
    assert sim.attempts("store") == []
    sim.run(until="11s")
    assert sim.attempts("store")[0].started == pytest.approx(10, abs=0.01)


BAD = [
    ((), {}, TypeError),
    ((None,), {}, InvalidEventError),
    ((5,), {}, InvalidEventError),
    ((Undeclared("red"),), {}, InvalidEventError),
    ((b"a",), {}, InvalidEventError),
    (("",), {}, InvalidEventError),
    (("a", 1, 2), {}, TypeError),
    (("a",), {"prority": 5}, TypeError),
    (("a",), {"priority": 10}, ValueError),
    (("a",), {"priority": "hihg"}, ValueError),
    (("a",), {"priority": 4.5}, ValueError),
    (("a",), {"id": ""}, InvalidEventError),
    (("a",), {"id": 5}, (TypeError, InvalidEventError)),
    (("a",), {"source": ""}, InvalidEventError),
    (("a",), {"key": 5}, (TypeError, InvalidEventError)),
    (("a",), {"time": "yesterday"}, (ValueError, InvalidEventError)),
    (("a",), {"time": dt.datetime(2013, 2, 8)}, (ValueError, InvalidEventError)),
    (("a",), {"after": "soon"}, ValueError),
    (("a",), {"after": -1}, ValueError),
    (("a",), {"after": 1, "at": "2030-01-01T00:00:00Z"}, (TypeError, InvalidEventError)),
    (("a", Liar()), {}, InvalidEventError),
    (("a", {"x": Liar()}), {}, InvalidEventError),
    (("a", {"x": {1, object()}}), {}, InvalidEventError),
    (("a", {(1, 2): 3}), {}, InvalidEventError),
    (("a", "\ud800"), {}, InvalidEventError),
    (("a\ud800",), {}, InvalidUtf8Error),
    (("a", b"x" * (1 << 20)), {}, EventTooLargeError),
    (("a", nested(70)), {}, TooDeepError),
    (("a", "x" * (1 << 20)), {}, EventTooLargeError),
    (("a" * 70_000,), {}, InvalidEventError),
]


@pytest.mark.parametrize(("arguments", "options", "error"), BAD)
def test_publish_refuses_with_a_typed_error_when_an_argument_is_wrong(
    sim: testing.Simulation, arguments: tuple[Any, ...], options: dict[str, Any], error: Any
) -> None:
    with pytest.raises(error) as caught:
        sim.publish(*arguments, **options)
    assert str(caught.value)
    stats = sim.stats()
    assert stats.balanced
    assert stats.totals.admitted == 0


def test_publish_refuses_a_payload_with_data_beside_it(sim: testing.Simulation) -> None:
    with pytest.raises(TypeError):
        sim.publish(Clue("red"), {"more": 1})


def test_publish_says_so_when_the_engine_does_not_run() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    def store(event: vx.Event) -> None: ...

    engine = vx.Engine(app)
    with pytest.raises(vx.EngineStoppedError, match="start"):
        engine.publish("a")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_publish_refuses_numbers_that_json_cannot_say(
    sim: testing.Simulation, number: float
) -> None:
    with pytest.raises(vx.EventError, match=rf"data\.x\[1\] is {number}, which JSON cannot say"):
        sim.publish("a", {"x": [1.0, number]})


def test_publish_takes_null_for_none(sim: testing.Simulation) -> None:
    sim.publish("a", {"x": None})
    assert received(sim).data == {"x": None}
