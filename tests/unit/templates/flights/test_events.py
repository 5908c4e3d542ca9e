from __future__ import annotations

import json
from datetime import date

import pytest

from veltrix.templates.flights.events import FlightEvents, Happening

DAY = date(2013, 2, 4)
ZONES = {"IAH": "America/Chicago", "HNL": "Pacific/Honolulu"}

# dep_time, dep_delay, arr_time, arr_delay, tailnum, dest, air_time -> (type, source, UTC time)
LANDED = "2013,2,4,{},515,{},{},819,{},UA,1545,{},EWR,{},{},1400,5,15,2013-02-04T10:00:00Z"
GOOD = {
    "arrived": (
        ("517", "2", "830", "11", "N14228", "IAH", "227"),
        [("departed", "EWR", "T10:17:00Z"), ("arrived", "IAH", "T14:30:00Z")],
    ),
    "cancelled": (("", "", "", "", "", "IAH", ""), [("cancelled", "EWR", "T10:15:00Z")]),
    "diverted": (
        ("515", "0", "1200", "", "N1", "IAH", ""),
        [("departed", "EWR", "T10:15:00Z"), ("diverted", "IAH", "T18:00:00Z")],
    ),
    "never reported": (("515", "0", "", "", "N1", "IAH", ""), [("departed", "EWR", "T10:15:00Z")]),
    "early": (
        ("505", "-10", "2400", "-9", "N1", "HNL", "650"),
        [("departed", "EWR", "T10:05:00Z"), ("arrived", "HNL", "-05T10:00:00Z")],
    ),
}


def _events(values: tuple[str, ...]) -> list[Happening]:
    return FlightEvents(ZONES).of_day(DAY, [LANDED.format(*values)])


def _object(event: Happening) -> dict[str, object]:
    return json.loads(f"{event.head}2013-02-04T12:00:00.000Z{event.tail}")


@pytest.mark.parametrize("name", GOOD)
def test_row_gives_its_events_when_it_is(name: str) -> None:
    values, wanted = GOOD[name]
    seen = [_object(event) for event in _events(values)]
    assert [(e["type"], e["source"]) for e in seen] == [
        (f"flight.{kind}", f"/airports/{airport}") for kind, airport, _ in wanted
    ]
    assert all(e["time"].endswith(end) for e, (_, _, end) in zip(seen, wanted, strict=True))


def test_departure_has_every_member_when_written() -> None:
    event, _ = _events(GOOD["arrived"][0])
    assert _object(event) == {
        "specversion": "1.0",
        "id": "UA1545-20130204-EWR-D",
        "source": "/airports/EWR",
        "type": "flight.departed",
        "subject": "UA1545",
        "time": "2013-02-04T10:17:00Z",
        "datacontenttype": "application/json",
        "priority": 4,
        "partitionkey": "N14228",
        "recordedtime": "2013-02-04T12:00:00.000Z",
        "data": {
            "flight_id": "UA1545-20130204-EWR",
            "carrier": "UA",
            "flight": 1545,
            "tailnum": "N14228",
            "origin": "EWR",
            "dest": "IAH",
            "sched_dep": "2013-02-04T10:15:00Z",
            "dep_delay": 2,
            "distance": 1400,
        },
    }


def test_key_is_absent_when_there_is_no_tail_number() -> None:
    (event,) = _events(GOOD["cancelled"][0])
    document = _object(event)
    assert "partitionkey" not in document
    assert document["data"]["tailnum"] is None
    assert document["priority"] == 9


def test_diverted_has_null_delay_when_written() -> None:
    document = _object(_events(GOOD["diverted"][0])[1])
    assert (document["data"]["arr_delay"], document["data"]["air_time"]) == (None, None)
    assert (document["id"], document["priority"]) == ("UA1545-20130204-EWR-V", 9)


@pytest.mark.parametrize(
    ("delay", "priority"), [(14, 4), (15, 5), (59, 5), (60, 6), (120, 7), (179, 7), (180, 8)]
)
def test_priority_rises_when_the_delay_does(delay: int, priority: int) -> None:
    departure, _ = _events(("517", str(delay), "830", "11", "N1", "IAH", "227"))
    assert _object(departure)["priority"] == priority
