"""Batch handlers on real threads: waiting for company, timeouts, the end of the engine."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path

import veltrix as vx
from system.pipelines import LONG, Gate, balanced


def sensors(**options: object) -> tuple[vx.Pipeline, list[list[int]]]:
    app, calls = vx.Pipeline("sensors"), list[list[int]]()

    @app.handler("reading", queue="store", **options)
    def store(values: list[int]) -> None:
        calls.append(values)

    return app, calls


def test_full_batch_goes_at_once() -> None:
    app, calls = sensors(batch=vx.Batch(max_events=3, linger="30s"))
    with vx.Engine(app) as engine:
        receipts = [engine.publish("reading", value) for value in range(3)]
        assert receipts[-1].settled(timeout=LONG) == {"store": "done"}
    assert calls == [[0, 1, 2]]


def test_drain_waits_for_company_no_longer_than_linger() -> None:
    app, calls = sensors(batch=vx.Batch(max_events=100, linger="20ms"))
    with vx.Engine(app) as engine:
        for value in range(3):
            engine.publish("reading", value)
        assert engine.drain(timeout=LONG).drained
        assert calls == [[0, 1, 2]]
        engine.publish("reading", 3)
    assert calls == [[0, 1, 2], [3]]
    assert balanced(engine.stats())


def test_stopping_without_grace_lets_go_of_what_lingers() -> None:
    app, calls = sensors(batch=vx.Batch(max_events=100, linger="30s"))
    engine = vx.Engine(app)
    engine.start()
    engine.publish("reading", 1).accepted(timeout=LONG)
    engine.stop(0)
    assert calls == []
    assert engine.stats().queues["store"].in_flight == 1


def test_every_event_is_in_one_call_when_many_are_published() -> None:
    app, calls = sensors(batch=vx.Batch(max_events=64, linger="1ms"), order="none", concurrency=2)
    with vx.Engine(app) as engine:
        for value in range(5_000):
            engine.publish("reading", value)
        assert engine.drain(timeout=LONG).drained
    assert sorted(value for call in calls for value in call) == list(range(5_000))
    assert max(map(len, calls)) <= 64
    queue = engine.stats().queues["store"]
    assert (queue.done, queue.retried) == (5_000, 0)
    assert balanced(engine.stats())


def test_call_that_takes_too_long_fails_all_its_rows() -> None:
    app, go_on, calls = vx.Pipeline("slow"), threading.Event(), list[list[int]]()
    retry = {"backoff": "1ms", "max_backoff": "1ms"}

    @app.handler("work", queue="slow", timeout="20ms", batch={"linger": "5ms"}, retry=retry)
    def work(events: list[vx.Event], ctx: vx.Context) -> None:
        assert ctx.deadline is not None
        calls.append([ctx.attempt_of(event) for event in events])
        if len(calls) == 1:
            go_on.wait(LONG)
            assert [event.data for event in events] == [0, 1, 2]  # still readable

    with vx.Engine(app) as engine:
        receipts = [engine.publish("work", value) for value in range(3)]
        for receipt in receipts:
            assert receipt.settled(timeout=LONG) == {"slow": "done"}
        assert engine.stats().queues["slow"].late == 0
        go_on.set()
    queue = engine.stats().queues["slow"]
    assert calls[0] == [1, 1, 1]
    assert sorted(attempt for call in calls[1:] for attempt in call) == [2, 2, 2]
    assert (queue.done, queue.retried, queue.late) == (3, 3, 3)
    assert balanced(engine.stats())


def test_slow_call_is_repeated_in_halves_although_others_work_meanwhile() -> None:
    app, gate, calls = vx.Pipeline("slow"), Gate(), list[list[int]]()

    @app.handler("work", queue="slow", batch={"max_events": 4, "linger": "30s"})
    def work(events: list[vx.Event]) -> None:
        calls.append([event.data for event in events])
        if len(calls) == 1:
            gate(events[0])
            raise ValueError("once")

    @app.handler("other")
    def other(event: vx.Event) -> None: ...

    with vx.Engine(app) as engine:
        receipts = [engine.publish("work", value) for value in range(4)]
        gate.wait_begun()
        assert engine.publish("other").settled(timeout=LONG) == {"other": "done"}
        gate.open()
        for receipt in receipts:
            assert receipt.settled(timeout=LONG) == {"slow": "done"}
    assert calls == [[0, 1, 2, 3], [0, 1], [2, 3]]
    assert engine.stats().queues["slow"].retried == 0


def test_stopping_ends_the_halves_and_gives_the_rest_back() -> None:
    app, calls = vx.Pipeline("stopped"), list[int]()
    engine: list[vx.Engine] = []
    begun = threading.Event()

    @app.handler("work", batch={"max_events": 64, "linger": "30s"})
    def work(events: list[vx.Event]) -> None:
        calls.append(len(events))
        begun.set()
        if len(calls) == 2:  # until the engine takes nothing more: its executors are to stop
            with suppress(vx.EngineStoppedError):
                while True:
                    engine[0].publish("nothing")
        raise ValueError("no")

    app.queue("void", sink="void")
    app.sink("void", "/dev/null")
    app.route("void", type="nothing", to="void")
    engine.append(vx.Engine(app))
    engine[0].start()
    for value in range(64):
        engine[0].publish("work", value)
    assert begun.wait(LONG)
    engine[0].stop(0)
    assert calls[:2] == [64, 32]
    assert len(calls) < 32
    queue = engine[0].stats().queues["work"]
    assert (queue.done, queue.dead, queue.in_flight) == (0, 0, 64)
    assert balanced(engine[0].stats())


def test_sink_writes_a_batch_at_once(tmp_path: Path) -> None:
    app = vx.Pipeline("archive")
    app.sink("out", str(tmp_path / "out.jsonl"))
    app.queue("archive", sink="out", batch=vx.Batch(max_events=10, linger="30s"))
    app.route("all", type="reading", to="archive")
    with vx.Engine(app) as engine:
        for value in range(20):
            engine.publish("reading", value)
        assert engine.drain(timeout=LONG).drained
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["data"] for line in lines] == list(range(20))


def test_kept_event_outlives_its_batch() -> None:
    app, kept = vx.Pipeline("kept"), list[vx.Event]()

    @app.handler("reading", queue="store", batch={"max_events": 10})
    def store(events: list[vx.Event]) -> None:
        kept.extend(events)

    with vx.Engine(app) as engine:
        for value in range(1_000):
            engine.publish("reading", {"value": value})
        assert engine.drain(timeout=LONG).drained
    assert [event.data["value"] for event in kept] == list(range(1_000))
