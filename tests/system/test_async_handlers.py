"""``async def`` handlers: on the engine's own loop, on the caller's, in virtual time."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

import veltrix as vx
from system.coroutine_gate import WAIT, Gate
from veltrix import testing


def test_as_many_deliveries_are_in_flight_as_concurrency_says() -> None:
    app, gate = vx.Pipeline("hunt"), Gate(expected=30)

    @app.handler("a", order="none", concurrency=30)
    async def push(event: vx.Event) -> None:
        await gate.hold()

    with vx.Engine(app) as engine:
        receipts = engine.publish_many(range(50), type="a")
        assert gate.full.wait(WAIT)
        assert gate.inside == 30
        gate.open()
        assert receipts.settled(WAIT) == {("push", "done"): 50}


def test_events_of_one_key_run_one_after_another_in_order() -> None:
    app, order = vx.Pipeline("hunt"), []

    @app.handler("a", concurrency=20)
    async def push(event: vx.Event) -> None:
        await asyncio.sleep(0)
        order.append((event.key, event.data))
        await asyncio.sleep(0)

    with vx.Engine(app) as engine:
        for n in range(200):
            engine.publish("a", n, key=str(n % 5))
    for key in "01234":
        mine = [data for where, data in order if where == key]
        assert mine == sorted(mine)
        assert len(mine) == 40


def test_other_queues_go_on_while_a_coroutine_waits() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("slow")
    async def slow(event: vx.Event) -> None:
        await gate.hold()

    @app.handler("fast")
    async def fast(event: vx.Event) -> None: ...

    with vx.Engine(app) as engine:
        engine.publish("slow")
        assert gate.full.wait(WAIT)
        assert engine.publish_many(range(1000), type="fast").settled(WAIT)["fast", "done"] == 1000
        gate.open()


def test_failures_signals_retries_and_follow_ups_are_as_of_plain_handlers() -> None:
    app, attempts = vx.Pipeline("hunt"), []

    @app.handler("a", retry={"max_attempts": 3, "backoff": "1ms"})
    async def picky(event: vx.Event, ctx: vx.Context) -> Any:
        await asyncio.sleep(0)
        attempts.append((event.data, ctx.attempt))
        if event.data == "retry" and ctx.attempt < 3:
            raise ConnectionError("down")
        if event.data == "drop":
            return vx.Drop("not mine")
        if event.data == "dead":
            raise ValueError("bad")
        return None

    @app.handler("b")
    async def emits(event: vx.Event) -> AsyncIterator[vx.Event]:
        for n in range(3):
            await asyncio.sleep(0)
            yield vx.Event("c", n)

    @app.handler("c")
    async def collects(event: vx.Event) -> None:
        attempts.append(("c", event.data))

    with vx.Engine(app) as engine:
        for word in ("retry", "drop", "dead"):
            engine.publish("a", word)
        engine.publish("b")
        engine.drain(WAIT)
        stats = engine.stats()
        (letter,) = engine.dead_letters.list()
    assert [attempt for data, attempt in attempts if data == "retry"] == [1, 2, 3]
    assert [data for data, _ in attempts].count("dead") == 3
    assert stats.queues["picky"].dropped == {"not mine": 1}
    assert "ValueError: bad" in letter.text
    assert [n for word, n in attempts if word == "c"] == [0, 1, 2]
    assert stats.balanced


def test_context_variables_of_one_event_are_not_seen_by_the_next() -> None:
    who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")
    app, seen = vx.Pipeline("hunt"), []

    @app.handler("a")
    async def sets(event: vx.Event) -> None:
        seen.append(who.get())
        who.set(event.data)
        if event.data == "waits":
            await asyncio.sleep(0)
        assert who.get() == event.data

    with vx.Engine(app) as engine:
        engine.publish_many(["one", "waits", "two", "three"], type="a").settled(WAIT)
    assert seen == ["nobody"] * 4


def test_async_lifespan_is_entered_once_and_left_when_the_engine_stops() -> None:
    app, steps = vx.Pipeline("hunt"), []

    @app.lifespan
    async def resources(state: Any) -> AsyncIterator[None]:
        state.loop = asyncio.get_running_loop()
        steps.append("open")
        yield
        steps.append("close")

    @app.handler("a", concurrency=3)
    async def uses(event: vx.Event, ctx: vx.Context) -> None:
        assert ctx.state.loop is asyncio.get_running_loop()
        steps.append("event")

    with vx.Engine(app) as engine:
        engine.publish_many(range(3), type="a")
    assert steps == ["open", "event", "event", "event", "close"]


def test_start_raises_what_an_async_lifespan_raises() -> None:
    app = vx.Pipeline("hunt")

    @app.lifespan
    async def resources(state: Any) -> AsyncIterator[None]:
        raise ConnectionError("no database")
        yield

    @app.handler("a")
    async def uses(event: vx.Event) -> None: ...

    with pytest.raises(ConnectionError, match="no database"):
        vx.Engine(app).start()


def test_an_attempt_over_its_timeout_is_cancelled_and_repeated() -> None:
    app, ended = vx.Pipeline("hunt"), []

    @app.handler("a", timeout="20ms", retry={"max_attempts": 2, "backoff": "1ms"})
    async def hangs(event: vx.Event, ctx: vx.Context) -> None:
        try:
            await asyncio.sleep(3600 if ctx.attempt == 1 else 0)  # hangs on purpose
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        ended.append("done")

    with vx.Engine(app) as engine:
        assert engine.publish("a").settled(WAIT) == {"hangs": "done"}
        engine.drain(WAIT)
    assert sorted(ended) == ["cancelled", "done"]


def test_stop_cancels_what_still_waits_and_leaves_it_undone() -> None:
    app, gate, cancelled = vx.Pipeline("hunt"), Gate(), threading.Event()

    @app.handler("a")
    async def hangs(event: vx.Event) -> None:
        try:
            await gate.hold()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    engine = vx.Engine(app).start()
    engine.publish("a")
    assert gate.full.wait(WAIT)
    report = engine.stop(0)
    assert cancelled.is_set()
    assert report.left == {"hangs": 1}


# ---- on the caller's loop


def test_async_with_runs_handlers_on_the_current_loop_and_drains() -> None:
    app, loops = vx.Pipeline("hunt"), []

    @app.handler("a", concurrency=10)
    async def push(event: vx.Event) -> None:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())

    async def main() -> None:
        async with vx.Engine(app) as engine:
            for n in range(20):
                engine.publish("a", n)
            assert (await engine.adrain(WAIT)).drained
            engine.publish("a")
        assert loops == [asyncio.get_running_loop()] * 21

    asyncio.run(main())


def test_a_loop_that_was_closed_fails_its_attempts_and_stop_returns() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a", retry={"backoff": "1h"})
    async def hangs(event: vx.Event) -> None:
        await gate.hold()

    engine = vx.Engine(app)
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        await engine.__aenter__()
        engine.publish("a")
        assert await asyncio.to_thread(gate.full.wait, WAIT)

    loop.run_until_complete(begin())
    loop.close()
    report = engine.stop(WAIT)
    assert report.left == {"hangs": 1}
    assert report.elapsed < WAIT
    assert engine.stats().queues["hangs"].retried == 1


def test_simulation_runs_coroutines_in_virtual_time() -> None:
    app, seen = vx.Pipeline("hunt"), []

    @app.handler("a", retry={"backoff": "1h"})
    async def sleeps(event: vx.Event, ctx: vx.Context) -> AsyncIterator[vx.Event]:
        await asyncio.sleep(7200)  # hangs on purpose, in virtual time
        if ctx.attempt == 1:
            raise ConnectionError("down")
        yield vx.Event("b", event.data + 1)

    @app.handler("b")
    async def follows(event: vx.Event) -> None:
        seen.append(event.data)

    with testing.Simulation(app) as sim:
        sim.publish("a", 1)
        sim.run()
        assert [attempt.outcome for attempt in sim.attempts("sleeps")] == ["retry", "done"]
    assert seen == [2]
