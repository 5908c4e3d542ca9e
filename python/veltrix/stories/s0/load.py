"""The load of S0: a seeded stream of a shop's events, and the record of what became of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from veltrix.stories.meter import Meter
from veltrix.stories.story import Outcome, Part

# type -> events in a thousand; reports come on top of that, in bursts
SHARES: Final = {"payment.settled": 10, "order.created": 180, "page.viewed": 810}
REPORT: Final = "report.requested"
TYPES: Final = (*SHARES, REPORT)
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
            options: ``events``, ``rate`` (events per second), ``seed``, and ``reports``, how many
                of them come at once, every ``rate`` events.

        Returns:
            The same load for the same options.
        """
        chance = random.Random(options["seed"])
        count, rate, reports = options["events"], options["rate"], options["reports"]
        types = chance.choices(list(SHARES), list(SHARES.values()), k=count)
        for begin in range(rate // 2, count, rate):
            types[begin : begin + reports] = [REPORT] * len(types[begin : begin + reports])
        keys = [f"customer-{chance.randrange(_KEYS)}" for _ in range(count)]
        order = []
        for number in range(count):
            order.append(number)
            if chance.random() < _TWICE:
                order.append(number)
        return cls(types, keys, [number / rate for number in range(count)], order)


@dataclass
class Record:
    """What the handlers of one side saw. Appending is all they do, so threads need no lock."""

    load: Load
    report_seconds: float
    seen: list[tuple[int, float]] = field(default_factory=list)  # (event number, when)
    meter: Meter = field(default_factory=Meter)

    def handle(self, number: int) -> None:
        """The work of every handler: a report waits for another system, the others only count."""
        self.seen.append((number, time.perf_counter()))
        if self.load.types[number] == REPORT:
            time.sleep(self.report_seconds)

    def send_all(self, send: Callable[[int], None]) -> None:
        """Send the load on schedule (open loop: a late sender sends at once what is due)."""
        clock, due = time.perf_counter, self.load.due
        self.meter = Meter()
        start = self.meter.began
        for number in self.load.order:
            ahead = start + due[number] - clock()
            if ahead > 0:
                time.sleep(max(ahead, 0.001))
            send(number)

    def outcome(self) -> Outcome:
        """Count losses, duplicates, inversions and waits. Call after the last handler's end."""
        types, keys, due = self.load.types, self.load.keys, self.load.due
        result = Outcome(sent=len(types), handled=len(self.seen), out_of_order=0)
        self.meter.read(result)
        newest: dict[tuple[str, str], int] = {}
        inversions = 0
        waits: dict[str, dict[int, float]] = {name: {} for name in TYPES}
        for number, when in self.seen:
            lane = (types[number], keys[number])
            inversions += number < newest.get(lane, -1)
            newest[lane] = max(number, newest.get(lane, -1))
            waits[types[number]].setdefault(number, when - self.meter.began - due[number])
        result.out_of_order = inversions
        result.parts = {
            name: Part.of(types.count(name), list(waits[name].values())) for name in TYPES
        }
        result.lost = sum(part.lost for part in result.parts.values())
        result.duplicates = result.handled - (result.sent - result.lost)
        return result
