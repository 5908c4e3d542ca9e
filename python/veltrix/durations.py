"""Durations as people write them: ``"250ms"``, ``"5s"``, ``"1m"``, ``"2h"``, ``"7d"``, or seconds.

Inside, a duration is an ``int`` of nanoseconds, as in the native core. Text is exact (``"0.1s"`` is
100,000,000 ns, through ``Decimal``); only one unit is allowed, so that ``"1m30"`` is never a guess.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

UNITS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
}
MAX_NS = 36_500 * UNITS["d"]  # a hundred years: far inside 64 bits, beyond any sane option
CURE = 'write "250ms", "5s", "1m", "2h", "7d", or a number of seconds'
_TEXT = re.compile(r"([0-9]{1,19}(?:\.[0-9]{1,18})?)[ ]?(ns|us|ms|s|m|h|d)")


def parse_duration(value: float | str | timedelta) -> int:
    """Reads a duration.

    Args:
        value: Text with one unit (``ns us ms s m h d``), a number of seconds, or a ``timedelta``;
            0 to 100 years.

    Returns:
        Whole nanoseconds, rounded to the nearest.

    Raises:
        ValueError: The value is not a duration, or out of range; the message says how to write it.

    Example:
        >>> parse_duration("250ms"), parse_duration(1.5)
        (250000000, 1500000000)
    """
    amount = _nanoseconds(value)
    if not amount.is_finite() or not 0 <= amount <= MAX_NS:
        raise ValueError(f"{value!r} is not a duration from 0 to 36500d")
    return int(amount.to_integral_value())


def format_duration(nanoseconds: int) -> str:
    """Writes a duration in the largest unit that leaves a whole number.

    Args:
        nanoseconds: 0 or more.

    Returns:
        Text that ``parse_duration`` reads back to the same number.

    Example:
        >>> format_duration(90_000_000_000)
        '90s'
    """
    for unit in ("d", "h", "m", "s", "ms", "us"):
        if nanoseconds and nanoseconds % UNITS[unit] == 0:
            return f"{nanoseconds // UNITS[unit]}{unit}"
    return f"{nanoseconds}ns" if nanoseconds else "0s"


def _nanoseconds(value: object) -> Decimal:
    if isinstance(value, str):
        found = _TEXT.fullmatch(value.strip())
        if not found:
            raise ValueError(f"{value!r} is not a duration; {CURE}")
        return Decimal(found[1]) * UNITS[found[2]]
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(microseconds=1)) * 1_000
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value)) * UNITS["s"]
    raise ValueError(f"{value!r} is not a duration; {CURE}")
