"""Sizes in bytes as people write them: ``"64MiB"``, ``"500 kB"``, or a number of bytes."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {
    "B": 1,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "TiB": 1 << 40,
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
}
MAX_BYTES = 1 << 50
CURE = 'write "512KiB", "64MiB", "2GB", or a number of bytes'
_BY_LOWER = {unit.lower(): size for unit, size in UNITS.items()}
_TEXT = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,6})?)[ ]?([a-zA-Z]{1,3})")


def parse_size(value: int | str) -> int:
    """Reads a size.

    Args:
        value: Text with a unit (powers of 1024: ``KiB MiB GiB TiB``; of 1000: ``kB MB GB TB``;
            ``B``; in any case), or bytes as an ``int``; 0 to 1 PiB.

    Returns:
        Whole bytes.

    Raises:
        ValueError: The value is not a size or not whole bytes; the message says how to write it.

    Example:
        >>> parse_size("64MiB")
        67108864
    """
    amount = _bytes(value)
    if amount != amount.to_integral_value() or not 0 <= amount <= MAX_BYTES:
        raise ValueError(f"{value!r} is not a whole number of bytes from 0 to 1024TiB")
    return int(amount)


def format_size(size: int) -> str:
    """Writes a size in the largest unit that leaves a whole number.

    Args:
        size: Bytes, 0 or more.

    Returns:
        Text that ``parse_size`` reads back to the same number.

    Example:
        >>> format_size(67_108_864), format_size(1500)
        ('64MiB', '1500B')
    """
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return f"{size}B"


def _bytes(value: object) -> Decimal:
    if isinstance(value, str):
        found = _TEXT.fullmatch(value.strip())
        if not found or found[2].lower() not in _BY_LOWER:
            raise ValueError(f"{value!r} is not a size; {CURE}")
        return Decimal(found[1]) * _BY_LOWER[found[2].lower()]
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError(f"{value!r} is not a size; {CURE}")
