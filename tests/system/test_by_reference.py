"""``payload: reference``: handlers get the very object that was published; nobody keeps it."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG
from veltrix import testing


class Thing:
    """Nothing that JSON could say."""


def passing(**options: Any) -> tuple[vx.Pipeline, list[Any]]:
    app, got = vx.Pipeline("things"), list[Any]()

    @app.handler("a", queue="work", payload="reference", **options)
    def work(event: vx.Event) -> None:
        got.append(event.data)

    return app, got


def test_handler_gets_the_object_itself() -> None:
    app, got = passing()
    things = [Thing(), [1, 2], {"x": Thing()}, b"bytes", 5]
    with vx.Engine(app) as engine:
        receipts = [engine.publish("a", thing, key="k") for thing in things]
        assert all(receipt.settled(LONG) == {"work": "done"} for receipt in receipts)
    assert all(mine is theirs for mine, theirs in zip(got, things, strict=True))


def test_object_is_let_go_when_its_event_is_over() -> None:
    app, got = passing()
    with vx.Engine(app) as engine:
        thing = Thing()
        died = weakref.ref(thing)
        engine.publish("a", thing).settled(LONG)
        engine.drain()
        del thing
        got.clear()
        engine.publish("a", 1).settled(LONG)
        gc.collect()
        assert died() is None


def test_object_of_an_event_that_never_ran_is_let_go_with_the_engine() -> None:
    app, _ = passing()
    thing = Thing()
    died = weakref.ref(thing)
    engine = vx.Engine(app).start()
    engine.publish("a", thing, after="1h")
    assert engine.stop(0).left == {"work": 1}
    del engine, thing
    gc.collect()
    with vx.Engine(app) as engine:
        engine.publish("a", 1).settled(LONG)
    assert died() is None


def test_retries_see_the_same_object() -> None:
    app, seen = vx.Pipeline("things"), list[int]()

    @app.handler("a", payload="reference", retry={"max_attempts": 3, "backoff": "1ms"})
    def grows(event: vx.Event) -> None:
        event.data.append(len(event.data))
        seen.append(id(event.data))
        if len(event.data) < 3:
            raise ValueError("again")

    mine: list[int] = []
    with vx.Engine(app) as engine:
        engine.publish("a", mine).settled(LONG)
    assert mine == [0, 1, 2]
    assert set(seen) == {id(mine)}


def test_an_event_that_others_take_too_is_encoded_for_all() -> None:
    app, got = passing()

    @app.handler("a", queue="other")
    def other(event: vx.Event) -> None:
        got.append(event.data)

    data = {"x": 1}
    with vx.Engine(app) as engine:
        engine.publish("a", data).settled(LONG)
        with pytest.raises(vx.EventError, match=r"data is a .*Thing, which is not JSON"):
            engine.publish("a", Thing())
        assert engine.stats().balanced
    assert got == [data, data]
    assert not any(each is data for each in got)


def test_a_missing_key_is_counted_once_where_others_take_the_event_too() -> None:
    app, _ = passing()

    @app.handler("a", queue="other", key="data.team")
    def other(event: vx.Event) -> None: ...

    with vx.Engine(app) as engine:
        engine.publish("a", {"team": "red"})
        assert engine.stats().totals.key_missing == 0
        engine.publish("a", {"no": "team"})
        assert engine.stats().totals.key_missing == 1


def test_events_kept_and_dead_letters_hold_their_object() -> None:
    app, kept = vx.Pipeline("things"), list[vx.Event]()

    @app.handler("a", payload="reference", retry={"max_attempts": 1})
    def fails(event: vx.Event) -> None:
        kept.append(event)
        raise ValueError("no")

    thing = [Thing()]
    with vx.Engine(app) as engine:
        engine.publish("a", thing).settled(LONG)
        (letter,) = engine.dead_letters.list()
        assert letter.event.data is thing
        assert kept[0].data is thing
        engine.dead_letters.redrive()
        engine.drain(LONG)
    assert kept[-1].data is thing
    with pytest.raises(vx.EventError, match=r"data\[0\] is a .*Thing"):
        kept[0].to_json()


def test_events_of_plain_data_are_written_as_json_when_asked() -> None:
    app, kept = vx.Pipeline("things"), list[vx.Event]()

    @app.handler("a", payload="reference")
    def keeps(event: vx.Event) -> None:
        kept.append(event)

    with vx.Engine(app) as engine:
        engine.publish("a", {"x": [1, None]}, id="1", source="s").settled(LONG)
    assert vx.Event.from_json(kept[0].to_json()).data == {"x": [1, None]}


def test_same_id_with_another_object_is_a_duplicate() -> None:
    app, got = passing()
    with vx.Engine(app) as engine:
        engine.publish("a", [1], id="1").accepted(LONG)
        again = engine.publish("a", [2], id="1").accepted(LONG)
        assert again.state == "duplicate"
    assert got == [[1]]


def test_simulation_passes_objects_too() -> None:
    app, got = passing()
    thing = Thing()
    with testing.Simulation(app) as sim:
        sim.publish("a", thing)
        sim.run()
    assert got == [thing]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pool": "processes"}, "objects of this process do not reach others"),
        (
            {"dedup": {"by": ["data.x"], "window": "1h"}},
            "nothing is read from the data of an object",
        ),
        ({"key": "data.team"}, "no key is read from those"),
    ],
)
def test_options_that_need_a_snapshot_are_refused(options: dict[str, Any], message: str) -> None:
    app, _ = passing(**options)
    with pytest.raises(vx.ConfigError, match=message):
        vx.Engine(app)
