"""Urgent events overtake a backlog; nothing waits for ever."""

from __future__ import annotations

import threading

import pytest

import veltrix as vx
from system.pipelines import LONG, Gate, Recorder, balanced, handle
from veltrix import testing


def backlog(engine: vx.Engine, gate: Gate, count: int = 50) -> None:
    """Fills the queues while their only executor is held."""
    engine.publish("gate", priority="urgent")
    gate.wait_begun()
    for number in range(count):
        engine.publish("work", number)


# The gate's time counts as urgent: the lower classes would be owed their share of it and have it
# first. Hence no minimum share where the order is compared to the letter.
NO_SHARE = {"min_share": 0}


def test_urgent_event_overtakes_the_backlog_of_another_queue() -> None:
    app, gate, seen = vx.Pipeline("priority", dispatch=NO_SHARE), Gate(), Recorder()
    handle(app, "gate", gate, priority="urgent")
    handle(app, "work", seen, priority="low")
    handle(app, "alarm", seen, priority="urgent")
    with vx.Engine(app, python_executors=1) as engine:
        backlog(engine, gate)
        engine.publish("alarm", "fire")
        gate.open()
    assert seen.events == ["fire", *range(50)]


def test_urgent_event_overtakes_its_own_queue() -> None:
    app, gate, seen = vx.Pipeline("priority", dispatch=NO_SHARE), Gate(), Recorder()
    handle(app, "gate", gate, priority="urgent")
    handle(app, "work", seen)
    with vx.Engine(app, python_executors=1) as engine:
        backlog(engine, gate, 3)
        for priority in (2, 9, 7, "bulk", 8, "high"):
            engine.publish("work", priority, priority=priority)
        gate.open()
    assert seen.events == [9, 8, 7, "high", 0, 1, 2, 2, "bulk"]


@pytest.mark.parametrize(
    ("route", "event", "queue", "expected"),
    [
        (None, None, None, 4),
        (None, None, "low", 2),
        (None, 6, "low", 6),
        ("urgent", 6, "low", 9),
        (0, 9, 9, 0),
    ],
)
def test_priority_comes_from_route_event_and_queue_in_this_order(
    route: object, event: object, queue: object, expected: int
) -> None:
    app = vx.Pipeline("priority")

    @app.handler("other")
    def work(found: vx.Event) -> None: ...

    options = {} if queue is None else {"priority": queue}
    app.queue("work", **options)
    app.route("all", type="work", to="work", **({} if route is None else {"priority": route}))
    with testing.Simulation(app) as simulation:
        simulation.publish("work", priority=event)
        simulation.run()
        assert list(simulation.stats().queues["work"].priorities) == [expected]


def test_batch_ends_early_when_something_urgent_arrives() -> None:
    app, seen = vx.Pipeline("priority"), list[str]()
    first = threading.Event()

    def work(event: vx.Event) -> None:
        if not first.is_set():
            engine.publish("alarm")
            first.set()
        seen.append(event.type)

    handle(app, "work", work)
    handle(app, "alarm", lambda event: seen.append(event.type), priority="urgent")
    with vx.Engine(app, python_executors=1) as engine:
        for _ in range(100):
            engine.publish("work")
        engine.drain()
    assert seen.index("alarm") == 1


def test_low_class_gets_its_share_when_a_higher_one_never_ends() -> None:
    app, low = vx.Pipeline("priority", dispatch={"min_share": "5%"}), threading.Event()
    stop = threading.Event()

    def flood(event: vx.Event) -> None:
        if not stop.is_set():
            engine.publish("flood")

    handle(app, "flood", flood, priority="urgent", order="none")
    handle(app, "low", lambda event: low.set(), priority="bulk")
    with vx.Engine(app, python_executors=1) as engine:
        for _ in range(200):
            engine.publish("flood")
        engine.publish("low")
        assert low.wait(LONG), "the lowest class starved"
        stop.set()
        engine.drain(timeout=LONG)
    assert balanced(engine.stats())


def test_low_class_waits_for_ever_when_the_policy_is_strict() -> None:
    app, seen = vx.Pipeline("priority", dispatch={"policy": "strict"}), list[str]()
    left = iter(range(3_000))

    def flood(event: vx.Event) -> None:
        seen.append("flood")
        if next(left, None) is not None:
            engine.publish("flood")

    handle(app, "flood", flood, priority=5, order="none")
    handle(app, "low", lambda event: seen.append("low"), priority="bulk", max_wait="1ms")
    with vx.Engine(app, python_executors=1) as engine:
        for _ in range(200):
            engine.publish("flood")
        engine.publish("low")
        assert engine.drain(timeout=LONG)
    assert seen.index("low") == len(seen) - 1


def test_event_is_picked_first_when_it_waited_beyond_max_wait() -> None:
    app, seen = vx.Pipeline("priority", dispatch={"min_share": 0}), threading.Event()
    stop = threading.Event()

    def flood(event: vx.Event) -> None:
        if not stop.is_set():
            engine.publish("flood")

    handle(app, "flood", flood, priority="urgent", order="none")
    handle(app, "old", lambda event: seen.set(), priority="bulk", max_wait="20ms")
    with vx.Engine(app, python_executors=1) as engine:
        for _ in range(200):
            engine.publish("flood")
        engine.publish("old")
        assert seen.wait(LONG), "max_wait was ignored"
        stop.set()
        engine.drain(timeout=LONG)
