"""S1 before: one bounded FIFO for all events, whose handlers find out what they do not want."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from veltrix.stories.story import Outcome

from .feed import Feed
from .load import LANES, Load, Record

_CONDITIONS: Final = {lane.type: lane.holds for lane in LANES.values()}


class Bus:
    """The queue and its workers.

    Args:
        record: Whose handler runs the wanted events.
        capacity: Events that the queue holds; what comes beyond is dropped.
        workers: Threads that take from it.
    """

    def __init__(self, record: Record, capacity: int, workers: int) -> None:
        self._record = record
        self._events: queue.Queue[bytes | None] = queue.Queue(capacity)
        self._workers = [threading.Thread(target=self._work) for _ in range(workers)]
        self._unwanted: list[int] = []  # one count for each worker that has ended
        self.dropped = 0

    def start(self) -> None:
        """Start the workers. Lines may be read before."""
        for worker in self._workers:
            worker.start()

    def read(self, path: Path) -> None:
        """Queue every line, as it comes; it is dropped when the queue is full.

        Args:
            path: Where the lines come from.
        """
        with path.open("rb") as lines:
            for line in lines:
                try:
                    self._events.put_nowait(line)
                except queue.Full:
                    self.dropped += 1

    def finish(self) -> None:
        """Let the workers end what is queued, then stop them."""
        for _ in self._workers:
            self._events.put(None)
        for worker in self._workers:
            worker.join()

    @property
    def filtered(self) -> int:
        """Events that a worker took and did not want; known after :meth:`finish`."""
        return sum(self._unwanted)

    def _work(self) -> None:
        unwanted = 0
        while (line := self._events.get()) is not None:
            event = json.loads(line)
            if _CONDITIONS[event["type"]](event["data"]):
                self._record.handle(event["id"], event["data"])
            else:
                unwanted += 1
        self._unwanted.append(unwanted)


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through the bus."""
    record = Record(Load.make(options))
    with Feed(record.load) as feed:
        bus = Bus(record, options["capacity"], options["workers"])
        reader = threading.Thread(target=bus.read, args=(feed.path,))
        bus.start()
        reader.start()
        feed.start(record.begin())
        reader.join()
        bus.finish()
        return record.outcome(bus.filtered, in_vain=bus.filtered)
