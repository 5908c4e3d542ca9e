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

# By member of the data: how long events are held, in milliseconds. An aircraft's events are hours
# apart, an airport's seconds.
WAITS = {"tailnum": 43_200_000, "origin": 60_000}


@dataclass
class Arrival:
    """An event as it reaches us."""

    received: int  # milliseconds
    event: vx.Event
    time: datetime


@dataclass
class Seen:
    """What the handler saw, by key."""

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


def run(arrivals: list[Arrival], key: str, late: str) -> tuple[Seen, vx.Stats]:
    """Publishes every event at its time of receipt."""
    app = vx.Pipeline("flights")
    seen = Seen()
    order = {
        "by": "key",
        "sort": "event.time",
        "wait": timedelta(milliseconds=WAITS[key]),
        "late": late,
    }

    @app.handler(
        "flight.*",
        queue="status",
        key=f"data.{key}",
        order=order,
        capacity={"events": 1_000_000, "bytes": "1GiB"},
    )
    def follow(event: vx.Event) -> None:
        seen.times[event.data[key]].append(event.time)
        seen.status[event.data[key]] = event.type

    with testing.Simulation(app) as sim:
        for arrival in arrivals:
            sim.run(until=timedelta(milliseconds=arrival.received - arrivals[0].received))
            sim.publish(arrival.event)
        sim.run()
        return seen, sim.stats()


def too_late(arrivals: list[Arrival], key: str) -> dict[str, list[datetime]]:
    """By the definition: a later event of its key came so long before it."""
    by_key: dict[str, list[Arrival]] = defaultdict(list)
    found: dict[str, list[datetime]] = defaultdict(list)
    for arrival in arrivals:
        before = by_key[arrival.event.data[key]]
        if any(
            other.time > arrival.time and arrival.received - other.received >= WAITS[key]
            for other in before
        ):
            found[arrival.event.data[key]].append(arrival.time)
        before.append(arrival)
    return found


def inverted(times: list[datetime]) -> list[datetime]:
    """What comes behind something later."""
    return [time for i, time in enumerate(times) if any(other > time for other in times[:i])]


@pytest.mark.slow
@pytest.mark.parametrize("key", WAITS)
def test_only_what_is_later_than_the_wait_stays_out_of_order(
    arrivals: list[Arrival], key: str
) -> None:
    seen, stats = run(arrivals, key, "deliver")
    expected = too_late(arrivals, key)
    received: dict[str, list[datetime]] = defaultdict(list)
    for arrival in arrivals:
        received[arrival.event.data[key]].append(arrival.time)
    disorder = sum(len(inverted(times)) for times in received.values())
    remaining = {key: inverted(times) for key, times in seen.times.items() if inverted(times)}
    assert remaining == dict(expected)
    count = sum(map(len, expected.values()))
    assert 0 < count < disorder, "the flights should need sorting, and mostly get it"
    assert stats.queues["status"].reordered_late == count
    assert stats.queues["status"].done == len(arrivals)


@pytest.mark.slow
def test_the_last_status_of_every_aircraft_is_the_true_one(arrivals: list[Arrival]) -> None:
    seen, stats = run(arrivals, "tailnum", "drop")
    last: dict[str, Arrival] = {}
    for arrival in arrivals:
        known = last.get(arrival.event.data["tailnum"])
        if known is None or arrival.time >= known.time:
            last[arrival.event.data["tailnum"]] = arrival
    assert seen.status == {tail: arrival.event.type for tail, arrival in last.items()}
    assert all(not inverted(times) for times in seen.times.values())
    count = sum(map(len, too_late(arrivals, "tailnum").values()))
    assert stats.queues["status"].dropped == {"late": count}
