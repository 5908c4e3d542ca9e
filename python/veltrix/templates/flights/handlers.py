"""What is done with the flights: alerts, rotations at risk, the last status of every aircraft.

No answer here depends on the order in which events arrive: a departure may be received a day late
and still counts in its place. That is why the results can be compared with the tables.

Every queue has ``concurrency: 1`` (the default), so a handler never meets itself and each may keep
its state in plain objects. Running an event again after a failure changes nothing.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

import veltrix as vx

ROTATION = timedelta(hours=12)  # two late departures of one aircraft within it are a risk


class Flight(msgspec.Struct):
    """Payload of the four flight types; a field that its type does not have is None."""

    flight_id: str
    carrier: str
    flight: int
    tailnum: str | None
    origin: str
    dest: str
    distance: int
    sched_dep: str | None = None
    dep_delay: int | None = None
    arr_delay: int | None = None
    air_time: int | None = None


class Status(msgspec.Struct, frozen=True):
    """The newest thing known about one aircraft."""

    time: datetime
    id: str
    type: str


class Board:
    """Last status by tail number. By event time, so that a late event never overwrites a newer."""

    def __init__(self) -> None:
        self.aircraft: dict[str, Status] = {}

    def update(self, tail: str, status: Status) -> None:
        """Keep the status unless a newer one is known."""
        known = self.aircraft.get(tail)
        if known is None or (known.time, known.id) < (status.time, status.id):
            self.aircraft[tail] = status


class Rotations:
    """Late departures by tail number, in the order in which they happened."""

    def __init__(self) -> None:
        self._late: dict[str, list[tuple[datetime, str]]] = {}

    def at_risk(self, tail: str, time: datetime, flight_id: str) -> list[str]:
        """Add a late departure.

        Args:
            tail: The aircraft.
            time: When it left.
            flight_id: Which flight it was.

        Returns:
            Flights that now turn out to follow a late departure of the same aircraft within
            :data:`ROTATION`: this one, or one that left later and was received before. The same
            call again (a retry) gives the same answer.
        """
        late, entry = self._late.setdefault(tail, []), (time, flight_id)
        place = bisect.bisect_left(late, entry)
        if late[place : place + 1] != [entry]:
            late.insert(place, entry)
        previous = late[place - 1][0] if place else None
        found = [flight_id] if previous and time - previous <= ROTATION else []
        for after, name in late[place + 1 : place + 2]:
            known = previous is not None and after - previous <= ROTATION
            if after - time <= ROTATION and not known:
                found.append(name)
        return found


board = Board()
rotations = Rotations()


def start_over() -> None:
    """Forget all aircraft: a second run in this process begins with nothing."""
    global board, rotations
    board, rotations = Board(), Rotations()


def trouble(event: vx.Event[Flight]) -> Iterator[vx.Event]:
    """Cancelled and diverted flights: each raises an alert."""
    flight = event.data
    yield _alert(event, event.type.removeprefix("flight."), flight.flight_id)


def departed(event: vx.Event[Flight]) -> Iterator[vx.Event]:
    """Late departures, which the route picks: one after another of one aircraft is an alert."""
    flight = event.data
    if flight.tailnum is None:
        return
    for flight_id in rotations.at_risk(flight.tailnum, _when(event), flight.flight_id):
        yield _alert(event, "rotation", flight_id)


def moved(event: vx.Event[Flight]) -> None:
    """All four types: keep the last status of the aircraft."""
    if event.data.tailnum is not None:
        board.update(event.data.tailnum, Status(_when(event), event.id, event.type))


def _when(event: vx.Event[Flight]) -> datetime:
    if event.time is None:
        raise vx.DeadLetter("a flight event without a time")
    return event.time


def _alert(cause: vx.Event[Flight], reason: str, flight_id: str) -> vx.Event:
    data = {"reason": reason, "flight_id": flight_id, "tailnum": cause.data.tailnum}
    return vx.Event("flight.alert", data, subject=cause.subject, time=cause.time)
