"""Real flights, delivered late and out of order, put back in order within `wait`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import veltrix as vx
from veltrix import testing
from veltrix.templates.flights.prepare import Request, prepare

WAIT = 120_000  # milliseconds; most events of the template wait less, 2 % wait longer


@dataclass
class Arrival:
    """An event as it reaches us."""

    received: int  # milliseconds
    event: vx.Event
    time: datetime

    @property
    def key(self) -> str:
        return str(self.event.data["tailnum"])


@dataclass
class Seen:
    """What the handler saw, by aircraft."""

    times: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    status: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def arrivals(tmp_path_factory: pytest.TempPathFactory) -> list[Arrival]:
    """Four days of flights in order of receipt, without second deliveries."""
    request = Request(date(2013, 2, 6), date(2013, 2, 9), seed=7)
    lines = prepare(Path(tmp_path_factory.mktemp("flights")), request).path.read_bytes()
    seen: set[str] = set()
    found = []
    for line in lines.splitlines():
        event = vx.Event.from_json(line)
        if event.id in seen or not event.data.get("tailnum"):
            continue
        seen.add(event.id)
        assert event.recordedtime is not None
        assert event.time is not None
        found.append(Arrival(milliseconds(event.recordedtime), event, event.time))
    return found


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


def run(arrivals: list[Arrival], late: str) -> tuple[Seen, vx.Stats]:
    """Publishes every event at its time of receipt."""
    app = vx.Pipeline("flights")
    seen = Seen()
    order = {"by": "key", "sort": "event.time", "wait": timedelta(milliseconds=WAIT), "late": late}

    @app.handler("flight.*", queue="status", key="data.tailnum", order=order, capacity=1_000_000)
    def follow(event: vx.Event) -> None:
        tail = event.data["tailnum"]
        seen.times[tail].append(event.time)
        seen.status[tail] = event.type

    with testing.Simulation(app) as sim:
        for arrival in arrivals:
            sim.run(until=timedelta(milliseconds=arrival.received - arrivals[0].received))
            sim.publish(arrival.event)
        sim.run()
        return seen, sim.stats()


def too_late(arrivals: list[Arrival]) -> dict[str, list[datetime]]:
    """By the definition: a later event of its key came `WAIT` or more before it."""
    by_key: dict[str, list[Arrival]] = defaultdict(list)
    found: dict[str, list[datetime]] = defaultdict(list)
    for arrival in arrivals:
        before = by_key[arrival.key]
        if any(
            other.time > arrival.time and arrival.received - other.received >= WAIT
            for other in before
        ):
            found[arrival.key].append(arrival.time)
        before.append(arrival)
    return found


def inverted(times: list[datetime]) -> list[datetime]:
    """What comes behind something later."""
    return [time for i, time in enumerate(times) if any(other > time for other in times[:i])]


@pytest.mark.slow
def test_only_what_is_later_than_the_wait_stays_out_of_order(arrivals: list[Arrival]) -> None:
    seen, stats = run(arrivals, "deliver")
    expected = too_late(arrivals)
    received: dict[str, list[datetime]] = defaultdict(list)
    for arrival in arrivals:
        received[arrival.key].append(arrival.time)
    disorder = sum(len(inverted(times)) for times in received.values())
    remaining = {tail: inverted(times) for tail, times in seen.times.items() if inverted(times)}
    assert remaining == dict(expected)
    count = sum(map(len, expected.values()))
    assert 0 < count < disorder / 5, "the flights should need sorting, and mostly get it"
    assert stats.queues["status"].reordered_late == count
    assert stats.queues["status"].done == len(arrivals)


@pytest.mark.slow
def test_the_last_status_of_every_aircraft_is_the_true_one(arrivals: list[Arrival]) -> None:
    seen, stats = run(arrivals, "drop")
    last: dict[str, Arrival] = {}
    for arrival in arrivals:
        known = last.get(arrival.key)
        if known is None or arrival.time >= known.time:
            last[arrival.key] = arrival
    assert seen.status == {tail: arrival.event.type for tail, arrival in last.items()}
    assert all(not inverted(times) for times in seen.times.values())
    count = sum(map(len, too_late(arrivals).values()))
    assert stats.queues["status"].dropped == {"late": count}
