"""The figures of the data set's own documentation, and of pandas."""

from __future__ import annotations

from datetime import date

import pytest

from veltrix.templates.flights.expectations import from_tables
from veltrix.templates.flights.tables import folder

pytestmark = pytest.mark.slow


def test_expectations_are_the_known_ones_when_it_is_the_blizzard() -> None:
    truth = from_tables(folder(), date(2013, 2, 4), date(2013, 2, 15))
    assert truth.types == {
        "flight.departed": 9_723,
        "flight.arrived": 9_690,
        "flight.cancelled": 1_031,
        "flight.diverted": 19,
    }
    assert (truth.events, truth.aircraft, truth.without_tail) == (20_463, 2_457, 392)


def test_expectations_are_the_known_ones_when_it_is_the_whole_year() -> None:
    truth = from_tables(folder(), date(2013, 1, 1), date(2013, 12, 31))
    assert truth.queues() == {
        "alerts": 8_255 + 717,
        "delays": 26_581,
        "movements": 664_839,
        "notices": 8_255 + 717 + truth.rotations,
        "archive": 664_839,
    }
    assert truth.aircraft == 4_043
