"""High events beside low ones at 120 % load, 200 us a handler, one publisher thread and one worker:
the engine, at the interpreter's own settings and in its low-latency profile, beside
``queue.PriorityQueue`` at the default switch interval and at 0.1 ms. ``overload.py`` has the load.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable

from measure import Figure
from overload import SCALES, Load, Side, figures_of, take_turns
from urgent_python import switch_interval

import veltrix as vx

TUNED = "PriorityQueue, switch interval 0.1 ms"


def through_engine(load: Load, *, low_latency: bool = False) -> None:
    """One queue; the priority is the event's own."""
    app = vx.Pipeline("bench")

    @app.handler("work", queue="work", order="none")
    def on_event(event: vx.Event) -> None:
        load.handle(event.priority == vx.HIGH, event.data)

    with vx.Engine(app, low_latency=low_latency) as engine:

        def send(high: bool, due_ns: int) -> None:
            engine.publish("work", due_ns, priority=vx.HIGH if high else vx.LOW)

        _publish(load, send)
        load.settle()
        engine.drain()


def through_low_latency(load: Load) -> None:
    """The engine's own profile: it sets the switch interval while it runs."""
    through_engine(load, low_latency=True)


def through_queue(load: Load, interval: float | None = None) -> None:
    """A heap and one worker."""
    events: queue.PriorityQueue[tuple[int, int, int]] = queue.PriorityQueue()
    numbers = itertools.count()

    def work() -> None:
        while (event := events.get())[0] < 2:
            load.handle(event[0] == 0, event[2])

    def send(high: bool, due_ns: int) -> None:
        events.put((0 if high else 1, next(numbers), due_ns))

    with switch_interval(interval):
        worker = threading.Thread(target=work)
        worker.start()
        _publish(load, send)
        load.settle()
        events.put((2, 0, 0))
        worker.join()


def _publish(load: Load, send: Callable[[bool, int], object]) -> None:
    """The publisher is a thread of its own, as in a program that embeds a queue."""
    publisher = threading.Thread(target=load.produce, args=(send,))
    publisher.start()
    publisher.join()


SIDES: dict[str, Side] = {
    "engine": through_engine,
    "engine, low latency": through_low_latency,
    "PriorityQueue": through_queue,
    TUNED: lambda load: through_queue(load, 1e-4),
}


def figures(*, quick: bool) -> list[Figure]:
    """The engine is to be ahead of both, and to handle as much as one worker can."""
    seen = take_turns(SIDES, SCALES["fine"], 0.1 if quick else 2.5)
    others = ("PriorityQueue", TUNED)
    rate = {"absolute": 4_800.0}
    return [
        figure
        for mine in ("engine", "engine, low latency")
        for figure in figures_of(seen, mine, others, rate)
    ]
