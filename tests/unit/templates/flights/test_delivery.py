from __future__ import annotations

import json

import pytest

from veltrix.templates.flights.delivery import Delivery, Outage
from veltrix.templates.flights.events import Happening

SECOND = 1000
HOUR = 3600 * SECOND
MINUTE = 22_600_000


def _events(count: int, source: str = "/airports/JFK") -> list[Happening]:
    return [
        Happening(MINUTE + n, f"e{n:06d}", source, "flight.departed", '{"t":"', '"}\n')
        for n in range(count)
    ]


def _waits(lines: list[tuple[int, str, str]]) -> dict[str, list[int]]:
    waits: dict[str, list[int]] = {}
    for received, name, _ in lines:
        waits.setdefault(name, []).append(received - (MINUTE + int(name[1:])) * 60 * SECOND)
    return {name: sorted(times) for name, times in waits.items()}


def test_delivery_is_the_same_when_the_seed_is() -> None:
    runs = [Delivery(7).lines("day", _events(500)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0] != Delivery(8).lines("day", _events(500))
    assert runs[0] != Delivery(7).lines("other day", _events(500))


@pytest.mark.slow
def test_delivery_keeps_the_shares_of_disorder_when_there_are_many_events() -> None:
    delivery, count = Delivery(1), 50_000
    waits = _waits(delivery.lines("day", _events(count)))
    first = sorted(times[0] for times in waits.values())
    assert len(first) == count
    assert first[0] >= 1 * SECOND
    assert 18 * SECOND < first[count // 2] < 22 * SECOND
    assert 0.002 < sum(wait > 6 * HOUR for wait in first) / count < 0.004
    late = sum(300 * SECOND < wait < 6 * HOUR for wait in first) / count
    assert 0.018 < late < 0.03  # 2 % and the tail of the ordinary waits
    assert 0.008 < delivery.second_deliveries / count < 0.012
    assert max(times[-1] - times[0] for times in waits.values()) <= 900 * SECOND


def test_delivery_changes_nothing_when_ideal() -> None:
    delivery = Delivery(1, ideal=True)
    lines = delivery.lines("day", _events(100))
    assert list(_waits(lines).values()) == [[0]] * 100
    assert json.loads(lines[0][2]) == {"t": "2012-12-20T10:40:00.000Z"}
    assert delivery.second_deliveries == 0


def test_outage_holds_back_when_it_is_the_airport_of_the_event() -> None:
    begin = MINUTE * 60 * SECOND
    outage = Outage("/airports/JFK", begin, begin + 10 * HOUR)
    held = Delivery(1, outages=[outage]).lines("day", _events(200))
    assert min(received for received, _, _ in held) >= outage.end
    other = Delivery(1, outages=[outage]).lines("day", _events(200, "/airports/LGA"))
    assert min(received for received, _, _ in other) < begin + HOUR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "JFK",
        "JFK,2013-02-08T15:00:00Z",
        "JFK,yesterday,today",
        "JFK,2013-02-08T15:00:00Z,2013-02-08T15:00:00Z",
        "JFK,2013-02-08T15:00:00Z,2013-02-08T16:00:00Z,more",
    ],
)
def test_outage_is_refused_when_it_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"AIRPORT|isoformat|ends before"):
        Outage.parse(text)
