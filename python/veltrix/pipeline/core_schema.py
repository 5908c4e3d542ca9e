"""What a plain scalar means: YAML 1.2's core schema, so that ``on``, ``no``, dates are text."""

from __future__ import annotations

import re

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,20}")
_RADIX = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")
_FLOAT = re.compile(  # what has neither a dot nor an exponent is a number too long to be one
    r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}\.[0-9]{0,40}|[0-9]{1,40}(?=[eE]))([eE][-+]?[0-9]{1,4})?"
)
_SPECIAL = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(text: str) -> str | int | float | bool | None:
    """Gives a plain scalar its value.

    Args:
        text: The scalar as it stands in the file, without quotes.

    Returns:
        None, a bool, an int, a float, or the text itself.

    Example:
        >>> resolve("12"), resolve("1e3"), resolve("yes"), resolve("~")
        (12, 1000.0, 'yes', None)
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text)
    if _RADIX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _SPECIAL.fullmatch(text)
    return float(text.replace(".", "", 1)) if special else text
