"""A handler that blocks stops its own queue and no other."""

from __future__ import annotations

import pytest

import veltrix as vx
from system.pipelines import LONG, Gate, Recorder, balanced, handle


def held_pipeline(count: int, **options: object) -> tuple[vx.Pipeline, list[Gate], Recorder]:
    app, gates, free = vx.Pipeline("held"), [Gate() for _ in range(count)], Recorder()
    for number, gate in enumerate(gates):
        handle(app, f"held{number}", gate, **options)
    handle(app, "free", free)
    return app, gates, free


@pytest.mark.parametrize("priority", ["bulk", "normal", "urgent"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_queue_runs_on_when_handlers_of_others_block(count: int, priority: str) -> None:
    app, gates, free = held_pipeline(count, priority=priority)
    with vx.Engine(app) as engine:
        for number, gate in enumerate(gates):
            engine.publish(f"held{number}")
            gate.wait_begun()
        for number in range(10):
            assert engine.publish("free", number).settled(timeout=LONG) == {"free": "done"}
        for gate in gates:
            gate.open()
    assert free.events == list(range(10))
    assert balanced(engine.stats())


def test_blocked_queues_go_on_when_they_are_released() -> None:
    app, gates, _ = held_pipeline(3)
    with vx.Engine(app) as engine:
        receipts = [engine.publish(f"held{n}") for n in range(3) for _ in range(20)]
        for gate in gates:
            gate.wait_begun()
        for gate in reversed(gates):
            gate.open()
        for receipt in receipts:
            assert "done" in receipt.settled(timeout=LONG).values()
        assert engine.publish("free").settled(timeout=LONG) == {"free": "done"}


def test_engine_recovers_when_all_executors_were_blocked() -> None:
    app, gates, free = held_pipeline(4)
    with vx.Engine(app) as engine:
        for number, gate in enumerate(gates):
            engine.publish(f"held{number}")
            gate.wait_begun()
        waiting = engine.publish("free")
        with pytest.raises(vx.WaitTimeoutError):
            waiting.settled(timeout="30ms")
        gates[2].open()
        assert waiting.settled(timeout=LONG) == {"free": "done"}
        for gate in gates:
            gate.open()
    assert free.events == [None]


def test_number_of_blocked_handlers_follows_the_executors() -> None:
    app, gates, _ = held_pipeline(2)
    with vx.Engine(app, python_executors=1) as engine:
        engine.publish("held0")
        gates[0].wait_begun()
        behind = engine.publish("held1")
        with pytest.raises(vx.WaitTimeoutError):
            behind.settled(timeout="30ms")
        gates[0].open()
        gates[1].open()
        assert behind.settled(timeout=LONG) == {"held1": "done"}


@pytest.mark.slow
def test_executors_are_as_good_as_new_when_they_were_blocked_many_times() -> None:
    app, _, free = held_pipeline(0)
    gates = [Gate() for _ in range(40)]
    for number in range(3):
        handle(app, f"turn{number}", lambda event: gates[event.data](event))
    with vx.Engine(app) as engine:
        for turn in range(0, 39, 3):
            for number in range(3):
                engine.publish(f"turn{number}", turn + number)
                gates[turn + number].wait_begun()
            assert engine.publish("free", turn).settled(timeout=LONG)
            for number in range(3):
                gates[turn + number].open()
            assert engine.drain(timeout=LONG)
    assert len(free.events) == 13
