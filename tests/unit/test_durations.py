"""Durations: text and numbers to nanoseconds and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veltrix.durations import MAX_NS, format_duration, parse_duration

GOOD = [
    ("250ms", 250_000_000),
    ("5s", 5_000_000_000),
    ("1m", 60_000_000_000),
    ("2h", 7_200_000_000_000),
    ("7d", 604_800_000_000_000),
    ("1.5s", 1_500_000_000),
    ("0.1s", 100_000_000),
    ("10us", 10_000),
    ("3ns", 3),
    (" 5 s ", 5_000_000_000),
    ("0s", 0),
    (0, 0),
    (5, 5_000_000_000),
    (0.25, 250_000_000),
    (0.1, 100_000_000),
    (1e-9, 1),
    (timedelta(minutes=1, microseconds=1), 60_000_001_000),
    ("36500d", MAX_NS),
]

BAD = [
    *("", "5", "s", "5 sec", "1m30", "1m 30s", "1h30m", "-5s", "+5s", "5S", "1e3s", "0x5s"),
    *("٥s", ".5s", "5.s", "5  s", "five s", "36501d", "9" * 19 + "s"),
    *(-1, -0.5, float("nan"), float("inf"), 10**12, True, None, [], b"5s", timedelta(days=-1)),
]


@pytest.mark.parametrize(("value", "nanoseconds"), GOOD)
def test_parse_duration_reads_what_people_write(value: float | str, nanoseconds: int) -> None:
    assert parse_duration(value) == nanoseconds


@pytest.mark.parametrize("value", BAD, ids=repr)
def test_parse_duration_refuses_with_the_value_when_it_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="is not a duration") as caught:
        parse_duration(value)
    assert repr(value) in str(caught.value)


@given(st.integers(0, MAX_NS))
def test_format_duration_is_read_back_to_the_same(nanoseconds: int) -> None:
    assert parse_duration(format_duration(nanoseconds)) == nanoseconds


@given(st.floats(0, 1e6).map(lambda value: round(value, 6)))
def test_parse_duration_of_seconds_is_exact_to_the_nanosecond(seconds: float) -> None:
    assert parse_duration(seconds) == round(seconds * 1_000_000) * 1_000
