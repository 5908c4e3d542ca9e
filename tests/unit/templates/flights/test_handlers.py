from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from veltrix.templates.flights.handlers import ROTATION, Board, Rotations, Status

START = datetime(2013, 2, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _raised(departures: list[tuple[datetime, str]]) -> list[str]:
    rotations = Rotations()
    return sorted(
        name for when, flight in departures for name in rotations.at_risk("N1", when, flight)
    )


def test_rotation_is_at_risk_when_the_one_before_was_late_within_twelve_hours() -> None:
    departures = [(START, "a"), (START + ROTATION, "b"), (START + 2 * ROTATION + HOUR, "c")]
    assert _raised(departures) == ["b"]


def test_rotations_are_the_same_when_departures_arrive_in_any_order() -> None:
    hours = (0, 3, 11, 24, 30, 55)
    departures = [(START + hour * HOUR, f"{hour}") for hour in hours]
    assert {tuple(_raised(list(order))) for order in itertools.permutations(departures)} == {
        ("11", "3", "30")
    }


def test_rotation_is_named_again_when_its_departure_is_retried() -> None:
    rotations = Rotations()
    assert rotations.at_risk("N1", START, "a") == []
    assert rotations.at_risk("N1", START + HOUR, "b") == ["b"]
    assert rotations.at_risk("N1", START + HOUR, "b") == ["b"]


def test_rotations_are_apart_when_the_aircraft_are() -> None:
    rotations = Rotations()
    assert rotations.at_risk("N1", START, "a") == []
    assert rotations.at_risk("N2", START + HOUR, "b") == []


def test_board_keeps_the_newest_status_when_events_arrive_in_any_order() -> None:
    statuses = [Status(START + n * HOUR, f"e{n}", "flight.departed") for n in range(3)]
    for order in itertools.permutations(statuses):
        board = Board()
        for status in order:
            board.update("N1", status)
        assert board.aircraft == {"N1": statuses[-1]}
