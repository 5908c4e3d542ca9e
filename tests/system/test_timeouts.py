"""Handlers that take longer than their queue's timeout, on real threads."""

from __future__ import annotations

import threading
import time

import veltrix as vx
from system.pipelines import LONG, balanced


def stuck(**options: object) -> tuple[vx.Pipeline, threading.Event, list[tuple[int, float | None]]]:
    """A pipeline whose first attempt waits until the event is set."""
    app, go_on = vx.Pipeline("slow"), threading.Event()
    attempts: list[tuple[int, float | None]] = []

    @app.handler("work", queue="slow", timeout="20ms", **options)
    def work(_event: vx.Event, ctx: vx.Context) -> None:
        attempts.append((ctx.attempt, ctx.deadline))
        if ctx.attempt == 1:
            go_on.wait(LONG)

    return app, go_on, attempts


def test_an_attempt_that_takes_too_long_is_given_up_and_counted_late() -> None:
    app, go_on, attempts = stuck(retry={"backoff": "1ms"})
    with vx.Engine(app) as engine:
        before = time.monotonic()
        receipt = engine.publish("work", {})
        assert receipt.settled(timeout=LONG) == {"slow": "done"}
        assert engine.stats().queues["slow"].late == 0
        go_on.set()
    queue = engine.stats().queues["slow"]
    assert [attempt for attempt, _ in attempts] == [1, 2]
    assert (queue.done, queue.retried, queue.late) == (1, 1, 1)
    assert balanced(engine.stats())
    deadline = attempts[0][1]
    assert deadline is not None
    assert before + 0.02 <= deadline <= time.monotonic() + 0.02
    (timeline,) = engine.timeline(receipt.id)
    assert [s.code for s in timeline.stations if s.name == "retry"] == ["timeout"]


def test_the_last_attempt_becomes_a_dead_letter() -> None:
    app, go_on, _ = stuck(retry={"max_attempts": 1})
    with vx.Engine(app) as engine:
        assert engine.publish("work", {}).settled(timeout=LONG) == {"slow": "dead"}
        (letter,) = engine.dead_letters
        assert (letter.code, letter.attempts) == ("timeout", 1)
        go_on.set()
