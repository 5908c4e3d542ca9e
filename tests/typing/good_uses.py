"""What users write, as mypy --strict sees it: the examples of the README and the design."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, assert_type

import msgspec
import prometheus_client

import veltrix as vx
from veltrix import testing
from veltrix.reports import DrainReport

app = vx.Pipeline("hunt", unmatched="drop", shutdown={"grace": "5s"})


@app.event("clue.found", key="data.team")
class ClueFound(msgspec.Struct):
    team: str
    clue: int


@app.lifespan
def resources(state: SimpleNamespace) -> Iterator[None]:
    state.seen = set()
    yield


@app.handler(ClueFound, queue="scores", priority=vx.URGENT)
def score(event: vx.Event[ClueFound], ctx: vx.Context) -> Iterator[vx.Event]:
    assert_type(event.data, ClueFound)
    assert_type(ctx.attempt, int)
    if ctx.attempt > 3:
        raise vx.DeadLetter("score service refuses")
    yield vx.Event("score.changed", {"team": event.data.team})
    yield vx.Event("score.audit", after="10m")


@app.handler("score.changed", queue="push", order="none", retry={"max_attempts": 3})
def push(event: vx.Event) -> vx.Signal | None:
    assert_type(event.data, Any)
    assert_type(event.key, str | None)
    return vx.Retry(after="5s") if event.priority else None


@app.handler("reading", batch=vx.Batch(max_events=1000, linger="250ms"))
def store(events: list[vx.Event[ClueFound]], ctx: vx.Context) -> vx.Signal | None:
    assert_type(events[0].data, ClueFound)
    assert_type(ctx.attempt_of(events[0]), int)
    ctx.settle(events[0])
    ctx.settle(events[1], vx.Drop("odd"))
    ctx.settle(events[2], ValueError("bad"))
    return None


@app.handler(
    "payment.*",
    where="data.amount > 900",
    key='data.team + "/" + string(data.clue)',
    priority='event.type == "payment.urgent" ? 9 : 6',
)
def large(event: vx.Event) -> None: ...


@app.handler(["a.*", ClueFound])
def several(found: dict[str, Any]) -> vx.Drop:
    return vx.Drop("late")


@app.handler(
    "reading",
    order={"sort": "event.time", "wait": "500ms", "on_retry": "pass"},
    retry={"on": (ConnectionError, "httpx.TransportError"), "dead_on": ValueError, "max_age": 60},
    dedup={"by": ["event.id", "data.x"], "window": timedelta(hours=1)},
    overflow={"policy": "drop_oldest"},
    dead_letters={"drops": True},
    timeout=5,
    ttl="1m",
)
def sorted_reading(event: vx.Event) -> None: ...


app.queue("latest", latest={"by": "key", "every": "1s"}, capacity={"reserve": {"share": 0.2}})
app.queue("archive", sink="out", priority="bulk", capacity={"events": 1000})
app.route("rest", type="**", to="archive", unless=["scores"])
app.route("large", type="payment.*", to="archive", where="data.amount > 900", priority="high")
app.source("game", ["in/*.jsonl"], priority="low")
app.sink("out", "out.jsonl")


def run() -> None:
    with vx.Engine(app, python_executors=2) as engine:
        receipt = engine.publish("clue.found", {"team": "red", "clue": 1}, key="k", after=5)
        assert_type(receipt.accepted(timeout=1), vx.Receipt)
        assert_type(receipt.accepted("1s").sequence, int | None)
        assert receipt.settled(timeout=timedelta(seconds=1))["scores"] == "done"
        assert receipt.state != "published"
        engine.publish(ClueFound("red", 1))
        engine.publish(vx.Event("a"), priority="high")
        assert_type(engine.drain(timeout="5s"), DrainReport)
        assert_type(engine.stats().queues["scores"].done, int)
        assert_type(engine.stats().cost.native_cpu_per_million, float | None)
        with vx.metrics.serve(engine, "127.0.0.1:0") as server:
            assert_type(server.address, str)
        prometheus_client.REGISTRY.register(vx.metrics.collector([engine]))
        assert_type([letter.event for letter in engine.dead_letters.list()], list[vx.Event])
    assert_type(vx.Engine.from_config(Path("hunt.yaml")), vx.Engine)
    assert_type(vx.Event.from_json(b"{}").to_json(), bytes)


def simulate() -> None:
    with testing.Simulation(app) as sim:
        sim.fail("push", ConnectionError("down"), times=2)
        sim.publish(ClueFound("red", 1))
        sim.run(until="1m")
        assert_type([attempt.outcome for attempt in sim.attempts("push")], list[str])
        assert_type(sim.now, float)


def data_of_a_literal() -> None:
    assert_type(vx.Event("a", {"x": 1}).data, dict[str, int])
    assert_type(vx.Event("a").data, Any)


def express(event: vx.Event[ClueFound]) -> None:
    large = vx.Expression("data.amount > 900")
    assert_type(large.text, str)
    assert_type(large.evaluate(event), Any)
    large.evaluate({"data": {"amount": 1}})
    large.evaluate(b"{}")
    vx.Expression("n + 1", ["n"]).evaluate({"n": 1})
    assert_type(vx.Expression("n + 1u", {"n": "uint"}).variables, dict[str, str] | None)
    try:
        large.evaluate({})
    except vx.EvaluationError as error:
        assert_type(error.reason, str)
    except vx.InvalidExpressionError as error:
        assert_type(error.column, int)
