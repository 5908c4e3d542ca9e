"""What became of one event: the stations that it passed, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDS = ("retry", "done", "dead", "dropped")


def instant(wall_ns: int) -> datetime:
    """Nanoseconds since 1970 as a UTC time, to the microsecond.

    Example:
        >>> instant(1_500_000_000)
        datetime.datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=datetime.timezone.utc)
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=wall_ns // 1_000)


@dataclass(frozen=True, slots=True)
class Station:
    """One thing that happened to an event.

    Attributes:
        name: ``published``, ``admitted`` (accepted, with a sequence), ``ready`` (nothing of its key
            was before it any more), ``started``, then ``retry``, ``done``, ``dead`` or ``dropped``;
            ``waiting``: where it is now.
        at: When.
        queue: Where; empty for the first two.
        attempt: Which attempt; 0 before the first.
        code: Why it was not done.
    """

    name: str
    at: datetime
    queue: str = ""
    attempt: int = 0
    code: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Station:
        """Takes the native row."""
        return cls(row["name"], instant(row["at"]), row["queue"] or "", row["attempt"], row["code"])


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stations of one event, oldest first.

    Attributes:
        sequence: The engine's sequence of the event.
        type: Its type; empty where it is not kept.
        full: Every attempt is told: the event failed once, or is one of 1,024 that are written
            down. Otherwise the last attempt of a recent event is.
        stations: What happened.
    """

    sequence: int
    type: str
    full: bool
    stations: tuple[Station, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Timeline:
        """Takes the native row."""
        stations = sorted(map(Station.of, row["stations"]), key=lambda station: station.at)
        return cls(row["sequence"], row["type"], row["full"], tuple(stations))

    def key_wait(self, queue: str) -> float | None:
        """Seconds from publishing until nothing of its key was before it; None: not known."""
        return self._between("published", "ready", queue)

    def queue_wait(self, queue: str) -> float | None:
        """Seconds in which it was ready, until its first known attempt; None: not known."""
        return self._between("ready", "started", queue)

    def handler_time(self, queue: str) -> float | None:
        """Seconds of its first known attempt; None: not known."""
        ends = (self._between("started", end, queue) for end in _ENDS)
        return min((end for end in ends if end is not None), default=None)

    def _between(self, first: str, then: str, queue: str) -> float | None:
        begin = next(
            (s.at for s in self.stations if s.name == first and s.queue in ("", queue)), None
        )
        end = next((s.at for s in self.stations if s.name == then and s.queue == queue), None)
        return None if begin is None or end is None else (end - begin).total_seconds()

    def __str__(self) -> str:
        begin = self.stations[0].at if self.stations else instant(0)
        lines = [f"{self.type or 'event'}, sequence {self.sequence}"]
        for station in self.stations:
            after = (station.at - begin).total_seconds() * 1e3
            attempt = f"attempt {station.attempt}" if station.attempt else ""
            told = "  ".join(filter(None, (station.queue, attempt, station.code)))
            lines.append(f"{after:12.3f} ms  {station.name:<10}{told}".rstrip())
        return "\n".join(lines)
