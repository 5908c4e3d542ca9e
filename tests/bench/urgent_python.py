"""Urgent events of a Python thread, beside slow Python handlers and beside a hot publisher.

The urgent thread sleeps between two events, so that each has to win the interpreter lock twice:
to publish, and to be handled. The wait runs from the time at which it was to be sent. Beside the
engine stands ``queue.PriorityQueue`` with one worker, at the default switch interval and at 0.1 ms.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from measure import ROUNDS, Figure, compare, percentile

import veltrix as vx

HANDLER_NS = 200_000
PERIOD_S = 0.005
BULK, URGENT = b"bulk", b"urgent"


@dataclass
class Load:
    """What one round saw."""

    waits_us: list[float] = field(default_factory=list)
    bulk: int = 0
    published: int = 0
    seconds: float = 0.0
    over: bool = False

    def handle(self, data: object) -> None:
        """Slow for bulk; an urgent event carries the time at which it was to be sent."""
        if isinstance(data, int):
            self.waits_us.append((time.monotonic_ns() - data) / 1e3)
        elif not self.over:
            end = time.thread_time_ns() + HANDLER_NS
            while time.thread_time_ns() < end:
                pass
            self.bulk += 1

    def send_urgent(self, send: Callable[[int], object], seconds: float) -> None:
        """The urgent thread: on a fixed schedule, whatever the others do."""
        begun = time.monotonic_ns()
        pause = threading.Event()
        for number in itertools.count(1):
            due = begun + int(number * PERIOD_S * 1e9)
            if due > begun + seconds * 1e9:
                break
            pause.wait(max(due - time.monotonic_ns(), 0) / 1e9)
            send(due)
        self.seconds = (time.monotonic_ns() - begun) / 1e9
        self.over = True


def through_engine(
    seconds: float, *, hot: bool = False, urgent: bool = True, low_latency: bool = False
) -> Load:
    """``hot``: no slow handlers, but a publisher that never stops."""
    load = Load()
    app = vx.Pipeline("bench")
    options = {"capacity": {"events": 1_000_000}, "overflow": {"policy": "drop_newest"}}

    def on_urgent(event: vx.Event) -> None:
        load.handle(event.data)

    def on_bulk(event: vx.Event) -> None:
        if not hot:
            load.handle(event.data)

    app.handler("urgent", queue="urgent", priority=vx.URGENT)(on_urgent)
    app.handler("bulk", queue="bulk", priority=vx.LOW, order="none", **options)(on_bulk)
    with vx.Engine(app, low_latency=low_latency) as engine:
        for _ in range(0 if hot else int(seconds * 1.5e9 / HANDLER_NS)):
            engine.publish("bulk", BULK)

        def send(due: int) -> None:
            if urgent:
                engine.publish("urgent", due)

        sender = threading.Thread(target=load.send_urgent, args=(send, seconds))
        sender.start()
        while hot and not load.over:
            engine.publish("bulk", BULK)
            load.published += 1
        sender.join()
        engine.drain()
    if urgent and not load.waits_us:
        raise AssertionError("no urgent event was handled")
    return load


def through_queue(seconds: float, interval: float | None = None) -> Load:
    """A heap and one worker."""
    load = Load()
    events: queue.PriorityQueue[tuple[int, int, object]] = queue.PriorityQueue()
    numbers = itertools.count()
    for _ in range(int(seconds * 1.5e9 / HANDLER_NS)):
        events.put((7, next(numbers), BULK))

    def work() -> None:
        while (event := events.get())[0] < 9:
            load.handle(event[2])

    def send(due: int) -> None:
        events.put((0, next(numbers), due))

    with switch_interval(interval):
        worker = threading.Thread(target=work)
        worker.start()
        load.send_urgent(send, seconds)
        events.put((9, next(numbers), None))
        worker.join()
    return load


@contextlib.contextmanager
def switch_interval(seconds: float | None) -> Iterator[None]:
    """Python's own switch interval for a while."""
    before = sys.getswitchinterval()
    if seconds is not None:
        sys.setswitchinterval(seconds)
    yield
    sys.setswitchinterval(before)


def bare_loop(seconds: float) -> float:
    """Slow events a second with nobody beside."""
    load = Load()
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        load.handle(BULK)
    return load.bulk / (time.monotonic() - begun)


SIDES: dict[str, Callable[[float], Load]] = {
    "engine": through_engine,
    "engine, low latency": lambda seconds: through_engine(seconds, low_latency=True),
    "PriorityQueue": through_queue,
    "PriorityQueue, switch interval 0.1 ms": lambda seconds: through_queue(seconds, 1e-4),
    "engine, hot publisher": lambda seconds: through_engine(seconds, hot=True),
    "engine, hot publisher alone": lambda seconds: through_engine(seconds, hot=True, urgent=False),
}


def figures(*, quick: bool) -> list[Figure]:
    """All sides take turns; the first round is warm-up."""
    seconds = 0.2 if quick else 3.0
    p99: dict[str, list[float]] = {name: [] for name in SIDES}
    rate: dict[str, list[float]] = {name: [] for name in (*SIDES, "bare loop")}
    for turn in range(ROUNDS + 1):
        loads = {name: side(seconds) for name, side in SIDES.items()}
        bare = bare_loop(seconds / 3)
        if turn == 0:
            continue
        rate["bare loop"].append(bare)
        for name, load in loads.items():
            p99[name].append(percentile(load.waits_us, 0.99) if load.waits_us else 0.0)
            rate[name].append((load.published or load.bulk) / load.seconds)
    return [*_waits(p99), *_rates(rate)]


def _waits(p99: dict[str, list[float]]) -> list[Figure]:
    name = "p99 wait of urgent events of a Python thread"
    rest = {"unit": "us", "better": "lower"}
    slow, hot = "engine", "engine, hot publisher"
    return [
        *(
            compare(slow, other, p99, name=f"{name}, slow handlers", absolute=1_200.0, **rest)
            for other in ("PriorityQueue", "PriorityQueue, switch interval 0.1 ms")
        ),
        compare(
            "engine, low latency",
            "PriorityQueue, switch interval 0.1 ms",
            p99,
            name=f"{name}, slow handlers, low latency",
            absolute=500.0,
            **rest,
        ),
        Figure(
            name=f"{name}, hot publisher",
            candidate=statistics.median(p99[hot]),
            baseline=statistics.median(p99[slow]),
            against="slow handlers",
            absolute=300.0,
            runs={hot: p99[hot]},
            **rest,  # type: ignore[arg-type]
        ),
    ]


def _rates(rate: dict[str, list[float]]) -> list[Figure]:
    slow, hot = "engine", "engine, hot publisher"
    unit = "events/s"
    return [
        compare(slow, "bare loop", rate, name="slow handlers meanwhile", unit=unit, target=0.96),
        compare(
            "engine, low latency",
            "bare loop",
            rate,
            name="slow handlers meanwhile, low latency",
            unit=unit,
            target=0.97,
        ),
        compare(hot, f"{hot} alone", rate, name="hot publisher meanwhile", unit=unit, target=0.5),
    ]
