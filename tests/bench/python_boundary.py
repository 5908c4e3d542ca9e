"""What the border between Python and the core costs: one row per kind of handler, key and payload.

As in python_dispatch.py: one publisher loop (closed), the time from the first publish to the end of
the last handler. A queue of the standard library carries a new slots object per event and calls
the same handler.
"""

from __future__ import annotations

import bisect
import itertools
import json
import queue
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from measure import Figure, alternate, compare
from python_dispatch import PAYLOAD, TYPE, Message, read_fields, simple_queue

import veltrix as vx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEYS = 1_000_000
ZIPF = 1.1
FIELDS = json.loads(PAYLOAD)


def nothing(event: vx.Event) -> None:
    """The smallest handler."""


def read_dict(event: vx.Event) -> None:
    """Three fields of a payload that was a dict."""
    data = event.data
    amount, currency, customer = data["amount"], data["currency"], data["customer"]  # noqa: F841


@dataclass(frozen=True)
class Row:
    """One load of the engine."""

    name: str
    handler: Callable[..., Any] | None = read_fields  # None: a native sink
    data: Any = PAYLOAD
    keys: Callable[[int], Sequence[str]] | None = None
    options: dict[str, Any] = field(default_factory=dict)  # of the queue
    share: float = 1.0  # of the count: slow handlers see fewer events
    first: int = 0  # events before the clock starts: workers that have to be started


async def nothing_async(event: vx.Event) -> None:
    """A coroutine that never suspends."""


def nothing_batch(events: list[vx.Event]) -> None:
    """A call for many events."""


def sleep_for_one_key(event: vx.Event) -> None:
    """One key in ten thousand events takes a millisecond."""
    if event.key == "slow":
        time.sleep(0.001)


def burn(event: vx.Event) -> None:
    """A millisecond of CPU."""
    end = time.thread_time_ns() + 1_000_000
    while time.thread_time_ns() < end:
        pass


def one_slow(count: int) -> list[str]:
    """A thousand keys, and a slow one."""
    return [f"c-{n % 1_000}" if n % 10_000 else "slow" for n in range(count)]


def uniform(count: int) -> list[str]:
    """Keys of a million customers."""
    chance = random.Random(1)
    return [f"c-{chance.randrange(KEYS):06d}" for _ in range(count)]


def zipf(count: int) -> list[str]:
    """A few of a thousand keys have most of the events."""
    chance = random.Random(1)
    shares = list(itertools.accumulate(1 / (rank + 1) ** ZIPF for rank in range(1_000)))
    return [f"c-{bisect.bisect(shares, chance.random() * shares[-1]):03d}" for _ in range(count)]


def engine(row: Row, count: int) -> float:
    """Events a second through the engine."""
    app = vx.Pipeline("bench")
    if row.handler is None:
        app.sink("out", "/dev/null")
        app.queue("orders", sink="out")
        app.route("orders", type=TYPE, to="orders")
    else:
        app.handler(TYPE, queue="orders", **row.options)(row.handler)
    keys = row.keys(count) if row.keys else None
    data = row.data
    with vx.Engine(app) as running:
        publish = running.publish
        running.publish_many([data] * row.first, type=TYPE).settled()
        begin = time.perf_counter()
        if keys:
            for key in keys:
                publish(TYPE, data, key=key)
        else:
            for _ in range(count):
                publish(TYPE, data)
        running.drain()
        seconds = time.perf_counter() - begin
        done = running.stats().queues["orders"].done
    if done != count + row.first:
        raise AssertionError(f"{row.name}: {done} of {count} events were handled")
    return count / seconds


def put_and_get(count: int) -> float:
    """A queue alone on one thread: nothing handles what comes out."""
    events: queue.SimpleQueue[Message] = queue.SimpleQueue()
    begin = time.perf_counter()
    put, get = events.put, events.get
    for _ in range(count):
        put(Message(TYPE, PAYLOAD, 4))
        get()
    return count / (time.perf_counter() - begin)


def heap(count: int) -> float:
    """A PriorityQueue on two threads with dict payloads; 1 thread puts, 1 handles."""
    events: queue.PriorityQueue[tuple[int, int, Message | None]] = queue.PriorityQueue()

    def work() -> None:
        while (event := events.get()[2]) is not None:
            read_dict(event)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool:
        begin = time.perf_counter()
        worker = pool.submit(work)
        for number in range(count):
            message = Message(TYPE, dict(FIELDS), 4)  # type: ignore[arg-type]
            events.put((number % 10, number, message))
        events.put((10, count, None))
        worker.result()
        return count / (time.perf_counter() - begin)


def thread_pool(count: int) -> float:
    """A future per event."""
    with ThreadPoolExecutor(1) as pool:
        begin = time.perf_counter()
        submit = pool.submit
        for _ in range(count):
            submit(read_fields, Message(TYPE, PAYLOAD, 4))  # type: ignore[arg-type]
        pool.shutdown(wait=True)
        return count / (time.perf_counter() - begin)


SINK = Row("native sink", handler=None)
READS = Row("3 fields")
DICT = Row("dict payload, 3 fields", handler=read_dict, data=FIELDS)
REFERENCE = Row(
    "dict by reference, 3 fields",
    handler=read_dict,
    data=FIELDS,
    options={"payload": "reference"},
)
NOTHING = Row("nothing", handler=nothing)
MILLION = Row("1 M uniform keys", handler=nothing, keys=uniform)
SKEWED = Row(
    "1 k keys, zipf 1.1",
    handler=nothing,
    keys=zipf,
    options={"capacity": {"events": 100_000, "per_key": 100_000}},  # a key has a fifth of them
)
ASYNC = Row("async, does not suspend", handler=nothing_async)
BATCH = Row("batch", handler=nothing_batch, options={"batch": {"max_events": 1_000}})
THREADS = Row(
    "other keys while one sleeps, 2 threads",
    handler=sleep_for_one_key,
    keys=one_slow,
    options={"pool": "threads", "concurrency": 2},
)
PROCESSES = tuple(
    Row(
        f"1 ms of CPU, processes: {workers}",
        handler=burn,
        options={"pool": "processes", "concurrency": workers, "order": "none"},
        share=0.002,
        first=2 * workers,
    )
    for workers in (1, 2)
)
ROWS = (SINK, READS, DICT, REFERENCE, NOTHING, MILLION, SKEWED, ASYNC, BATCH, THREADS, *PROCESSES)

# Candidate, baseline, wanted.
FIGURES: tuple[tuple[Row, str, dict[str, float]], ...] = (
    (SINK, "SimpleQueue put + get, one thread", {"target": 0.7}),
    (READS, "ThreadPoolExecutor(1)", {"target": 40.0}),
    (DICT, "queue.PriorityQueue, dicts", {"target": 10.0}),
    (NOTHING, "queue.SimpleQueue", {"absolute": 6e6}),
    (MILLION, "queue.SimpleQueue", {"absolute": 3e6}),
    (SKEWED, "queue.SimpleQueue", {"absolute": 3e6}),
    (REFERENCE, "queue.SimpleQueue", {"target": 0.8}),
    (ASYNC, "queue.SimpleQueue", {"absolute": 1e6}),
    (BATCH, "queue.SimpleQueue", {"absolute": 8e6}),
    (THREADS, "queue.SimpleQueue", {"absolute": 1.6e6}),
    (PROCESSES[1], PROCESSES[0].name, {"target": 1.7}),
)


def figures(*, quick: bool) -> list[Figure]:
    """Measure every row beside every baseline."""
    count = 20_000 if quick else 1_000_000
    slow = count // 10  # these are slower by far, and their rate does not depend on the count
    sides: dict[str, Callable[[], float]] = {
        "SimpleQueue put + get, one thread": lambda: put_and_get(count),
        "queue.SimpleQueue": lambda: simple_queue(count),
        "queue.PriorityQueue, dicts": lambda: heap(slow),
        "ThreadPoolExecutor(1)": lambda: thread_pool(slow),
    }
    for row in ROWS:
        sides[row.name] = lambda row=row: engine(row, max(int(count * row.share), 10))
    runs = alternate(sides)
    return [
        compare(row.name, against, runs, name=f"Python publish -> {row.name}", unit="events/s", **w)
        for row, against, w in FIGURES
    ]
