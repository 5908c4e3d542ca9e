"""S0 before: one bounded FIFO for all types that drops when it is full, and its workers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from veltrix.stories.story import Outcome

from .load import Load, Record


@dataclass(slots=True)
class Message:
    """What a publisher of veltrix says about an event, too."""

    type: str
    id: str
    source: str
    key: str
    data: bytes


class Monolith:
    """The queue and its workers.

    Args:
        record: Whose handler runs the events.
        capacity: Events that the queue holds; what comes beyond is dropped.
        workers: Threads that take from it.
    """

    def __init__(self, record: Record, capacity: int, workers: int) -> None:
        self._record = record
        self._events: queue.Queue[Message | None] = queue.Queue(capacity)
        self._workers = [threading.Thread(target=self._work) for _ in range(workers)]
        self.dropped = 0

    def start(self) -> None:
        """Start the workers. Events may be offered before."""
        for worker in self._workers:
            worker.start()

    def offer(self, number: int) -> None:
        """Send one event; it is dropped when the queue is full."""
        load = self._record.load
        message = Message(
            load.types[number], str(number), "/shop", load.keys[number], b"%d" % number
        )
        try:
            self._events.put_nowait(message)
        except queue.Full:
            self.dropped += 1

    def finish(self) -> None:
        """Let the workers end what is queued, then stop them."""
        for _ in self._workers:
            self._events.put(None)
        for worker in self._workers:
            worker.join()

    def _work(self) -> None:
        while (message := self._events.get()) is not None:
            self._record.handle(int(message.data))


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through the monolith."""
    record = Record(Load.make(options), options["report_ms"] / 1000)
    monolith = Monolith(record, options["capacity"], options["workers"])
    monolith.start()
    record.send_all(monolith.offer)
    monolith.finish()
    return record.outcome()
