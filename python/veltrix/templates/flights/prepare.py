"""Writes the input file once and finds it again: the stream of one range of days.

Beside ``NAME.jsonl`` lies ``NAME.json``, its manifest. A file without a matching manifest (left
by an interrupted run, or changed since) is written anew.
"""

from __future__ import annotations

import bisect
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from .delivery import SECOND, Delivery, Outage
from .events import TYPES, FlightEvents
from .tables import FIRST_DAY, LAST_DAY, airport_zones, flight_rows, folder
from .times import DAY, day_number

_FORMAT = 1  # raised when the lines change, so that old files are not taken for new ones
_SLACK = 120  # minutes that an event of a day may lie before that day began in UTC

Progress = Callable[[int, int, int], None]  # (days done, days in all, lines written)


@dataclass(frozen=True)
class Request:
    """Which stream is wanted.

    Args:
        first: First local day of the schedule.
        last: Last day, itself included.
        seed: Fixes the disorder of delivery.
        ideal: Event-time order, no delay, no second deliveries.
        outages: Airports that were cut off for a time.
    """

    first: date = FIRST_DAY
    last: date = LAST_DAY
    seed: int = 1
    ideal: bool = False
    outages: Sequence[Outage] = ()

    def identity(self) -> dict[str, object]:
        """Everything that decides about the bytes of the stream."""
        return {
            "format": _FORMAT,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "seed": self.seed,
            "ideal": self.ideal,
            "outages": [asdict(outage) for outage in self.outages],
        }

    def file_name(self) -> str:
        """Name of the stream's file without its ending."""
        mark = hashlib.sha256(json.dumps(self.identity()).encode()).hexdigest()[:8]
        return f"flights-{self.first:%Y%m%d}-{self.last:%Y%m%d}-{mark}"


@dataclass
class Stream:
    """An input file and what is in it."""

    path: Path
    lines: int = 0
    second_deliveries: int = 0
    bytes: int = 0
    types: dict[str, int] = field(default_factory=dict)  # distinct events
    fresh: bool = True  # written by this call

    @property
    def distinct(self) -> int:
        """Events without second deliveries."""
        return self.lines - self.second_deliveries


def prepare(cache: Path, request: Request, progress: Progress | None = None) -> Stream:
    """Find the stream in the cache folder, or write it.

    Args:
        cache: Folder of input files; made if it does not exist.
        request: Which stream.
        progress: Called after each day.

    Returns:
        The stream; ``fresh`` says whether it had to be written.

    Raises:
        DataError: The data package is missing or has other tables.
        OSError: The folder cannot be written.
    """
    path = cache / (request.file_name() + ".jsonl")
    known = _cached(path, request)
    if known is not None:
        return known
    cache.mkdir(parents=True, exist_ok=True)
    stream = Stream(path)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as out:
            for lines in _batches(request, stream, progress):
                stream.lines += len(lines)
                stream.bytes += out.write("".join(lines).encode("ascii"))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_manifest(stream, request)
    return stream


def _batches(request: Request, stream: Stream, progress: Progress | None) -> Iterator[list[str]]:
    """Lines in order of receipt. Holds back only what a later day can still come before."""
    tables = folder()
    days = flight_rows(tables, request.first, request.last)
    events = FlightEvents(airport_zones(tables))
    delivery = Delivery(request.seed, ideal=request.ideal, outages=request.outages)
    types: Counter[str] = Counter(dict.fromkeys(TYPES, 0))
    waiting: list[tuple[int, str, str]] = []
    for done, (day, rows) in enumerate(days.items(), start=1):
        today = events.of_day(day, rows)
        types.update(event.type for event in today)
        waiting += delivery.lines(day.isoformat(), today)
        waiting.sort()
        ready = bisect.bisect_left(waiting, (_earliest(day + timedelta(days=1)),))
        yield [line for _, _, line in waiting[:ready]]
        del waiting[:ready]
        if progress is not None:
            progress(done, len(days), stream.lines)
    yield [line for _, _, line in waiting]
    stream.types = dict(types)
    stream.second_deliveries = delivery.second_deliveries


def _earliest(day: date) -> int:
    """No event of this day or a later one is received before this."""
    return (day_number(day) * DAY - _SLACK) * 60 * SECOND


def _cached(path: Path, request: Request) -> Stream | None:
    try:
        manifest = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    if manifest.get("request") != request.identity() or manifest.get("bytes") != size:
        return None
    return Stream(
        path,
        lines=manifest["lines"],
        second_deliveries=manifest["second_deliveries"],
        bytes=size,
        types=manifest["types"],
        fresh=False,
    )


def _write_manifest(stream: Stream, request: Request) -> None:
    manifest = {
        "request": request.identity(),
        "lines": stream.lines,
        "second_deliveries": stream.second_deliveries,
        "bytes": stream.bytes,
        "types": stream.types,
    }
    path = stream.path.with_suffix(".json")
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
