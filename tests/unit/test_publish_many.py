"""``publish_many``: what it takes, in which order, and how it says which item is wrong."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pytest

import veltrix as vx
from veltrix import testing

LINE = {"specversion": "1.0", "id": "1", "source": "/game", "type": "clue.found", "data": {"n": 1}}


class Clue(msgspec.Struct):
    n: int


class Box(msgspec.Struct):
    raw: msgspec.Raw


@pytest.fixture
def sim() -> testing.Simulation:
    app = vx.Pipeline("hunt")
    app.event("clue.found")(Clue)

    @app.handler("**", queue="all", order="total")
    def every(event: vx.Event) -> None: ...

    return testing.Simulation(app)


def seen(sim: testing.Simulation) -> list[Any]:
    sim.run()
    return [attempt.event.data for attempt in sim.attempts("all")]


def lines(count: int) -> bytes:
    return b"\n".join(
        json.dumps(LINE | {"id": str(n), "data": {"n": n}}).encode() for n in range(count)
    )


def test_takes_payloads_of_one_type_with_arguments_for_all(sim: testing.Simulation) -> None:
    receipts = sim.publish_many(({"n": n} for n in range(5)), type="a", key="k", priority=7)
    assert len(receipts) == 5
    assert seen(sim) == [{"n": n} for n in range(5)]
    event = sim.attempts("all")[0].event
    assert (event.type, event.key, event.priority) == ("a", "k", 7)


def test_takes_events_payload_objects_and_dicts_of_arguments_in_their_order(
    sim: testing.Simulation,
) -> None:
    sim.publish_many([vx.Event("a", {"n": 0}), Clue(1), {"type": "b", "data": {"n": 2}, "id": "x"}])
    assert seen(sim) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert [attempt.event.type for attempt in sim.attempts("all")] == ["a", "clue.found", "b"]
    assert sim.attempts("all")[2].event.id == "x"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, bytes.decode])
def test_takes_json_lines_and_skips_blank_ones(sim: testing.Simulation, kind: Any) -> None:
    sim.publish_many(kind(lines(2) + b"\n\n  \r\n" + lines(3)[-100:].split(b"\n")[-1] + b"\n"))
    assert seen(sim) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_takes_nothing(sim: testing.Simulation) -> None:
    assert len(sim.publish_many([])) == len(sim.publish_many(b"")) == 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "event 1 of publish_many: data.x is nan"),
        (np.float32(1.5), "data.x is a numpy.float32, which is not JSON; pass value.item()"),
        (np.int64(3), "data.x is a numpy.int64, which is not JSON; pass value.item()"),
        (np.float64("nan"), "data.x is nan"),
        (np.arange(3), "data.x is a numpy.ndarray, which is not JSON; pass value.tolist()"),
        ([{"y": object()}], r"data.x\[0\].y is an object"),
        ({"y": {1, 2, 1j}}, r"data.x.y\[\d\] is a complex"),
    ],
)
def test_names_item_and_field_of_what_json_cannot_say(
    sim: testing.Simulation, value: Any, message: str
) -> None:
    with pytest.raises(vx.EventError, match=message) as caught:
        sim.publish_many([{"x": 0}, {"x": value}, {"x": 2}], type="a")
    assert (caught.value.index, len(caught.value.receipts)) == (1, 1)  # type: ignore[attr-defined]
    assert seen(sim) == [{"x": 0}], "what stands before it is published"


@pytest.mark.parametrize(
    ("items", "kind", "message"),
    [
        ([{"n": 1}], TypeError, "needs a type"),
        ([{"type": "a", "date": 1}], TypeError, "date is not an argument of an event"),
        ([{1: "a"}], TypeError, "arguments have names"),
        ([7], vx.EventError, "not int"),
        (7, TypeError, "not iterable"),
        (b'{"specversion": "1.0"}', vx.EventError, "'id' is missing"),
        ({"type": "a"}, TypeError, "takes many events, not one dict"),
        ("\ud800", vx.EventError, "event 0 of publish_many"),
        (b"nonsense", vx.EventError, "event 0 of publish_many"),
        (lines(2) + b'\n{"id', vx.EventError, "event 2 of publish_many"),
    ],
)
def test_says_what_is_wrong_with_an_item(
    sim: testing.Simulation, items: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        sim.publish_many(items)


def test_refuses_arguments_that_have_no_payloads(sim: testing.Simulation) -> None:
    with pytest.raises(TypeError, match="priority= needs type="):
        sim.publish_many([], priority=3)
    with pytest.raises(TypeError, match="JSON lines say their types themselves"):
        sim.publish_many(b"", type="a")


def test_an_iterator_that_raises_ends_it_behind_what_it_gave(sim: testing.Simulation) -> None:
    def broken() -> Any:
        yield {"n": 0}
        raise OSError("the disk")

    with pytest.raises(OSError, match="event 1 of publish_many: the disk"):
        sim.publish_many(broken(), type="a")
    assert seen(sim) == [{"n": 0}]


@pytest.mark.parametrize("error", [OSError(2, "gone"), KeyError("n"), KeyboardInterrupt()])
def test_errors_of_the_caller_stay_as_they_are_and_say_which_event(
    sim: testing.Simulation, error: BaseException
) -> None:
    def broken() -> Any:
        yield {"n": 0}
        raise error

    arguments = error.args
    with pytest.raises(type(error)) as caught:
        sim.publish_many(broken(), type="a")
    assert caught.value is error
    assert error.args == arguments
    assert error.__notes__ == ["event 1 of publish_many"]
    assert (error.index, len(error.receipts)) == (1, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("raw", [b"{", b"1 2", b'{"n": 0}}\n{"type": "forged"', b"\xff"])
@pytest.mark.parametrize("pack", [lambda raw: raw, lambda raw: {"a": [raw]}, Box])
def test_raw_json_is_checked_when_it_is_published(
    sim: testing.Simulation, raw: bytes, pack: Any
) -> None:
    with pytest.raises(vx.EventError, match=r"a msgspec.Raw in data: .* at byte"):
        sim.publish("a", pack(msgspec.Raw(raw)))
    sim.publish("a", pack(msgspec.Raw(b'{"n": 1}')))
    assert len(seen(sim)) == 1


def test_receipts_are_a_sequence_that_waits_for_all() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    def fails_for_two(event: vx.Event) -> None:
        if event.data == 2:
            raise vx.DeadLetter("two")

    with vx.Engine(app) as engine:
        receipts = engine.publish_many(range(4), type="a")
        assert receipts.accepted(timeout=5) is receipts
        expected = Counter({("fails_for_two", "done"): 3, ("fails_for_two", "dead"): 1})
        assert receipts.settled(timeout=5) == expected
        assert receipts[0].state == "accepted"
        assert len(receipts[1:3]) == 2
        assert repr(receipts) == "Receipts(4 events)"
    with pytest.raises(vx.EngineStoppedError):
        engine.publish_many([])
