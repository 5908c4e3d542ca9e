"""The places where users' code runs, beside their own threads: see call_from_a_place.py.

Each takes a world whose engine is not started, makes its call there, and comes back afterwards.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import prometheus_client
import pydantic

import veltrix as vx
from system.scripts.calls import SOON, World
from veltrix import testing

LONG = 20.0  # seconds: beyond the watchdog
places: dict[str, Callable[[World], None]] = {}


def place(function: Callable[[World], None]) -> Callable[[World], None]:
    """Enters a place in the table under the name of its function."""
    places[function.__name__.replace("_", " ")] = function
    return function


class OnDeath:
    """Makes the call when it is collected."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __del__(self) -> None:
        self.world.call()


@contextlib.contextmanager
def signal_soon(world: World) -> Iterator[None]:
    """The block is interrupted by a signal, whose handler makes the call."""
    came = threading.Event()

    def handle(*_: object) -> None:
        world.call()
        came.set()

    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, SOON / 5)
    try:
        yield
        while not came.wait(SOON):
            pass
    finally:
        signal.signal(signal.SIGALRM, before)


def run_handler(
    world: World, handler: Callable[..., Any], *, data: object = None, **options: Any
) -> None:
    """Runs the handler once on a queue of its own."""
    world.app.handler("here", queue="here", retry={"max_attempts": 1}, **options)(handler)
    world.start()
    receipt = world.engine.publish("here", data)
    with contextlib.suppress(vx.EngineStoppedError):  # the call may have stopped it
        receipt.settled(timeout=LONG)


@place
def main_thread(world: World) -> None:
    world.start()
    world.call()


@place
def not_started(world: World) -> None:
    """On an engine without threads yet; receipts come from another."""
    world.make()
    other = World().start()
    world.done, world.bad, world.later = other.done, other.bad, other.later
    world.call()
    other.engine.stop()


@place
def stopped(world: World) -> None:
    world.start()
    world.engine.stop(0)
    world.call()


@place
def handler(world: World) -> None:
    def here(event: vx.Event) -> None:
        world.call()

    run_handler(world, here)


@place
def generator_handler(world: World) -> None:
    def here(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("work.a")
        world.call()
        yield vx.Event("work.a")

    run_handler(world, here)


@place
def end_of_a_handler(world: World) -> None:
    def here(event: vx.Event) -> None:
        _mortal = OnDeath(world)

    run_handler(world, here)


@place
def error_of_a_handler(world: World) -> None:
    class ShownError(Exception):
        def __str__(self) -> str:
            world.call()
            return "shown"

    def here(event: vx.Event) -> None:
        raise ShownError

    run_handler(world, here)


@place
def warning_of_a_handler(world: World) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *_, **__: world.call()
        run_handler(world, lambda event: 5)


@place
def decoder(world: World) -> None:
    class Model(pydantic.BaseModel):
        number: int

        @pydantic.field_validator("number")
        @classmethod
        def check(cls, number: int) -> int:
            world.call()
            return number

    def here(found: Model) -> None: ...

    here.__annotations__["found"] = Model
    run_handler(world, here, data={"number": 1})


@place
def encoder(world: World) -> None:
    class Model(pydantic.BaseModel):
        number: int

        @pydantic.field_serializer("number")
        def show(self, number: int) -> int:
            world.call()
            return number

    world.start()
    with contextlib.suppress(vx.EngineStoppedError):
        world.engine.publish("work.a", {"model": Model(number=1)})


@place
def begin_of_a_lifespan(world: World) -> None:
    def resources(state: Any) -> Iterator[None]:
        world.made.wait(LONG)
        world.call()
        yield

    world.app.lifespan(resources)
    world.start()


@place
def end_of_a_lifespan(world: World) -> None:
    def resources(state: Any) -> Iterator[None]:
        yield
        world.call()

    world.app.lifespan(resources)
    world.start()
    world.engine.stop()


@place
def end_of_a_handler_function(world: World) -> None:
    mortal = OnDeath(world)

    def here(event: vx.Event, _held: OnDeath = mortal) -> None: ...

    app = vx.Pipeline("mortal")
    app.handler("here", queue="here")(lambda event, here=here: here(event))
    engine = vx.Engine(app).start()
    world.start()
    engine.publish("here").settled(timeout=LONG)
    del mortal, here, app
    engine.stop()
    del engine
    gc.collect()


@place
def end_of_a_thread_variable(world: World) -> None:
    variables = threading.local()

    def here(event: vx.Event) -> None:
        variables.mortal = OnDeath(world)

    run_handler(world, here)
    world.engine.stop()


@place
def garbage_inside_a_call(world: World) -> None:
    world.start()
    mortal = OnDeath(world)
    mortal.__dict__["self"] = mortal
    del mortal
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        world.engine.stats()
        world.engine.dead_letters.list()
    finally:
        gc.set_threshold(*before)
    gc.collect()


@place
def end_of_the_interpreter(world: World) -> None:
    """The whole process is at its end: see call_from_a_place.py."""
    main_thread(world)


@place
def signal_while_idle(world: World) -> None:
    world.start()
    with signal_soon(world):
        pass


@place
def signal_inside_publish(world: World) -> None:
    world.start()
    with signal_soon(world), contextlib.suppress(vx.PublishError):
        for _ in range(10):
            world.engine.publish("narrow")


@place
def signal_inside_drain(world: World) -> None:
    world.start().hold()
    with signal_soon(world):
        world.engine.drain()


@place
def signal_inside_settled(world: World) -> None:
    receipt = world.start().hold()
    with signal_soon(world), contextlib.suppress(vx.EngineStoppedError):
        receipt.settled()


@place
def signal_inside_stop(world: World) -> None:
    world.start().hold()
    with signal_soon(world):
        world.engine.stop()


@place
def signal_inside_a_simulation(world: World) -> None:
    world.start()

    def here(event: vx.Event) -> None:
        threading.Event().wait(SOON / 2)

    app = vx.Pipeline("simulated")
    app.handler("here", queue="here")(here)
    with signal_soon(world), testing.Simulation(app) as simulation:
        simulation.publish("here")
        simulation.run()


@place
def handler_of_a_simulation(world: World) -> None:
    world.start()
    app = vx.Pipeline("simulated")
    app.handler("here", queue="here")(lambda event: world.call())
    with testing.Simulation(app) as simulation:
        simulation.publish("here")
        simulation.run()


@place
def metrics_collector(world: World) -> None:
    class Collector(prometheus_client.registry.Collector):
        def collect(self) -> Iterator[prometheus_client.Metric]:
            if world.started:
                world.call()
            yield from ()

    world.started = False  # registering collects once
    registry = prometheus_client.CollectorRegistry()
    registry.register(Collector())
    registry.register(vx.metrics.collector(world.start().engine))
    world.started = True
    prometheus_client.generate_latest(registry)


@place
def beside_a_thread_that_waits(world: World) -> None:
    receipt = world.start().hold()
    waits = (receipt.settled, world.later.settled, world.engine.drain)
    threads = [threading.Thread(target=_quietly, args=(wait,)) for wait in waits]
    for thread in threads:
        thread.start()
    world.call()
    for thread in threads:
        thread.join()


def _quietly(wait: Callable[[], object]) -> None:
    with contextlib.suppress(vx.EngineStoppedError):
        wait()


@place
def beside_a_thread_that_stops(world: World) -> None:
    world.start().hold()
    thread = threading.Thread(target=world.engine.stop)
    thread.start()
    world.call()
    thread.join()
