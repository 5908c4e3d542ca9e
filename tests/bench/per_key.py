"""The order of every key while one of a thousand keys takes a millisecond for each of its events.

The handler checks that a key's numbers follow one another. What counts are the *other* keys: their
events by the time from the first publish until the last of them is handled. Every handler really
sleeps, only asyncio's awaits. The engine has two threads; the others as many as their names say.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from measure import Figure, alternate, compare
from python_boundary import zipf
from python_dispatch import TYPE

import veltrix as vx

SLOW = "slow"
SLOW_EVERY = 1_000
PAUSE_S = 0.001
NAME = "other keys while one sleeps 1 ms per event"


@functools.cache
def _events(count: int, slow_every: int) -> tuple[list[tuple[str, int]], Counter[str]]:
    """Key and number of every event, and how many each key has."""
    keys = zipf(count)
    keys[::slow_every] = [SLOW] * len(keys[::slow_every])
    totals = Counter(keys)
    numbers = {key: itertools.count() for key in totals}
    return [(key, next(numbers[key])) for key in keys], totals


class Stream:
    """The events of one run, made before the clock starts, and what their handlers saw."""

    def __init__(self, count: int, slow_every: int) -> None:
        self.events, self.totals = _events(count, slow_every)
        self._next = dict.fromkeys(self.totals, 0)
        self._ended = itertools.count(2).__next__  # counts right whichever threads call it
        self._others_ended = 0.0
        self.inversions = 0
        self.slow_left = 0

    def take(self, key: str, number: int) -> bool:
        """Note an event; whether it is one of the slow key."""
        if number != self._next[key]:
            self.inversions += 1
        self._next[key] = number + 1
        if key == SLOW:
            return True
        if number + 1 == self.totals[key] and self._ended() == len(self.totals):
            self._others_ended = time.perf_counter()
            self.slow_left = self.totals[SLOW] - self._next[SLOW]
        return False

    def handle(self, key: str, number: int) -> None:
        """The whole handler, where one function is wanted."""
        if self.take(key, number):
            time.sleep(PAUSE_S)

    def rate(self, begun: float) -> float:
        """Events a second of the other keys."""
        if self.inversions or self._next != self.totals:
            raise AssertionError(f"{self.inversions} events were not the next of their key")
        return (len(self.events) - self.totals[SLOW]) / (self._others_ended - begun)


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
    ("SimpleQueue and a thread per key", thread_per_key, 1),
    ("ThreadPoolExecutor(1), 16 of them", lambda stream: thread_pools(stream, 16), 10),
    ("ThreadPoolExecutor(1) per key", lambda stream: thread_pools(stream, 1_000), 10),
)


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside what the standard library has."""
    return side_by_side(PEERS, 2_000 if quick else 1_000_000)


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
