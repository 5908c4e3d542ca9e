"""Publish -> handler that reads three fields, beside other Python libraries: make bench-peers.

Each with one worker and what it has instead of a broker, as its name says. None has priorities
here but where the name says so. A library that is not installed is left out by name. Dataflow
engines and the like, which are heavy to load, are in ``peers_streams.py``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import partial

from measure import Figure, alternate, compare, left_out
from peers_plain import asyncio_priority_queue, blinker, call_soon_threadsafe, direct
from peers_tasks import celery, dramatiq, huey, taskiq
from python_boundary import READS, engine, thread_pool
from python_dispatch import priority_queue, simple_queue

# Name, module (None: the standard library), function, how many times fewer events.
Peer = tuple[str, str | None, Callable[[int], float], int]
PEERS: tuple[Peer, ...] = (
    ("queue.SimpleQueue", None, simple_queue, 1),
    ("queue.PriorityQueue, priorities", None, priority_queue, 5),
    ("asyncio.PriorityQueue, priorities, 1 thread", None, asyncio_priority_queue, 5),
    ("ThreadPoolExecutor(1)", None, thread_pool, 20),
    ("call_soon_threadsafe", None, call_soon_threadsafe, 10),
    ("direct call, no queue", None, direct, 1),
    ("blinker, no queue", "blinker", blinker, 1),
    ("huey, MemoryHuey", "huey", huey, 20),
    ("taskiq, InMemoryBroker", "taskiq", taskiq, 50),
    ("dramatiq, StubBroker", "dramatiq", dramatiq, 100),
    ("celery, memory://, solo worker", "celery", celery, 500),
)


def installed(module: str, name: str) -> bool:
    """Whether a library is there; without it the result names its side as left out."""
    if importlib.util.find_spec(module) is None:
        left_out(name, f"{module} is not installed, see peers.txt")
        return False
    return True


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside every peer that is there."""
    return side_by_side(PEERS, 10_000 if quick else 500_000)


def side_by_side(peers: Sequence[Peer], count: int) -> list[Figure]:
    """The engine and those that are installed take turns."""
    there = [peer for peer in peers if peer[1] is None or installed(peer[1], peer[0])]
    sides: dict[str, Callable[[], float]] = {"veltrix": partial(engine, READS, count)}
    for name, _, run, fewer in there:
        sides[name] = partial(run, max(count // fewer, 200))
    runs = alternate(sides)
    name = "Python publish -> Python handler, 3 fields"
    return [compare("veltrix", other, runs, name=name, unit="events/s") for other, *_ in there]
