"""The load of S0: a seeded stream of a shop's events, and the record of what became of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from veltrix.stories.story import Outcome

# type -> events in a thousand
SHARES: Final = {
    "payment.settled": 10,
    "order.created": 180,
    "page.viewed": 808,
    "report.requested": 2,
}
REPORT: Final = "report.requested"
_KEYS = 500
_TWICE = 0.01


@dataclass(frozen=True)
class Load:
    """What is sent, in order: types, keys and due times by event number."""

    types: list[str]
    keys: list[str]
    due: list[float]  # seconds after the start
    order: list[int]  # event numbers as sent; a number that comes again is a second delivery

    @classmethod
    def make(cls, options: Mapping[str, Any]) -> Load:
        """Draw a load.

        Args:
            options: ``events``, ``rate`` (events per second) and ``seed``.

        Returns:
            The same load for the same options.
        """
        chance = random.Random(options["seed"])
        count = options["events"]
        types = chance.choices(list(SHARES), list(SHARES.values()), k=count)
        keys = [f"customer-{chance.randrange(_KEYS)}" for _ in range(count)]
        order = []
        for number in range(count):
            order.append(number)
            if chance.random() < _TWICE:
                order.append(number)
        return cls(types, keys, [number / options["rate"] for number in range(count)], order)


@dataclass
class Record:
    """What the handlers of one side saw. Appending is all they do, so threads need no lock."""

    load: Load
    report_seconds: float
    start: float = 0.0
    cpu: float = 0.0  # of the process at the start
    seen: list[tuple[int, float]] = field(default_factory=list)  # (event number, latency)

    def handle(self, number: int) -> None:
        """The work of every handler: a report waits for another system, the others only count."""
        self.seen.append((number, time.perf_counter() - self.start - self.load.due[number]))
        if self.load.types[number] == REPORT:
            time.sleep(self.report_seconds)

    def send_all(self, send: Callable[[int], None]) -> None:
        """Send the load on schedule (open loop: a late sender sends at once what is due)."""
        clock, due = time.perf_counter, self.load.due
        self.cpu = time.process_time()
        self.start = clock()
        for number in self.load.order:
            ahead = self.start + due[number] - clock()
            if ahead > 0:
                time.sleep(max(ahead, 0.001))
            send(number)

    def outcome(self) -> Outcome:
        """Count losses, duplicates, inversions and waits. Call after the last handler's end."""
        ended, cpu = time.perf_counter(), time.process_time() - self.cpu
        types, keys = self.load.types, self.load.keys
        newest: dict[tuple[str, str], int] = {}
        handled: set[int] = set()
        result = Outcome(sent=len(types), handled=len(self.seen), seconds=ended - self.start)
        result.cpu_seconds = cpu
        for number, _ in self.seen:
            lane = (types[number], keys[number])
            result.duplicates += number in handled
            result.out_of_order += number < newest.get(lane, -1)
            newest[lane] = max(number, newest.get(lane, -1))
            handled.add(number)
        result.lost = result.sent - len(handled)
        result.latency = {name: self._latency(name) for name in SHARES}
        return result

    def _latency(self, name: str) -> dict[str, float]:
        waits = sorted(wait for number, wait in self.seen if self.load.types[number] == name)
        if not waits:
            return {"p50": 0.0, "p99": 0.0, "max": 0.0}
        last = len(waits) - 1
        return {"p50": waits[last // 2], "p99": waits[last * 99 // 100], "max": waits[last]}
