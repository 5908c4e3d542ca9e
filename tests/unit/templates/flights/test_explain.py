"""Why a flight did and did not reach each queue of the template."""

from __future__ import annotations

from typing import Any

import pytest

import veltrix as vx
from veltrix.templates.flights.job import PIPELINE

FLIGHT: dict[str, Any] = {"tailnum": "N1", "dep_delay": 5}

# Type, data, and for each queue whether the flight reaches it and a part of the reason.
CASES: list[tuple[str, dict[str, Any], dict[str, tuple[bool, str]]]] = [
    (
        "flight.departed",
        FLIGHT,
        {
            "alerts": (False, "no type pattern takes flight.departed"),
            "delays": (False, "data.dep_delay > 60 is false (data.dep_delay = 5)"),
            "notices": (False, "no type pattern takes flight.departed"),
            "movements": (True, "type pattern flight.* takes flight.departed"),
            "archive": (True, "type pattern flight.* takes flight.departed"),
        },
    ),
    (
        "flight.departed",
        FLIGHT | {"dep_delay": 61},
        {"delays": (True, "its condition holds"), "archive": (True, "flight.*")},
    ),
    (
        "flight.cancelled",
        {"tailnum": None},
        {"alerts": (True, "flight.cancelled"), "delays": (False, "no type pattern")},
    ),
    (
        "flight.alert",
        FLIGHT,
        {
            "notices": (True, "flight.alert"),
            "movements": (False, "unless: notice took it"),
            "archive": (False, "unless: notice took it"),
        },
    ),
    ("flight.departed", {}, {"delays": (False, "dep_delay")}),
]


@pytest.fixture(scope="module")
def flights() -> vx.Pipeline:
    return vx.Pipeline.from_yaml(PIPELINE)


@pytest.mark.parametrize(("kind", "data", "expected"), CASES)
def test_explain_says_why_a_flight_reaches_a_queue_and_why_not(
    flights: vx.Pipeline, kind: str, data: dict[str, Any], expected: dict[str, tuple[bool, str]]
) -> None:
    found = flights.explain({"type": kind, "data": data})
    answers = {answer.queue: answer for answer in found.routes}
    assert set(answers) == {"alerts", "delays", "notices", "movements", "archive"}
    for queue, (reached, why) in expected.items():
        assert answers[queue].matched == reached
        assert why in answers[queue].reason
        assert (queue in found.queues) == reached


def test_explain_knows_priority_and_key_of_a_delivery(flights: vx.Pipeline) -> None:
    event = vx.Event("flight.departed", FLIGHT | {"dep_delay": 200}, priority=8)
    found = {answer.queue: answer for answer in flights.explain(event).routes}
    assert (found["delays"].priority, found["delays"].key) == (8, "N1")
    assert (found["archive"].priority, found["archive"].key) == (vx.BULK, "N1")
    assert (found["alerts"].priority, found["alerts"].key) == (None, None)
