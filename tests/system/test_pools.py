"""``pool``: a queue's own threads, and how pools of all kinds live beside each other."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from system.scripts import in_a_process
from veltrix import testing

WAIT = 20


def test_threads_run_as_many_handlers_at_once_as_concurrency_says() -> None:
    app, together = vx.Pipeline("hunt"), threading.Barrier(4)

    @app.handler("a", order="none", pool="threads", concurrency=4)
    def waits_for_the_others(event: vx.Event) -> None:
        together.wait(WAIT)

    with vx.Engine(app) as engine:
        receipts = engine.publish_many(range(40), type="a")
        assert receipts.settled(WAIT) == {("waits_for_the_others", "done"): 40}


def test_threads_keep_the_order_of_each_key() -> None:
    app, seen = vx.Pipeline("hunt"), []

    @app.handler("a", pool="threads", concurrency=3)
    def notes(event: vx.Event) -> None:
        seen.append((event.key, event.data))

    with vx.Engine(app) as engine:
        for n in range(3000):
            engine.publish("a", n, key=str(n % 7))
    for key in map(str, range(7)):
        mine = [data for where, data in seen if where == key]
        assert mine == sorted(mine)
    assert len(seen) == 3000


def test_a_key_whose_handler_sleeps_stops_no_other_key() -> None:
    app, release, done = vx.Pipeline("hunt"), threading.Event(), []

    @app.handler("a", pool="threads", concurrency=2)
    def sleeps_for_one(event: vx.Event) -> None:
        if event.key == "slow":
            release.wait(WAIT)
        done.append(event.key)

    with vx.Engine(app) as engine:
        engine.publish("a", key="slow")
        others = [engine.publish("a", n, key=f"k{n % 9}") for n in range(500)]
        for receipt in others:
            assert receipt.settled(WAIT) == {"sleeps_for_one": "done"}
        assert "slow" not in done
        release.set()


@pytest.mark.parametrize(
    ("more", "said"),
    [("raise LookupError('closed')", "closed"), ("yield", "it yielded a second time")],
)
def test_what_goes_wrong_behind_the_yield_of_a_lifespan_is_logged(
    more: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    app, scope = vx.Pipeline("hunt"), dict[str, Any]()
    exec(f"def resources(state):\n  yield\n  {more}", scope)
    app.lifespan(scope["resources"])
    app.handler("a", queue="work")(lambda event: None)
    with vx.Engine(app, python_executors=1) as engine:
        engine.publish("a")
    (record,) = [record for record in caplog.records if record.name == "veltrix.lifespans"]
    assert record.getMessage().startswith("the lifespan failed while it was left")
    assert said in caplog.text


def test_lifespan_is_entered_by_each_thread_of_a_pool() -> None:
    app, together, states = vx.Pipeline("hunt"), threading.Barrier(3), set()

    @app.lifespan
    def resources(state: Any) -> Any:
        state.thread = threading.get_ident()
        yield

    @app.handler("a", order="none", pool="threads", concurrency=3)
    def uses(event: vx.Event, ctx: vx.Context) -> None:
        together.wait(WAIT)
        assert ctx.state.thread == threading.get_ident()
        states.add(ctx.state.thread)

    with vx.Engine(app) as engine:
        engine.publish_many(range(9), type="a").settled(WAIT)
    assert len(states) == 3


@pytest.mark.parametrize("pool", ["threads", "shared", "processes"])
def test_pool_refuses_async_functions_that_it_cannot_run(pool: Any) -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", pool=pool)
    async def push(event: vx.Event) -> None: ...

    with pytest.raises(vx.ConfigError, match="an event loop runs it: pool 'asyncio'"):
        vx.Engine(app)


def test_asyncio_refuses_plain_functions() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", pool="asyncio")
    def plain(event: vx.Event) -> None: ...

    with pytest.raises(vx.ConfigError, match="is not 'async def'"):
        vx.Engine(app)


def test_too_many_threads_are_refused_with_their_number() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", pool="threads", concurrency=100)
    def plain(event: vx.Event) -> None: ...

    with pytest.raises(vx.VeltrixError, match="at most 64"):
        vx.Engine(app)


@pytest.mark.slow
def test_pools_of_all_kinds_several_engines_and_users_threads_share_a_process() -> None:
    def pipeline(name: str) -> vx.Pipeline:
        app = vx.Pipeline(name)

        @app.handler("s", key="data.k")
        def shared(event: vx.Event) -> None: ...

        @app.handler("t", pool="threads", concurrency=2, order="none")
        def threads(event: vx.Event) -> Any:
            os.sched_yield()
            yield vx.Event("s", {"k": 1})

        @app.handler("l", concurrency=20, order="none")
        async def loop(event: vx.Event) -> None:
            await asyncio.sleep(0)

        return app

    def publish(engine: vx.Engine, type: str, count: int) -> None:  # noqa: A002
        for n in range(count):
            engine.publish(type, {"k": n % 3})

    with vx.Engine(pipeline("one")) as one, vx.Engine(pipeline("two")) as two:
        work = [(engine, type_) for engine in (one, two) for type_ in "stl"]
        users = [
            threading.Thread(target=publish, args=(engine, type_, 1000)) for engine, type_ in work
        ]
        for user in users:
            user.start()
        for user in users:
            user.join(WAIT)
        for engine in (one, two):
            assert engine.drain(WAIT)
            stats = engine.stats()
            assert stats.balanced
            done = {name: queue.done for name, queue in stats.queues.items()}
            assert done == {"shared": 2000, "threads": 1000, "loop": 1000}


def test_processes_run_importable_functions() -> None:
    app = vx.Pipeline("hunt")
    app.handler("a", order="none", pool="processes", concurrency=2, queue="sums")(
        in_a_process.adds_up
    )

    @app.handler("sum")
    def total(event: vx.Event) -> None:
        sums.append(event.data)

    sums: list[int] = []
    with vx.Engine(app) as engine:
        receipts = engine.publish_many([[n, n] for n in range(20)], type="a")
        assert receipts.settled(WAIT) == {("sums", "done"): 20}
    assert sorted(sums) == [2 * n for n in range(20)]


def test_stop_ends_workers_that_do_not_answer(tmp_path: Path) -> None:
    app = vx.Pipeline("hunt")
    app.handler("a", pool="processes", queue="sleepy", retry={"backoff": "1h"})(
        in_a_process.sleeps_for_ever
    )
    engine = vx.Engine(app).start()
    pipe = tmp_path / "at-work"
    os.mkfifo(pipe)
    engine.publish("a", str(pipe))
    assert pipe.read_text() == "asleep"
    report = engine.stop(0)
    assert report.left == {"sleepy": 1}
    with pytest.raises(vx.EngineStoppedError):
        engine.publish("a")


def test_simulation_runs_a_process_handler_here() -> None:
    app = vx.Pipeline("hunt")
    app.handler("a", pool="processes", queue="sums")(in_a_process.adds_up)
    with testing.Simulation(app) as sim:
        sim.publish("a", [1, 2])
        sim.run()
        (attempt,) = sim.attempts("sums")
        assert attempt.outcome == "done"


@pytest.mark.slow
def test_a_handler_that_computes_for_long_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", order="total")
    def computes(event: vx.Event) -> None:
        until = time.thread_time() + 0.15
        while time.thread_time() < until:
            pass

    with vx.Engine(app) as engine:
        engine.publish_many(range(3), type="a").settled(WAIT)
        held = engine.stats().queues["computes"]
    assert held.gil_hold > 0.3
    messages = [record.getMessage() for record in caplog.records]
    assert any("computes" in text and "ms in one call" in text for text in messages)


def test_a_handler_that_sleeps_does_not_hold_the_gil() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", order="total")
    def sleeps(event: vx.Event) -> None:
        time.sleep(0.02)  # hangs on purpose

    with vx.Engine(app) as engine:
        engine.publish_many(range(10), type="a").settled(WAIT)
        held = engine.stats().queues["sleeps"]
    assert held.gil_hold < 0.1, "but for the first, whose length nobody knew"
