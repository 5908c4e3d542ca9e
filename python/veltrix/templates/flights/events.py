"""Rows of the flights table as CloudEvents: what happened, when, and the text of its JSON line.

| type | source | time |
| --- | --- | --- |
| ``flight.departed`` | the origin | schedule + departure delay |
| ``flight.cancelled`` | the origin | schedule (the data has no other) |
| ``flight.arrived`` | the destination | local landing time in the destination's zone |
| ``flight.diverted`` | the destination | the same; it landed, but has no arrival delay |

A flight that left and never reported a landing has one event only. The key is the tail number;
some cancelled flights have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from .times import DAY, ZoneClock, day_number, minute_text

TYPES = ("flight.departed", "flight.arrived", "flight.cancelled", "flight.diverted")
ORIGIN_ZONE = "America/New_York"

_LETTERS = {"departed": "D", "arrived": "A", "cancelled": "C", "diverted": "V"}  # end of the id

# Least delay in minutes for a priority; shorter delays have the default, 4.
_PRIORITIES = ((180, 8), (120, 7), (60, 6), (15, 5))


class Happening(NamedTuple):
    """One event before its delivery. Sorts by time, then id."""

    minute: int  # UTC minutes since 1970
    id: str
    source: str
    type: str
    head: str  # the JSON line up to the text of its time of receipt …
    tail: str  # … and from there to the line's end


def priority_of(delay: int) -> int:
    """Priority of a departure or arrival.

    Example:
        >>> [priority_of(minutes) for minutes in (-5, 15, 60, 120, 500)]
        [4, 5, 6, 7, 8]
    """
    if delay < 15:
        return 4
    return next(priority for least, priority in _PRIORITIES if delay >= least)


class FlightEvents:
    """Turns rows into events.

    Args:
        zones: Zone name of every airport, from :func:`.tables.airport_zones`.
    """

    def __init__(self, zones: dict[str, str]) -> None:
        self._zones = zones
        self._clocks: dict[str, ZoneClock] = {}
        self._home = ZoneClock(ORIGIN_ZONE)

    def of_day(self, day: date, rows: Iterable[str]) -> list[Happening]:
        """Events of the flights scheduled for one local day, by time and id."""
        number, stamp = day_number(day), f"{day:%Y%m%d}"
        return sorted(event for row in rows for event in self._of_row(row, number, stamp))

    def _of_row(self, row: str, day: int, stamp: str) -> Iterator[Happening]:
        fields = row.split(",")
        departed, delay, arrived, arrival_delay = fields[3], fields[5], fields[6], fields[8]
        flown, distance = fields[14], fields[15]
        flight = _Flight(fields, stamp)
        schedule = self._home.utc(day, int(fields[16]) * 60 + int(fields[17]))
        planned = f'"sched_dep":"{minute_text(schedule)}",'
        if not departed:
            yield flight.event("cancelled", flight.origin, schedule, 9, planned)
            return
        left = schedule + int(delay)
        extra = f'{planned}"dep_delay":{delay},'
        yield flight.event("departed", flight.origin, left, priority_of(int(delay)), extra)
        if not arrived:
            return
        expected = left + (int(flown) if flown else int(distance) / 7.5 + 15) + 25
        clock = (int(arrived) // 100 * 60 + int(arrived) % 100) % DAY  # 2400 is midnight, too
        landed = self._clock(flight.dest).nearest(clock, expected, left)
        if not arrival_delay:
            extra = '"arr_delay":null,"air_time":null,'
            yield flight.event("diverted", flight.dest, landed, 9, extra)
            return
        extra = f'"arr_delay":{arrival_delay},"air_time":{flown},'
        urgency = priority_of(int(arrival_delay))
        yield flight.event("arrived", flight.dest, landed, urgency, extra)

    def _clock(self, airport: str) -> ZoneClock:
        zone = self._zones[airport]
        if zone not in self._clocks:
            self._clocks[zone] = ZoneClock(zone)
        return self._clocks[zone]


class _Flight:
    """What the events of one flight have in common, as text."""

    __slots__ = ("_data", "_distance", "_id", "_key", "_subject", "dest", "origin")

    def __init__(self, fields: list[str], stamp: str) -> None:
        carrier, number, tail, self.origin, self.dest, _, self._distance = fields[9:16]
        self._subject = f"{carrier}{number}"
        self._id = f"{self._subject}-{stamp}-{self.origin}"
        self._key = f',"partitionkey":"{tail}"' if tail else ""
        tail_text = f'"{tail}"' if tail else "null"
        self._data = (
            f'"flight_id":"{self._id}","carrier":"{carrier}","flight":{number},'
            f'"tailnum":{tail_text},"origin":"{self.origin}","dest":"{self.dest}",'
        )

    def event(self, kind: str, airport: str, minute: int, priority: int, extra: str) -> Happening:
        name = f"{self._id}-{_LETTERS[kind]}"
        source, event_type = f"/airports/{airport}", f"flight.{kind}"
        head = (
            f'{{"specversion":"1.0","id":"{name}","source":"{source}","type":"{event_type}",'
            f'"subject":"{self._subject}","time":"{minute_text(minute)}",'
            f'"datacontenttype":"application/json","priority":{priority}{self._key},'
            '"recordedtime":"'
        )
        tail = f'","data":{{{self._data}{extra}"distance":{self._distance}}}}}\n'
        return Happening(minute, name, source, event_type, head, tail)
