"""Small pipelines whose handlers tests can hold, count and look into."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import veltrix as vx

LONG = 20.0  # seconds after which a wait has failed


class Gate:
    """A handler that stands still until it is let go."""

    def __init__(self) -> None:
        self._begun = threading.Semaphore(0)
        self._open = threading.Event()

    def __call__(self, event: vx.Event) -> None:
        self._begun.release()
        assert self._open.wait(LONG), "nobody opened the gate"

    def wait_begun(self, count: int = 1) -> None:
        """Waits until so many more handlers stand here."""
        for _ in range(count):
            assert self._begun.acquire(timeout=LONG), "the handler was not called"

    def open(self) -> None:
        """Lets everybody go, from now on too."""
        self._open.set()


class Recorder:
    """A handler that writes down what it sees, by key."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.events: list[Any] = []
        self.by_key: dict[str | None, list[Any]] = defaultdict(list)

    def __call__(self, event: vx.Event) -> None:
        with self.lock:
            self.events.append(event.data)
            self.by_key[event.key].append(event.data)


def handle(
    app: vx.Pipeline, type_: str, function: Any, *, queue: str | None = None, **options: Any
) -> None:
    """Makes any callable the handler of a queue."""

    def handler(event: vx.Event) -> Any:
        return function(event)

    name = queue or type_.partition(".")[0]
    handler.__name__ = handler.__qualname__ = name
    app.handler(type_, queue=name, **options)(handler)


def balanced(stats: vx.stats.Stats) -> bool:
    """Whether the engine's ledger and those of all its queues are exact."""
    return stats.totals.balanced and all(queue.balanced for queue in stats.queues.values())
