"""What a handler is told of its attempt."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

import veltrix as vx
from system.pipelines import LONG
from veltrix import testing


def keeping(**options: object) -> tuple[vx.Pipeline, list[vx.Context]]:
    app, kept = vx.Pipeline("context"), list[vx.Context]()

    @app.handler("a", queue="work", retry={"max_attempts": 3, "backoff": "1ms"})
    def work(event: vx.Event, ctx: vx.Context) -> None:
        kept.append(ctx)
        if ctx.attempt < 3:
            raise ValueError("again")

    return app, kept


def test_context_counts_attempts_and_keeps_the_rest() -> None:
    app, kept = keeping()
    with vx.Engine(app) as engine:
        receipt = engine.publish("a", id="x", source="s")
        assert receipt.settled(timeout=LONG) == {"work": "done"}
    assert [ctx.attempt for ctx in kept] == [1, 2, 3]
    assert {ctx.queue for ctx in kept} == {"work"}
    assert {ctx.sequence for ctx in kept} == {receipt.sequence}
    assert {ctx.idempotency_key for ctx in kept} == {"s#x@work"}
    assert {(ctx.state, ctx.deadline) for ctx in kept} == {(None, None)}


def test_context_cannot_be_made_or_changed() -> None:
    app, kept = keeping()
    with testing.Simulation(app) as simulation:
        simulation.publish("a")
        simulation.run()
    with pytest.raises(TypeError):
        vx.Context()
    with pytest.raises(AttributeError):
        kept[0].attempt = 5  # type: ignore[misc]
    with pytest.raises(AttributeError):
        kept[0].other = 5  # type: ignore[attr-defined]


def test_context_in_a_cycle_is_collected() -> None:
    class Holder:
        pass

    app, found = vx.Pipeline("context"), list[weakref.ref[Holder]]()

    @app.handler("a")
    def work(event: vx.Event[list[object]], ctx: vx.Context) -> None:
        holder = Holder()
        holder.ctx = ctx  # type: ignore[attr-defined]
        event.data.append(holder)
        found.append(weakref.ref(holder))

    with vx.Engine(app) as engine:
        engine.publish("a", []).settled(timeout=LONG)
    gc.collect()
    assert found[0]() is None


def test_cancelled_tells_a_handler_that_its_time_is_over() -> None:
    app, told = vx.Pipeline("context"), list[bool]()
    waiting = threading.Event()

    @app.handler("a", timeout="20ms", retry={"max_attempts": 1})
    def work(event: vx.Event, ctx: vx.Context) -> None:
        told.append(ctx.cancelled)
        while not ctx.cancelled:
            waiting.wait(0.001)
        told.append(ctx.cancelled)

    with vx.Engine(app) as engine:
        assert engine.publish("a").settled(timeout=LONG) == {"work": "dead"}
    assert told == [False, True]


def test_cancelled_tells_a_handler_that_the_engine_does_not_wait() -> None:
    app, begun, waiting = vx.Pipeline("context"), threading.Event(), threading.Event()

    @app.handler("a")
    def work(event: vx.Event, ctx: vx.Context) -> None:
        begun.set()
        while not ctx.cancelled:
            waiting.wait(0.001)

    engine = vx.Engine(app).start()
    engine.publish("a")
    assert begun.wait(LONG)
    report = engine.stop(0)
    assert report.elapsed < 4, "before the patience with handlers was over"
