"""The same source and id twice: taken once, inside the window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG, Recorder, balanced, handle
from veltrix import testing


def recording(**settings: Any) -> tuple[vx.Pipeline, Recorder]:
    app, seen = vx.Pipeline("dedup", **settings), Recorder()
    handle(app, "work", seen)
    return app, seen


def test_second_event_is_a_duplicate_of_the_first_when_source_and_id_are_equal() -> None:
    app, seen = recording()
    with vx.Engine(app) as engine:
        first = engine.publish("work", 1, id="x").accepted(timeout=LONG)
        second = engine.publish("work", 1, id="x").accepted(timeout=LONG)
        assert (second.state, second.duplicate_of) == ("duplicate", first.sequence)
        assert (first.duplicate_of, second.sequence) == (None, None)
        assert second.settled(timeout=LONG) == first.settled(timeout=LONG) == {"work": "done"}
    assert seen.events == [1]
    assert engine.stats().totals.duplicate == 1
    assert balanced(engine.stats())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"id": "x", "source": "a"}, {"id": "x", "source": "b"}),
        ({"id": "x"}, {"id": "X"}),
        ({"id": "ab", "source": "c"}, {"id": "b", "source": "ca"}),
        ({}, {}),
    ],
)
def test_both_events_are_taken_when_source_or_id_differ(
    first: dict[str, str], second: dict[str, str]
) -> None:
    app, seen = recording()
    with testing.Simulation(app) as simulation:
        simulation.publish("work", 1, **first)
        simulation.publish("work", 2, **second)
        simulation.run()
    assert seen.events == [1, 2]


def test_event_without_a_given_id_is_taken_as_often_as_it_is_published() -> None:
    app, seen = recording()
    event = vx.Event("work", 1)
    with testing.Simulation(app) as simulation:
        simulation.publish(event)
        simulation.publish(event)
        simulation.run()
    assert seen.events == [1, 1]


@pytest.mark.parametrize(("later", "taken"), [("59s", 1), ("60s", 2)])
def test_window_of_time_ends_exactly(later: str, taken: int) -> None:
    app, seen = recording(dedup={"window": "1m"})
    with testing.Simulation(app) as simulation:
        simulation.publish("work", id="x")
        simulation.run(until=later)
        simulation.publish("work", id="x")
        simulation.run()
    assert len(seen.events) == taken


@pytest.mark.parametrize(("between", "taken"), [(9, 1), (10, 2)])
def test_window_of_events_ends_exactly(between: int, taken: int) -> None:
    app, seen = recording(dedup={"events": 10})
    with testing.Simulation(app) as simulation:
        simulation.publish("work", "x", id="x")
        for number in range(between):
            simulation.publish("work", id=str(number))
        simulation.publish("work", "x", id="x")
        simulation.run()
    assert seen.events.count("x") == taken


def test_everything_is_taken_when_deduplication_is_off() -> None:
    app, seen = recording(dedup={"window": 0})
    with testing.Simulation(app) as simulation:
        for _ in range(5):
            simulation.publish("work", id="x")
        simulation.run()
    assert len(seen.events) == 5


def test_exactly_one_is_taken_when_threads_race_with_the_same_ids() -> None:
    app, seen = recording()
    with vx.Engine(app) as engine, ThreadPoolExecutor(4) as pool:

        def publish(_: int) -> None:
            for number in range(300):
                engine.publish("work", number, id=str(number))

        list(pool.map(publish, range(4)))
    assert sorted(seen.events) == list(range(300))
    assert engine.stats().totals.duplicate == 900
    assert balanced(engine.stats())


def test_duplicate_gives_its_room_back() -> None:
    app, seen = vx.Pipeline("dedup"), Recorder()
    handle(app, "work", seen, capacity={"events": 3}, overflow={"policy": "reject"})
    with vx.Engine(app) as engine:
        for _ in range(50):
            engine.publish("work", id="x").accepted(timeout=LONG)
            assert engine.drain(timeout=LONG)
    assert len(seen.events) == 1
