"""Nothing is lost and nothing is counted twice, whatever the pipeline and whatever it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import veltrix as vx
from system.pipelines import LONG, balanced
from veltrix import testing

QUEUES = ("a", "b", "c")
ACTS = (
    "done",
    "done",
    "done",
    "fail",
    "retry",
    "drop",
    "dead",
    "emit",
    "emit then fail",
    "publish",
)


@dataclass(frozen=True)
class World:
    """A pipeline and what is thrown at it."""

    settings: dict[str, Any]
    queues: dict[str, dict[str, Any]]
    routes: list[tuple[str, str]]
    events: list[dict[str, Any]]


queues = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["key", "none", "total"]),
        "capacity": st.fixed_dictionaries(
            {"events": st.integers(1, 60), "per_key": st.integers(1, 20)}
        ),
        "overflow": st.sampled_from([{"policy": "reject"}, {"timeout": "1ms"}]),
        "concurrency": st.integers(1, 3),
        "priority": st.integers(0, 9),
        "retry": st.fixed_dictionaries(
            {"max_attempts": st.integers(1, 3), "backoff": st.sampled_from(["1us", "1ms"])}
        ),
    }
)
events = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["x.a", "x.b", "y.a", "z"]),
        "data": st.sampled_from(ACTS),
        "id": st.none() | st.integers(0, 9).map(str),
        "key": st.none() | st.sampled_from(["k", "l"]),
        "priority": st.none() | st.integers(0, 9),
        "after": st.none() | st.sampled_from([0, "1ms"]),
    }
)
worlds = st.builds(
    World,
    st.fixed_dictionaries(
        {
            "unmatched": st.sampled_from(["dead", "drop", "reject", "a"]),
            "dedup": st.sampled_from([{}, {"window": 0}, {"events": 3}]),
            "dispatch": st.sampled_from([{}, {"policy": "strict"}]),
        }
    ),
    st.fixed_dictionaries(dict.fromkeys(QUEUES, queues)),
    st.lists(
        st.tuples(st.sampled_from(["x.*", "**", "*.a", "x.a", "y.**"]), st.sampled_from(QUEUES)),
        min_size=1,
        max_size=5,
    ),
    st.lists(events, min_size=1, max_size=120),
)


def build(world: World) -> tuple[vx.Pipeline, list[vx.Engine | testing.Simulation]]:
    app, runs = vx.Pipeline("ledger", **world.settings), list[Any]()

    def act(event: vx.Event) -> Iterator[vx.Event]:
        if event.data in ("fail", "retry"):
            raise ValueError("fails") if event.data == "fail" else vx.Retry(after=0)
        if event.data in ("drop", "dead"):
            return vx.Drop("wanted") if event.data == "drop" else vx.DeadLetter("wanted")
        if event.data.startswith("emit"):
            yield vx.Event("x.b", "done", key="k")
            yield vx.Event("nowhere", "done")
            assert event.data == "emit"
        if event.data == "publish":
            publish(runs[0], {"type": "y.a", "data": "done"})
        return None

    for name, options in world.queues.items():
        function = type(act)(act.__code__, act.__globals__, name, None, act.__closure__)
        function.__qualname__ = name
        app.handler(f"never.{name}", queue=name, **options)(function)
    for number, (pattern, queue) in enumerate(world.routes):
        app.route(f"r{number}", type=pattern, to=queue)
    return app, runs


def publish(run: Any, event: dict[str, Any]) -> str:
    try:
        run.publish(**event)
    except vx.PublishError as error:
        return error.code
    return "taken"


def check(stats: vx.stats.Stats, said: Counter[str]) -> None:
    totals = stats.totals
    assert balanced(stats), stats
    assert totals.in_door == 0
    assert all(queue.in_flight == 0 for queue in stats.queues.values())
    refused = said["queue_full"] + said["unmatched"]
    assert totals.received >= said["taken"] + refused
    assert totals.rejected >= refused


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds, seed=st.integers(0, 1_000))
def test_ledgers_balance_in_a_simulation(world: World, seed: int) -> None:
    app, runs = build(world)
    with testing.Simulation(app, seed=seed) as simulation:
        runs.append(simulation)
        said = Counter(publish(simulation, event) for event in world.events)
        simulation.run()
        check(simulation.stats(), said)


def run_threads(world: World) -> None:
    app, runs = build(world)
    with vx.Engine(app) as engine, ThreadPoolExecutor(2) as pool:
        runs.append(engine)
        halves = [world.events[0::2], world.events[1::2]]
        work = [pool.submit(lambda half: [publish(engine, e) for e in half], h) for h in halves]
        said = Counter(answer for done in work for answer in done.result())
        assert engine.drain(timeout=LONG)
    check(engine.stats(), said)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds)
def test_ledgers_balance_on_threads(world: World) -> None:
    run_threads(world)


@pytest.mark.ci
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds)
def test_ledgers_balance_on_threads_many_times(world: World) -> None:
    run_threads(world)


def test_ledgers_balance_at_every_look_while_events_flow() -> None:
    app = vx.Pipeline("ledger")

    @app.handler("x")
    def work(event: vx.Event) -> None: ...

    with vx.Engine(app) as engine, ThreadPoolExecutor(2) as pool:
        flood = [pool.submit(lambda: [engine.publish("x") for _ in range(5_000)]) for _ in "ab"]
        while not all(one.done() for one in flood):
            stats = engine.stats()
            assert stats.queues["work"].balanced
            assert stats.totals.received >= stats.totals.admitted
        assert engine.drain(timeout=LONG)
    assert engine.stats().queues["work"].done == 10_000
    assert balanced(engine.stats())
