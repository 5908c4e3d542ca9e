"""Priorities: 0 (lowest) to 9 (most urgent), five of which have names; 4 is the default."""

from __future__ import annotations

from typing import Final

URGENT: Final = 9
HIGH: Final = 7
NORMAL: Final = 4
LOW: Final = 2
BULK: Final = 0

NAMES: Final = {"urgent": URGENT, "high": HIGH, "normal": NORMAL, "low": LOW, "bulk": BULK}
NONE: Final = 255  # at the native border: "says nothing", the next in the chain decides


def parse_priority(value: int | str) -> int:
    """Reads a priority.

    Args:
        value: 0 to 9, or one of ``urgent high normal low bulk``.

    Returns:
        0 to 9.

    Raises:
        ValueError: Neither; the message lists the names.

    Example:
        >>> parse_priority("urgent"), parse_priority(6)
        (9, 6)
    """
    if isinstance(value, str) and value in NAMES:
        return NAMES[value]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9:
        return value
    raise ValueError(f"{value!r} is not a priority; write 0 to 9, or one of {', '.join(NAMES)}")


def format_priority(priority: int) -> int | str:
    """Gives a priority its name where it has one.

    Args:
        priority: 0 to 9.

    Returns:
        The name, or the number itself.

    Example:
        >>> format_priority(9), format_priority(6)
        ('urgent', 6)
    """
    return next((name for name, number in NAMES.items() if number == priority), priority)
