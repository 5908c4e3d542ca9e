"""The truth about a run, worked out from the package's tables alone.

Nothing here shares code with the events or the handlers: the table is read again, by column name,
and the times of departure come from its own ``time_hour`` column (UTC), not from time zones.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

LATE = 60  # minutes
ROTATION = timedelta(hours=12)
MISSING = ("", "NA")


@dataclass
class Expectations:
    """What the tables say about a range of days."""

    types: Counter[str] = field(default_factory=Counter)
    late: int = 0  # departures delayed by more than an hour
    rotations: int = 0  # late departures within 12 hours of a late one of the same aircraft
    aircraft: int = 0  # tail numbers with an event
    without_tail: int = 0  # events of flights without a tail number

    @property
    def events(self) -> int:
        """Distinct events, alerts not counted."""
        return sum(self.types.values())

    def reasons(self) -> dict[str, int]:
        """Follow-up alerts by reason."""
        return {
            "cancelled": self.types["flight.cancelled"],
            "diverted": self.types["flight.diverted"],
            "rotation": self.rotations,
        }

    def queues(self) -> dict[str, int]:
        """Deliveries that each queue of ``pipeline.yaml`` accepts."""
        return {
            "alerts": self.types["flight.cancelled"] + self.types["flight.diverted"],
            "delays": self.late,
            "movements": self.events,
            "notices": sum(self.reasons().values()),
            "archive": self.events,
        }


def from_tables(tables: Path, first: date, last: date) -> Expectations:
    """Count what the flights scheduled in a range of days must give.

    Args:
        tables: Folder with ``flights.csv.zip``.
        first: First local day of the schedule.
        last: Last day, itself included.

    Returns:
        The expectations.
    """
    truth = Expectations()
    tails: set[str] = set()
    late: dict[str, list[datetime]] = defaultdict(list)
    for row in _rows(tables / "flights.csv.zip"):
        if first <= date(int(row["year"]), int(row["month"]), int(row["day"])) <= last:
            _count(row, truth, tails, late)
    truth.aircraft = len(tails)
    truth.rotations = sum(_rotations(sorted(times)) for times in late.values())
    return truth


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as table:
        yield from csv.DictReader(io.TextIOWrapper(table, "ascii", newline=""))


def _count(
    row: dict[str, str], truth: Expectations, tails: set[str], late: dict[str, list[datetime]]
) -> None:
    types = _types(row)
    truth.types.update(types)
    is_late = row["dep_time"] not in MISSING and int(row["dep_delay"]) > LATE
    truth.late += is_late
    if row["tailnum"] in MISSING:
        truth.without_tail += len(types)
        return
    tails.add(row["tailnum"])
    if is_late:
        hour = datetime.fromisoformat(row["time_hour"])
        minutes = int(row["minute"]) + int(row["dep_delay"])
        late[row["tailnum"]].append(hour + timedelta(minutes=minutes))


def _types(row: dict[str, str]) -> list[str]:
    if row["dep_time"] in MISSING:
        return ["flight.cancelled"]
    if row["arr_time"] in MISSING:
        return ["flight.departed"]
    diverted = row["arr_delay"] in MISSING
    return ["flight.departed", "flight.diverted" if diverted else "flight.arrived"]


def _rotations(times: list[datetime]) -> int:
    return sum(after - before <= ROTATION for before, after in pairwise(times))
