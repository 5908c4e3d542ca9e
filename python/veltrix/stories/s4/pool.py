"""S4 before: Python threads around one lock-protected priority queue."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import veltrix as vx
from veltrix.stories.story import Outcome

from .load import TYPE, Bank, Load


@dataclass(slots=True)
class Message:
    """What a handler of veltrix may ask an event for, too."""

    type: str
    priority: int
    data: bytes


class Pool:
    """The queue and its threads, as the documentation of ``queue`` has them.

    Args:
        bank: Whose handler runs the events.
        threads: How many.
        capacity: Events that the queue holds; then the sender waits.
    """

    def __init__(self, bank: Bank, threads: int, capacity: int) -> None:
        self._bank = bank
        # (urgency, number, event): the number keeps equals in order, and events uncompared.
        self._events: queue.PriorityQueue[tuple[int, int, Message | None]] = queue.PriorityQueue(
            capacity
        )
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def send(self, number: int, data: bytes, priority: int) -> None:
        """Queue one event."""
        self._events.put((vx.URGENT - priority, number, Message(TYPE, priority, data)))

    def drain(self) -> None:
        """Wait until every event was handled."""
        self._events.join()

    def stop(self) -> None:
        """End the threads."""
        for number, _ in enumerate(self._threads):
            self._events.put((0, -1 - number, None))
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (message := self._events.get()[2]) is not None:
            self._bank.book(int(message.data))
            self._events.task_done()


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through the pool."""
    bank = Bank(Load.make(options))
    pool = Pool(bank, options["threads"], options["capacity"])
    bank.send_all(pool.send)
    pool.drain()
    outcome = bank.outcome()
    pool.stop()
    return outcome
