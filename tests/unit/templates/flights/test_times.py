from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veltrix.templates.flights.times import (
    DAY,
    ZoneClock,
    day_number,
    millisecond_text,
    minute_text,
)

ZONES = ("America/New_York", "America/Phoenix", "America/Puerto_Rico", "Pacific/Honolulu")
DAYS = (date(2013, 1, 1), date(2013, 3, 10), date(2013, 7, 4), date(2013, 11, 3))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS)
def test_zone_clock_equals_zoneinfo_when_asked_for_every_quarter_hour(zone: str, day: date) -> None:
    clock, midnight = ZoneClock(zone), datetime(day.year, day.month, day.day)
    for minute in range(0, DAY, 15):
        local = (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone))
        assert clock.utc(day_number(day), minute) == local.timestamp() / 60


@pytest.mark.parametrize("day", DAYS)
def test_nearest_finds_the_same_instant_when_the_guess_is_hours_away(day: date) -> None:
    clock = ZoneClock("America/New_York")
    wanted = clock.utc(day_number(day), 8 * 60)
    for off in (-500, -1, 0, 1, 500):
        assert clock.nearest(8 * 60, wanted + off, wanted - 600) == wanted


def test_nearest_takes_the_next_day_when_the_nearest_is_not_after() -> None:
    clock = ZoneClock("America/New_York")
    wanted = clock.utc(day_number(date(2013, 7, 4)), 60)
    assert clock.nearest(60, wanted + 5, wanted) == wanted + DAY


def test_texts_are_rfc3339_when_the_day_changes() -> None:
    minute = day_number(date(2013, 12, 31)) * DAY + DAY - 1
    assert minute_text(minute) == "2013-12-31T23:59:00Z"
    assert minute_text(minute + 1) == "2014-01-01T00:00:00Z"
    assert millisecond_text(minute * 60_000 + 59_999) == "2013-12-31T23:59:59.999Z"
