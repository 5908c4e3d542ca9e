"""Publish -> handler that reads three fields, beside other Python libraries: make bench-peers.

Each with one worker and what it has instead of a broker, as its name says. None has priorities
here but where the name says so. A library that is not installed is left out by name.
"""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from measure import Figure, alternate, compare
from python_boundary import READS, engine
from python_dispatch import PAYLOAD, TYPE, Message, priority_queue, read_fields, simple_queue

TEXT = PAYLOAD.decode()  # several carry JSON


def read_parts(kind: str, priority: int, data: str) -> None:
    """The handler of those that carry arguments."""
    read_fields(Message(kind, data, priority))  # type: ignore[arg-type]


def blinker(count: int) -> float:
    """A call inside the publisher's: there is no queue."""
    import blinker  # noqa: PLC0415

    signal = blinker.signal("bench")
    signal.connect(read_fields, weak=False)
    begin = time.perf_counter()
    for _ in range(count):
        signal.send(Message(TYPE, PAYLOAD, 4))
    seconds = time.perf_counter() - begin
    signal.disconnect(read_fields)
    return count / seconds


def huey(count: int) -> float:
    """Its queue in memory, and one thread that takes and runs."""
    from huey import MemoryHuey  # noqa: PLC0415

    broker = MemoryHuey("bench", immediate=False, results=False)
    task = broker.task()(read_parts)

    def work() -> None:
        for _ in range(count):
            while (found := broker.dequeue()) is None:
                pass
            broker.execute(found)

    worker = threading.Thread(target=work)
    worker.start()
    begin = time.perf_counter()
    for _ in range(count):
        task(TYPE, 4, TEXT)
    worker.join()
    return count / (time.perf_counter() - begin)


def dramatiq(count: int) -> float:
    """Its stub broker and a worker with one thread."""
    from dramatiq import Worker, actor  # noqa: PLC0415
    from dramatiq.brokers.stub import StubBroker  # noqa: PLC0415

    broker = StubBroker()
    task = actor(read_parts, broker=broker, actor_name="bench")
    worker = Worker(broker, worker_threads=1)
    worker.start()
    begin = time.perf_counter()
    for _ in range(count):
        task.send(TYPE, 4, TEXT)
    broker.join(task.queue_name)
    seconds = time.perf_counter() - begin
    worker.stop()
    return count / seconds


def taskiq(count: int) -> float:
    """Its broker in memory, which runs the handler in the publisher's loop."""
    from taskiq import InMemoryBroker  # noqa: PLC0415

    async def run() -> float:
        broker = InMemoryBroker(await_inplace=True)

        @broker.task
        async def task(kind: str, priority: int, data: str) -> None:
            read_parts(kind, priority, data)

        begin = time.perf_counter()
        for _ in range(count):
            await task.kiq(TYPE, 4, TEXT)
        seconds = time.perf_counter() - begin
        await broker.shutdown()
        return seconds

    return count / asyncio.run(run())


# Name, module (None: the standard library), function, how many times fewer events.
PEERS: tuple[tuple[str, str | None, Callable[[int], float], int], ...] = (
    ("queue.SimpleQueue", None, simple_queue, 1),
    ("queue.PriorityQueue", None, priority_queue, 5),
    ("blinker (a call)", "blinker", blinker, 1),
    ("huey, MemoryHuey", "huey", huey, 20),
    ("taskiq, InMemoryBroker", "taskiq", taskiq, 50),
    ("dramatiq, StubBroker", "dramatiq", dramatiq, 50),
)


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside every peer that is there."""
    count = 10_000 if quick else 1_000_000
    sides: dict[str, Any] = {"veltrix": lambda: engine(READS, count)}
    for name, module, run, fewer in PEERS:
        if module and importlib.util.find_spec(module) is None:
            print(f"{name}: not run: not installed, see peers.txt", file=sys.stderr)
            continue
        sides[name] = lambda run=run, fewer=fewer: run(max(count // fewer, 200))
    runs = alternate(sides)
    name = "Python publish -> Python handler, 3 fields"
    return [
        compare("veltrix", other, runs, name=name, unit="events/s")
        for other in sides
        if other != "veltrix"
    ]
