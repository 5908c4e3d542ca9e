"""Python publish -> Python handler that reads three fields, one call per event.

All sides: one publisher loop (closed), ten priorities in turn, a payload of 64 bytes, the same
handler. A queue of the standard library carries a new slots object per event; the engine's
publish makes its event itself. The time runs from the first publish to the end of the last
handler; starting threads and engine is not counted.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from typing import TYPE_CHECKING

from measure import Figure, alternate, compare

import veltrix as vx

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE = "order.created"
PAYLOAD = b'{"amount":417,"currency":"EUR","customer":"c-001","region":"eu"}'
PRIORITIES = tuple(range(10))


class Message:
    """What the standard library's queues carry."""

    __slots__ = ("data", "priority", "type")

    def __init__(self, type_: str, data: bytes, priority: int) -> None:
        self.type = type_
        self.data = data
        self.priority = priority


def read_fields(event: vx.Event) -> None:
    """The handler of every side; a ``Message`` has the same three fields."""
    kind, priority, data = event.type, event.priority, event.data  # noqa: F841


def simple_queue(count: int) -> float:
    """First in, first out; no priorities."""
    events: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

    def work() -> None:
        get = events.get
        while (event := get()) is not None:
            read_fields(event)

    def publish() -> None:
        put = events.put
        for _ in range(count // 10):
            for priority in PRIORITIES:
                put(Message(TYPE, PAYLOAD, priority))
        put(None)

    return _rate(count, work, publish)


def priority_queue(count: int) -> float:
    """A heap of (urgency, number, event)."""
    events: queue.PriorityQueue[tuple[int, int, Message | None]] = queue.PriorityQueue()

    def work() -> None:
        get = events.get
        while (event := get()[2]) is not None:
            read_fields(event)

    def publish() -> None:
        put, number = events.put, itertools.count().__next__
        for _ in range(count // 10):
            for priority in PRIORITIES:
                put((9 - priority, number(), Message(TYPE, PAYLOAD, priority)))
        put((10, number(), None))

    return _rate(count, work, publish)


def _rate(count: int, work: Callable[[], None], publish: Callable[[], None]) -> float:
    worker = threading.Thread(target=work)
    worker.start()
    begin = time.perf_counter()
    publish()
    worker.join()
    return count / (time.perf_counter() - begin)


def engine(count: int) -> float:
    """The engine as it comes: order by key, priorities, dedup, ledger, receipts."""
    app = vx.Pipeline("bench")
    app.handler(TYPE, queue="orders")(read_fields)
    with vx.Engine(app) as running:
        publish = running.publish
        begin = time.perf_counter()
        for _ in range(count // 10):
            for priority in PRIORITIES:
                publish(TYPE, PAYLOAD, priority=priority)
        running.drain()
        seconds = time.perf_counter() - begin
        done = running.stats().queues["orders"].done
    if done != count:
        raise AssertionError(f"{done} of {count} events were handled")
    return count / seconds


def figures(*, quick: bool) -> list[Figure]:
    """Measure, against both queues of the standard library."""
    count = 20_000 if quick else 1_000_000
    heap = count // 5  # the heap is slower by far and its rate does not depend on the count
    sides = {
        "queue.PriorityQueue": lambda: priority_queue(heap),
        "queue.SimpleQueue": lambda: simple_queue(count),
        "engine": lambda: engine(count),
    }
    runs = alternate(sides)
    name = "Python publish -> Python handler, 3 fields"
    return [
        compare("engine", side, runs, name=name, unit="events/s", target=target)
        for side, target in (("queue.PriorityQueue", 13.0), ("queue.SimpleQueue", 0.8))
    ]
