"""Full queues: who waits, who is refused, what is counted, and when there is room again."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG, Gate, Recorder, balanced, handle
from veltrix import testing

BLOCK = {"policy": "block", "timeout": "20ms"}
REJECT = {"policy": "reject"}


def full(engine: vx.Engine, gate: Gate, room: int) -> list[vx.Receipt]:
    """Fills the queue `gate`, one event of it at work."""
    receipts = [engine.publish("gate") for _ in range(room)]
    gate.wait_begun()
    return receipts


def held(overflow: dict[str, Any], **capacity: Any) -> tuple[vx.Pipeline, Gate]:
    app, gate = vx.Pipeline("overflow"), Gate()
    handle(app, "gate", gate, capacity=capacity, overflow=overflow)
    return app, gate


@pytest.mark.parametrize(("overflow", "waits"), [(BLOCK, 0.02), (REJECT, 0.0)])
def test_publish_raises_when_the_queue_stays_full(overflow: dict[str, Any], waits: float) -> None:
    app, gate = held(overflow, events=5)
    with vx.Engine(app) as engine:
        full(engine, gate, 5)
        begun = time.monotonic()
        with pytest.raises(vx.QueueFullError, match=r"queue 'gate' is full \(5 events") as caught:
            engine.publish("gate")
        assert caught.value.code == "queue_full"
        assert time.monotonic() - begun >= waits
        gate.open()
        assert engine.drain(timeout=LONG)
        assert engine.publish("gate").settled(timeout=LONG) == {"gate": "done"}
    totals, queue = engine.stats().totals, engine.stats().queues["gate"]
    assert (totals.received, totals.admitted, totals.rejected) == (7, 6, 1)
    assert (queue.accepted, queue.done) == (6, 6)
    assert balanced(engine.stats())


def test_blocked_publisher_goes_on_when_room_comes_back() -> None:
    app, gate = held({"policy": "block", "timeout": "1m"}, events=2)
    with vx.Engine(app) as engine:
        full(engine, gate, 2)
        late: list[vx.Receipt] = []
        waiting = [
            threading.Thread(target=lambda: late.append(engine.publish("gate"))) for _ in range(4)
        ]
        for thread in waiting:
            thread.start()
        gate.open()
        for thread in waiting:
            thread.join(LONG)
        assert [receipt.settled(timeout=LONG) for receipt in late] == [{"gate": "done"}] * 4
    assert balanced(engine.stats())


def test_blocked_publisher_is_told_when_the_engine_stops() -> None:
    app, gate = held({"policy": "block", "timeout": "1m"}, events=1)
    engine, errors = vx.Engine(app).start(), list[vx.VeltrixError]()
    full(engine, gate, 1)
    blocked = threading.Event()

    def publish() -> None:
        blocked.set()
        try:
            engine.publish("gate")
        except vx.EngineStoppedError as error:
            errors.append(error)

    thread = threading.Thread(target=publish)
    thread.start()
    assert blocked.wait(LONG)
    threading.Timer(0.05, gate.open).start()
    engine.stop(0)
    thread.join(LONG)
    assert [error.code for error in errors] == ["engine_stopped"]
    assert balanced(engine.stats())


def test_publish_inside_a_handler_raises_at_once_when_its_queue_is_full() -> None:
    app, raised = vx.Pipeline("overflow"), list[type]()

    def work(event: vx.Event) -> None:
        try:
            engine.publish("work")
        except vx.QueueFullError as error:
            raised.append(type(error))

    handle(app, "work", work, capacity={"events": 1}, overflow={"timeout": "1m"})
    with vx.Engine(app, python_executors=1) as engine:
        assert engine.publish("work").settled(timeout=5) == {"work": "done"}
    assert raised == [vx.QueueFullError]
    assert engine.stats().totals.rejected == 1


def test_budget_in_bytes_refuses_what_the_budget_in_events_would_take() -> None:
    app, gate = held(REJECT, events=1_000, bytes="64KiB")
    with vx.Engine(app) as engine:
        engine.publish("gate")
        gate.wait_begun()
        for _ in range(3):
            engine.publish("gate", b"x" * 10_000)  # the slot of 16 KiB
        with pytest.raises(vx.QueueFullError, match="65536 bytes"):
            engine.publish("gate", b"x" * 10_000)
        engine.publish("gate")  # a small one still fits
        gate.open()
        assert engine.drain(timeout=LONG)
        engine.publish("gate", b"x" * 10_000)
    assert balanced(engine.stats())


def test_event_larger_than_the_whole_queue_is_refused() -> None:
    app, gate = held(REJECT, bytes="4KiB")
    gate.open()
    with vx.Engine(app) as engine:
        with pytest.raises(vx.QueueFullError):
            engine.publish("gate", b"x" * 5_000)
        assert engine.publish("gate").settled(timeout=LONG)


@pytest.mark.parametrize("first", ["a", "b"])
def test_event_takes_room_in_all_its_queues_or_in_none(first: str) -> None:
    app, gate, seen = vx.Pipeline("overflow"), Gate(), Recorder()
    names = ("a", "b") if first == "a" else ("b", "a")
    for name in names:  # the order in which room is taken
        full_one = name == "a"
        room = {"events": 1} if full_one else {}
        handle(app, "x", gate if full_one else seen, queue=name, capacity=room, overflow=REJECT)
    with vx.Engine(app) as engine:
        engine.publish("x")
        gate.wait_begun()
        for _ in range(10):
            with pytest.raises(vx.QueueFullError, match="queue 'a'"):
                engine.publish("x")
        gate.open()
    stats = engine.stats()
    assert stats.totals.rejected == 10
    assert [stats.queues[name].accepted for name in "ab"] == [1, 1]
    assert balanced(stats)


def test_follow_ups_enter_over_capacity_and_none_is_lost() -> None:
    app, seen = vx.Pipeline("overflow"), Recorder()

    @app.handler("many")
    def many(event: vx.Event) -> Any:
        for number in range(50):
            yield vx.Event("one", number)

    handle(app, "one", seen, capacity={"events": 5})
    with vx.Engine(app) as engine:
        for _ in range(4):
            engine.publish("many")
    assert sorted(seen.events) == sorted(list(range(50)) * 4)
    assert balanced(engine.stats())


def test_key_that_is_too_long_overflows_into_dead_letters() -> None:
    app, gate = held(BLOCK, events=100, per_key=3)
    with vx.Engine(app) as engine:
        engine.publish("gate", key="first")
        gate.wait_begun()
        for number in range(5):
            engine.publish("gate", number, key="poisoned")
        engine.publish("gate", key="other")
        gate.open()
        assert engine.drain(timeout=LONG)
        letters = engine.dead_letters.list()
    assert [(letter.code, letter.event.data) for letter in letters] == [
        ("key_overflow", 3),
        ("key_overflow", 4),
    ]
    assert balanced(engine.stats())


def test_simulation_never_waits_when_a_queue_is_full() -> None:
    app, _ = held({"policy": "block", "timeout": "1h"}, events=1)
    with testing.Simulation(app) as simulation:
        simulation.publish("gate")
        with pytest.raises(vx.QueueFullError):
            simulation.publish("gate")
        assert simulation.stats().totals.rejected == 1
