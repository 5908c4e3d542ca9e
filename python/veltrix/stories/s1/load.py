"""The load of S1: JSON lines of three buses, few of them wanted, and what became of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import veltrix as vx
from veltrix.stories.meter import Meter
from veltrix.stories.story import Outcome, Part


@dataclass(frozen=True)
class Lane:
    """The wanted events of one bus, and the one condition in both spellings."""

    type: str
    share: int  # of a hundred events, those of this type
    member: str  # of the data, from 1 to `most`
    most: int
    where: str  # CEL
    holds: Callable[[Mapping[str, Any]], bool]  # Python
    priority: int
    room: float  # share of what may wait


LANES: Final = {
    "urgent": Lane(
        type="alert.raised",
        share=2,
        member="severity",
        most=10,
        where="data.severity > 7",
        holds=lambda data: data["severity"] > 7,
        priority=vx.URGENT,
        room=0.1,
    ),
    "normal": Lane(
        type="order.changed",
        share=18,
        member="amount",
        most=1_000,
        where="data.amount > 900",
        holds=lambda data: data["amount"] > 900,
        priority=vx.NORMAL,
        room=0.3,
    ),
    "bulk": Lane(
        type="metric.sampled",
        share=80,
        member="value",
        most=100,
        where="data.value > 90",
        holds=lambda data: data["value"] > 90,
        priority=vx.BULK,
        room=0.6,
    ),
}
ALL: Final = "all lanes"
_HOSTS = 200
_TEXT = "what else the producer had to say of it and nobody has ever asked for so far"
_LINE = (
    '{"specversion":"1.0","id":"%d","source":"/plant/north/collector","type":"%s",'
    '"time":"2026-03-01T12:00:00.000Z","data":{"host":"host-%d","text":"%s","%s":%d}}\n'
)


@dataclass(frozen=True)
class Load:
    """What is sent, in order, by event number."""

    rate: int  # events per second
    buses: list[str]  # the lane that may want it
    values: list[int]
    hosts: list[int]

    @classmethod
    def make(cls, options: Mapping[str, Any]) -> Load:
        """Draw a load.

        Args:
            options: ``seconds`` (how long it lasts), ``rate`` (events per second) and ``seed``.

        Returns:
            The same load for the same options.
        """
        chance = random.Random(options["seed"])
        count = round(options["seconds"] * options["rate"])
        buses = chance.choices(list(LANES), [lane.share for lane in LANES.values()], k=count)
        values = [chance.randint(1, LANES[name].most) for name in buses]
        hosts = [chance.randrange(_HOSTS) for _ in range(count)]
        return cls(options["rate"], buses, values, hosts)

    def lines(self) -> Iterator[bytes]:
        """Give every event as a line of JSON, about 260 bytes."""
        for number, name in enumerate(self.buses):
            lane, value, host = LANES[name], self.values[number], self.hosts[number]
            line = _LINE % (number, lane.type, host, _TEXT, lane.member, value)
            yield line.encode()

    def wanted(self, name: str) -> list[int]:
        """Find the events that a lane wants.

        Args:
            name: A key of :data:`LANES`.

        Returns:
            Their numbers.
        """
        lane = LANES[name]
        return [
            number
            for number, bus in enumerate(self.buses)
            if bus == name and lane.holds({lane.member: self.values[number]})
        ]


@dataclass
class Record:
    """What the handlers of one side saw. Appending is all they do, so threads need no lock."""

    load: Load
    seen: list[tuple[float, int, str]] = field(default_factory=list)  # when, event number, host
    meter: Meter = field(default_factory=Meter)

    def handle(self, event_id: str, data: Mapping[str, Any]) -> None:
        """The work of every handler: it notes the event and its host."""
        self.seen.append((time.perf_counter(), int(event_id), data["host"]))

    def begin(self) -> float:
        """Start the clock.

        Returns:
            When event 0 is due, on the clock ``perf_counter``.
        """
        self.meter = Meter()
        return self.meter.began

    def outcome(self, filtered: int, in_vain: int = 0) -> Outcome:
        """Count losses, duplicates and waits. Call after the last handler's end.

        Args:
            filtered: Events that the side says it turned away.
            in_vain: Python calls that they took, other than those of :meth:`handle`.

        Returns:
            What came of the load.
        """
        wanted = {name: self.load.wanted(name) for name in LANES}
        every = {number for numbers in wanted.values() for number in numbers}
        waits: dict[int, float] = {}
        result = Outcome(sent=len(self.load.buses), filtered=filtered, in_vain=in_vain)
        self.meter.read(result)
        for when, number, _host in self.seen:
            if number in every:
                result.handled += 1
                waits.setdefault(number, when - self.meter.began - number / self.load.rate)
            else:
                result.in_vain += 1
        result.duplicates = result.handled - len(waits)
        for name, numbers in {**wanted, ALL: every}.items():
            own = [waits[number] for number in numbers if number in waits]
            result.parts[name] = Part.of(len(numbers), own)
        # A side that turns away what is wanted must not make good with it for what it lost.
        unseen = result.sent - len(every) - filtered
        result.lost = result.parts[ALL].lost + max(unseen, 0)
        return result
