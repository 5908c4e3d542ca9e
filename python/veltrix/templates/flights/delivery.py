"""How events reach us: late, in bursts, twice. Only the times of receipt are invented here.

Every event waits a log-normal time (median 20 s, 1 s to 10 min); 2 % wait 5 to 30 minutes more;
0.3 % wait 6 to 24 hours more; an airport in an outage holds its events and bursts within two
minutes after it; 1 % are delivered a second time, 5 s to 15 min later.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .events import Happening
from .times import millisecond_text

SECOND = 1000  # times of receipt are milliseconds since 1970
_VERY_LATE, _LATE, _TWICE = 0.003, 0.023, 0.01


@dataclass(frozen=True)
class Outage:
    """A time during which an airport's events do not get through.

    Example:
        >>> Outage.parse("JFK,2013-02-08T15:00:00Z,2013-02-08T17:30:00Z").source
        '/airports/JFK'
    """

    source: str
    begin: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Outage:
        """Read ``AIRPORT,FROM,TO`` with RFC 3339 times.

        Raises:
            ValueError: The text is something else, or the outage ends before it begins.
        """
        parts = text.split(",")
        if len(parts) != 3:
            raise ValueError(f"{text!r} is not AIRPORT,FROM,TO")
        begin, end = (_milliseconds(part) for part in parts[1:])
        if end <= begin:
            raise ValueError(f"{text!r} ends before it begins")
        return cls("/airports/" + parts[0], begin, end)


def _milliseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * SECOND)


class Delivery:
    """Gives events their times of receipt.

    Args:
        seed: Fixes everything that is random. Each day has its own generator, so a day is
            delivered in the same way whichever range it is part of.
        ideal: No delay, no second deliveries.
        outages: Times during which airports are cut off.
    """

    def __init__(self, seed: int, *, ideal: bool = False, outages: Sequence[Outage] = ()) -> None:
        self._seed = seed
        self._ideal = ideal
        self._outages = outages
        self.second_deliveries = 0

    def lines(self, day: str, events: Iterable[Happening]) -> list[tuple[int, str, str]]:
        """Deliver one day's events.

        Args:
            day: Names the day; part of the seed.
            events: In order of time and id.

        Returns:
            (time of receipt, event id, JSON line), in no particular order.
        """
        if self._ideal:
            return [_line(event, event.minute * 60 * SECOND) for event in events]
        chance = random.Random(f"{self._seed}/{day}")
        lines = []
        for event in events:
            received = self._received(event, chance)
            lines.append(_line(event, received))
            if chance.random() < _TWICE:
                self.second_deliveries += 1
                lines.append(_line(event, received + int(chance.uniform(5, 900) * SECOND)))
        return lines

    def _received(self, event: Happening, chance: random.Random) -> int:
        wait = min(max(chance.lognormvariate(3.0, 1.0), 1.0), 600.0)
        draw = chance.random()
        if draw < _VERY_LATE:
            wait += chance.uniform(6 * 3600, 24 * 3600)
        elif draw < _LATE:
            wait += chance.uniform(300, 1800)
        received = event.minute * 60 * SECOND + int(wait * SECOND)
        for outage in self._outages:
            if event.source == outage.source and outage.begin <= received < outage.end:
                received = outage.end + int(chance.uniform(0, 120) * SECOND)
        return received


def _line(event: Happening, received: int) -> tuple[int, str, str]:
    return received, event.id, f"{event.head}{millisecond_text(received)}{event.tail}"
