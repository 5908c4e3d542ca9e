"""The order of every key while one of a thousand keys takes a millisecond for each of its events.

The handler checks that a key's numbers follow one another. What counts are the *other* keys: their
events by the time from the first publish until the last of them is handled. Every handler really
sleeps, only asyncio's awaits. The engine has two threads; the others as many as their names say.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from key_stream import PAUSE_S, Stream
from measure import Figure, alternate, compare
from python_dispatch import TYPE

import veltrix as vx

SLOW_EVERY = 500
NAME = "other keys while one sleeps 1 ms per event"


def engine(stream: Stream) -> float:
    """Two threads, one queue, ordered by key as always."""
    app = vx.Pipeline("bench")
    # The numbers are passed as they are. A key may have all of the queue: the others have no bound.
    options = {"payload": "reference", "capacity": {"per_key": 100_000}}

    @app.handler(TYPE, queue="work", pool="threads", concurrency=2, **options)
    def on_event(event: vx.Event) -> None:
        if stream.take(event.key, event.data):  # type: ignore[arg-type]
            time.sleep(PAUSE_S)

    with vx.Engine(app) as running:
        publish = running.publish
        begun = time.perf_counter()
        for key, number in stream.events:
            publish(TYPE, number, key=key)
        running.drain()
    return stream.rate(begun)


def asyncio_queues(stream: Stream) -> float:
    """A queue and a task per key; the publisher lets the others run after 256 events."""

    async def lane(events: asyncio.Queue[tuple[str, int] | None]) -> None:
        while (event := await events.get()) is not None:
            if stream.take(*event):
                await asyncio.sleep(PAUSE_S)

    async def run() -> float:
        queues: dict[str, asyncio.Queue[tuple[str, int] | None]]
        queues = {key: asyncio.Queue() for key in stream.totals}
        lanes = [asyncio.create_task(lane(events)) for events in queues.values()]
        begun = time.perf_counter()
        for turn, event in enumerate(stream.events):
            queues[event[0]].put_nowait(event)
            if turn % 256 == 0:
                await asyncio.sleep(0)
        for events in queues.values():
            events.put_nowait(None)
        await asyncio.gather(*lanes)
        return stream.rate(begun)

    return asyncio.run(run())


def thread_pools(stream: Stream, pools: int) -> float:
    """Pools of one thread, each with its share of the keys."""
    pools = min(pools, len(stream.totals))
    executors = [ThreadPoolExecutor(1) for _ in range(pools)]
    for executor in executors:
        executor.submit(int).result()  # starts its thread
    lanes = {key: executors[place % pools] for place, key in enumerate(stream.totals)}
    begun = time.perf_counter()
    for key, number in stream.events:
        lanes[key].submit(stream.handle, key, number)
    for executor in executors:
        executor.shutdown()
    return stream.rate(begun)


def thread_per_key(stream: Stream) -> float:
    """A thousand queues and threads."""
    queues: dict[str, queue.SimpleQueue[tuple[str, int] | None]]
    queues = {key: queue.SimpleQueue() for key in stream.totals}

    def work(events: queue.SimpleQueue[tuple[str, int] | None]) -> None:
        while (event := events.get()) is not None:
            if stream.take(*event):
                time.sleep(PAUSE_S)

    threads = [threading.Thread(target=work, args=(events,)) for events in queues.values()]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    for event in stream.events:
        queues[event[0]].put(event)
    for events in queues.values():
        events.put(None)
    for thread in threads:
        thread.join()
    return stream.rate(begun)


ENGINE = ("engine, 2 threads", engine, 1)
# Name, function, how many times fewer events; of the slow key all have the same.
PEERS: tuple[tuple[str, Callable[[Stream], float], int], ...] = (
    ("asyncio, a queue per key", asyncio_queues, 1),
    ("SimpleQueue and a thread per key", thread_per_key, 2),
    ("ThreadPoolExecutor(1), 16 of them", lambda stream: thread_pools(stream, 16), 10),
    ("ThreadPoolExecutor(1) per key", lambda stream: thread_pools(stream, 1_000), 10),
)


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside what the standard library has."""
    return side_by_side(PEERS, 2_000 if quick else 500_000)


def side_by_side(
    peers: tuple[tuple[str, Callable[[Stream], float], int], ...], count: int
) -> list[Figure]:
    """The engine beside peers; how many slow events were left says whether others waited."""
    left: dict[str, list[int]] = {}

    def run(name: str, side: Callable[[Stream], float], fewer: int) -> float:
        stream = Stream(count // fewer, SLOW_EVERY // fewer)
        rate = side(stream)
        left.setdefault(name, []).append(stream.slow_left)
        return rate

    sides = {name: functools.partial(run, name, *rest) for name, *rest in (ENGINE, *peers)}
    runs = alternate(sides)
    results = [
        compare(ENGINE[0], other, runs, name=NAME, unit="events/s", absolute=1.6e6)
        for other, _, _ in peers
    ]
    for figure in results:
        figure.notes = {
            f"slow events left, {name}": median(left[name]) for name in (ENGINE[0], figure.against)
        }
    return results
