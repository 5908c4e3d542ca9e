"""Does the same again and again, and prints what the process holds in between and at the end.

Arguments: WHAT (a line of one of the two tables, or several with commas, one after the other),
FIRST, COUNT. Prints as JSON, of each a line after FIRST and one after COUNT: objects that the
garbage collector knows, blocks that Python has allocated, resident bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import json
import os
import sys
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pydantic

import veltrix as vx
from veltrix import testing

CAPACITY = 2_000  # so little that memory is at its height soon


class Struct(msgspec.Struct):
    n: int


@dataclasses.dataclass
class Data:
    n: int


class Model(pydantic.BaseModel):
    n: int


def each(event: vx.Event) -> None:
    assert event.data["n"] >= 0


def context(event: vx.Event, ctx: vx.Context) -> None:
    assert ctx.attempt == 1
    assert ctx.idempotency_key


def payload(data: dict[str, int]) -> None:
    assert data["n"] >= 0


def struct(found: Struct) -> None:
    assert found.n >= 0


def typed_event(event: vx.Event[Struct]) -> None:
    assert event.data.n >= 0


def data(found: Data) -> None:
    assert found.n >= 0


def model(found: Model) -> None:
    assert found.n >= 0


def generator(event: vx.Event) -> Iterator[vx.Event]:
    yield vx.Event("next", event.data, key=event.key)


def drop(event: vx.Event) -> vx.Signal:
    return vx.Drop("not wanted")


def dead(event: vx.Event) -> None:
    raise ValueError(event.data)


def retried(event: vx.Event, ctx: vx.Context) -> vx.Signal | None:
    return vx.Retry(after="1ms") if ctx.attempt == 1 else None


kept: list[vx.Event] = []


def keep(event: vx.Event) -> None:
    kept[:] = [event]


def batch(events: list[vx.Event]) -> None:
    assert events[0].data["n"] >= 0


async def coroutine(event: vx.Event) -> None:
    assert event.data["n"] >= 0


async def waiting(event: vx.Event, ctx: vx.Context) -> None:
    await asyncio.sleep(0)
    assert ctx.attempt == 1


async def emitting(event: vx.Event) -> AsyncIterator[vx.Event]:
    yield vx.Event("next", event.data, key=event.key)


def threads(event: vx.Event) -> None:
    assert event.data["n"] >= 0


def reference(event: vx.Event) -> None:
    assert event.data["n"] >= 0


# The options of a queue with such a handler.
OPTIONS: dict[str, dict[str, Any]] = {
    "batch": {"batch": {"max_events": 100}},
    "threads": {"pool": "threads", "concurrency": 2},
    "reference": {"payload": "reference"},
    "waiting": {"concurrency": 8},
}

# A kind of handler: what is called, and how many times more than `each` it costs.
HANDLERS: dict[str, tuple[Callable[..., Any], int]] = {
    "each": (each, 1),
    "context": (context, 1),
    "payload": (payload, 1),
    "struct": (struct, 1),
    "typed event": (typed_event, 1),
    "data class": (data, 1),
    "model": (model, 2),
    "generator": (generator, 2),
    "drop": (drop, 1),
    "dead": (dead, 20),
    "retried": (retried, 50),
    "keep": (keep, 1),
    "batch": (batch, 1),
    "coroutine": (coroutine, 1),
    "waiting": (waiting, 10),
    "emitting": (emitting, 4),
    "threads": (threads, 1),
    "reference": (reference, 1),
}


def publish(engine: vx.Engine, count: int) -> None:
    """Plain events, one of eight keys each."""
    keys = [f"key-{number}" for number in range(8)]
    send = engine.publish
    for number in range(count):
        send("first", {"n": number}, key=keys[number % 8])
    engine.drain()


def handle(what: str, first: int, count: int) -> None:
    function, cost = HANDLERS[what]
    first, count = first // cost, count // cost
    # Follow-ups have derived ids, and a window of a million of them takes 100 MB.
    app = vx.Pipeline("grow", dedup={"window": "10m", "events": 1_000})
    options: Any = {
        "capacity": {"events": CAPACITY},
        "retry": {"max_attempts": 2, "backoff": "1ms"},
    }
    app.handler("first", queue="first", **options, **OPTIONS.get(what, {}))(function)
    app.handler("next", queue="next", **options)(each)
    with vx.Engine(app, dead_letter_events=10) as engine:
        publish(engine, first)
        report()
        publish(engine, count - first)
        report()


def receipts() -> Callable[[], object]:
    app = vx.Pipeline("grow")
    app.handler("first", queue="first")(each)
    engine = vx.Engine(app).start()

    def once() -> None:
        one, other = engine.publish("first", {"n": 1}), engine.publish("first", {"n": 2})
        assert one.accepted().id != other.id
        assert other.settled() == {"first": "done"}

    return once


def events() -> Callable[[], object]:
    def once() -> None:
        event = vx.Event("a", {"n": [1, 2]}, id="1", source="/s", key="k")
        assert vx.Event.from_json(event.to_json()).data == event.data
        assert event.subject is None
        for wrong in ({"type": "a", "priority": 77}, {"type": ""}, {"type": "a", "prority": 7}):
            with contextlib.suppress(ValueError, TypeError):
                vx.Event(**wrong)

    return once


def refusals() -> Callable[[], object]:
    app = vx.Pipeline("grow", unmatched="reject")
    app.handler("full", queue="full", capacity={"events": 1}, overflow={"policy": "reject"})(each)
    engine = vx.Engine(app)

    def once() -> None:
        for call in (
            lambda: engine.publish("full"),
            lambda: engine.publish("nobody"),
            lambda: engine.publish("full", object()),
            lambda: engine.publish(object()),
            lambda: engine.drain(timeout="nonsense"),
        ):
            with contextlib.suppress(vx.VeltrixError, ValueError):
                call()

    return once


def registration() -> Callable[[], object]:
    app = vx.Pipeline("grow")

    def once() -> None:
        def handler(event: vx.Event) -> None: ...

        app.handler("first", queue="first")(handler)  # again: it is replaced

    return once


def engines() -> Callable[[], object]:
    """Engines that run, in a cycle with their handlers."""
    return lambda: collected(live(start=True))


def engines_not_started() -> Callable[[], object]:
    return lambda: collected(live(start=False))


def simulations() -> Callable[[], object]:
    return lambda: collected(simulate())


def simulate() -> list[weakref.ref[Any]]:
    app = vx.Pipeline("grow")

    @app.lifespan
    def resources(state: Any) -> Iterator[None]:
        state.simulation = simulation
        yield

    @app.handler("first", queue="first")
    def handler(event: vx.Event, ctx: vx.Context) -> None:
        assert ctx.state.simulation is simulation

    error = ConnectionError(handler)
    simulation = testing.Simulation(app)
    simulation.publish("first")
    simulation.run()
    simulation.fail("first", error)
    return [weakref.ref(each) for each in (app, simulation, handler, resources)]


def collected(mortal: list[weakref.ref[Any]]) -> None:
    gc.collect()
    alive = [each() for each in mortal if each() is not None]
    assert not alive, alive


def live(*, start: bool) -> list[weakref.ref[Any]]:
    app = vx.Pipeline("grow")

    @app.event("first")
    class Payload(msgspec.Struct):
        n: int

    @app.lifespan
    def resources(state: Any) -> Iterator[None]:
        state.engine = engine
        yield

    @app.handler(Payload, queue="first")
    def handler(event: vx.Event, ctx: vx.Context) -> None:
        assert ctx.state.engine is engine

    engine = vx.Engine(app, python_executors=1)
    if start:
        with engine:
            engine.publish(Payload(1)).settled()
    return [weakref.ref(each) for each in (app, engine, handler, resources, Payload)]


# What is done in a round, and how many times more than a round of `receipts` it costs.
ROUNDS: dict[str, tuple[Callable[[], Callable[[], object]], int]] = {
    "receipts": (receipts, 1),
    "events": (events, 1),
    "refusals": (refusals, 1),
    "registration": (registration, 50),
    "engines": (engines, 200),
    "engines not started": (engines_not_started, 200),
    "simulations": (simulations, 200),
}


def report() -> None:
    gc.collect()
    # Python's cache of attributes keeps names alive, 4,096 of them.
    getattr(sys, "_clear_internal_caches", getattr(sys, "_clear_type_cache", gc.collect))()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    held = {"objects": len(gc.get_objects()), "blocks": sys.getallocatedblocks()}
    print(json.dumps({**held, "resident": resident}), flush=True)


def main(what: str, first: int, count: int) -> None:
    if what in HANDLERS:
        handle(what, first, count)
        return
    make, cost = ROUNDS[what]
    once = make()
    for number in range(1, count // cost + 1):
        once()
        if number in (first // cost, count // cost):
            report()


if __name__ == "__main__":
    for each_kind in sys.argv[1].split(","):
        main(each_kind, int(sys.argv[2]), int(sys.argv[3]))
