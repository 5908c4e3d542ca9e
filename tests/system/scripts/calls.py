"""Every public call, and the small world in which it is made: see call_from_a_place.py."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import tempfile
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import prometheus_client
import pydantic

import veltrix as vx
from veltrix import testing

SOON = 0.02  # seconds: what waits in a world waits no longer
YAML = """\
veltrix: 1
name: file
routes: {all: {type: "**", to: all}}
queues: {all: {sink: out}}
sinks: {out: {connector: jsonl, path: out.jsonl}}
"""


class World:
    """An engine with a little of everything in it."""

    def __init__(self) -> None:
        self.call: Callable[[], None] = lambda: None  # what is made in the place
        self.gate = threading.Event()
        self.made = threading.Event()
        self.app = vx.Pipeline("world", shutdown={"grace": "2s"})
        self.app.event("payload.a")(Payload)
        self.app.handler("work.*", queue="work")(_work)
        self.app.handler("payload.*", queue="payload")(_work)
        self.app.handler("bad.*", queue="bad")(_bad)
        self.app.handler(
            "narrow", queue="narrow", capacity={"events": 1}, overflow={"timeout": "20ms"}
        )(_slow)
        self.app.handler("held", queue="held")(lambda event: self.gate.wait(5) and None)

    def make(self) -> World:
        """Makes the engine of everything that was declared."""
        self.engine = vx.Engine(self.app)
        return self

    def start(self) -> World:
        """Starts the engine; something is done, dead, waiting."""
        self.make().engine.start()
        self.done = self.engine.publish("work.a")
        self.bad = self.engine.publish("bad.a")
        self.later = self.engine.publish("work.b", after=SOON)
        self.made.set()
        self.done.settled(timeout=5)
        self.bad.settled(timeout=5)
        return self

    def hold(self) -> vx.Receipt:
        """An event that is not settled for a moment."""
        threading.Timer(SOON, self.gate.set).start()
        return self.engine.publish("held")


class Payload(pydantic.BaseModel):
    """A declared payload."""

    number: int = 1


def _work(event: vx.Event) -> None: ...


def _bad(event: vx.Event) -> vx.Signal:
    return vx.DeadLetter("bad")


def _slow(event: vx.Event) -> None:
    threading.Event().wait(SOON / 2)


def _publish_to_a_full_queue(world: World) -> None:
    for _ in range(3):
        world.engine.publish("narrow")


def _scrape(world: World) -> None:
    registry = prometheus_client.CollectorRegistry()
    registry.register(vx.metrics.collector(world.engine))
    prometheus_client.generate_latest(registry)


def _serve(world: World) -> None:
    with vx.metrics.serve(world.engine, "127.0.0.1:0"):
        pass


def _run_another(world: World) -> None:
    other = vx.Pipeline("other")
    other.handler("work.*", queue="work")(_work)
    with vx.Engine(other) as engine:
        engine.publish("work.a").accepted()


def _simulate(world: World) -> None:
    with testing.Simulation(world.app) as simulation:
        simulation.fail("work", ConnectionError("down"))
        simulation.publish("work.a")
        simulation.run(until="1m")
        simulation.stats()


def _load(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file.yaml")
        file.write_text(YAML, encoding="utf-8")
        vx.Engine.from_config(file)


def _json(world: World) -> None:
    vx.Event.from_json(vx.Event("work.a", {"x": 1}, source="/s", id="1").to_json())


def _leave(world: World) -> None:
    with world.engine:
        pass


def _leave_in_anger(world: World) -> None:
    with contextlib.suppress(ZeroDivisionError), world.engine:
        raise ZeroDivisionError


def _many(world: World) -> vx.Receipts:
    return world.engine.publish_many([{"n": 1}, {"n": 2}], type="work.a")


def _awaited(coroutine: Coroutine[Any, Any, object]) -> None:
    """On a loop of its own; where one runs on this thread, begun and cancelled."""
    if asyncio._get_running_loop() is None:
        asyncio.run(coroutine)
        return
    with contextlib.closing(coroutine), contextlib.suppress(StopIteration):
        coroutine.send(None)


CALLS: dict[str, Callable[[World], Any]] = {
    "publish": lambda world: world.engine.publish("work.a", {"n": 1}, key="k"),
    "publish an event": lambda world: world.engine.publish(vx.Event("work.a")),
    "publish a payload": lambda world: world.engine.publish(Payload()),
    "publish nonsense": lambda world: world.engine.publish("work.a", priority=77),
    "publish to a full queue": _publish_to_a_full_queue,
    "publish and wait": lambda world: world.engine.publish("work.a").settled(),
    "publish many": _many,
    "publish many and wait": lambda world: _many(world).settled(),
    "apublish": lambda world: _awaited(world.engine.apublish("work.a")),
    "asettled": lambda world: _awaited(world.engine.publish("work.a").asettled(SOON)),
    "adrain": lambda world: _awaited(world.engine.adrain()),
    "astop": lambda world: _awaited(world.engine.astop()),
    "accepted": lambda world: world.engine.publish("work.a").accepted(),
    "settled": lambda world: world.later.settled(),
    "settled, in time": lambda world: world.later.settled(timeout=SOON / 5),
    "settled long ago": lambda world: world.done.settled(),
    "repr of a receipt": lambda world: repr(world.later),
    "start": lambda world: world.engine.start(),
    "stop": lambda world: world.engine.stop(),
    "stop at once": lambda world: world.engine.stop(0),
    "drain": lambda world: world.engine.drain(),
    "drain, in time": lambda world: world.engine.drain(timeout=SOON / 5),
    "with": _leave,
    "with, in anger": _leave_in_anger,
    "stats": lambda world: str(world.engine.stats()),
    "repr": lambda world: repr(world.engine),
    "dead letters": lambda world: [len(world.engine.dead_letters), *world.engine.dead_letters],
    "redrive": lambda world: world.engine.dead_letters.redrive(),
    "cancel": lambda world: world.engine.cancel(world.later.id),
    "timeline": lambda world: world.engine.timeline(world.bad.id),
    "scrape": _scrape,
    "serve": _serve,
    "run another": _run_another,
    "make another": lambda world: vx.Engine(world.app),
    "simulate": _simulate,
    "load": _load,
    "json": _json,
    "collect garbage": lambda world: gc.collect(),
}
