"""Why a payload is not JSON: the first thing in it that is not, with its place."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel

CURE = "pass dicts, lists, text, numbers, bytes, a msgspec Struct, a dataclass or a pydantic model"
_DEEPEST = 64  # levels of JSON that an event may have
_PLAIN = (str, int, bytes, bytearray, memoryview, datetime, date, time, timedelta)
_OTHERS = (type(None), UUID, Decimal, Enum, msgspec.Raw)


def first_fault(data: object, other_types: object = True) -> str | None:
    """Looks for what JSON cannot say.

    Args:
        data: A payload.
        other_types: Whether foreign types count too, beside NaN and infinity.

    Returns:
        A sentence that names the place, as in ``data.prices[3] is nan``; None: nothing was found.

    Example:
        >>> first_fault({"prices": [1.0, float("nan")]})
        'data.prices[1] is nan, which JSON cannot say; pass None, or leave it out'
    """
    for place, value in _walk("data", data, 0):
        if isinstance(value, float):
            if not math.isfinite(value):
                return f"{place} is {value}, which JSON cannot say; pass None, or leave it out"
        elif other_types and not isinstance(value, (*_PLAIN, *_OTHERS)):
            return f"{place} is a {_name(type(value))}, which is not JSON; {_cure(value)}"
    return None


def _walk(place: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        parts: Any = ((f"{place}.{key}", part) for key, part in value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = ((f"{place}[{i}]", part) for i, part in enumerate(value))
    elif isinstance(value, BaseModel):
        parts = ((f"{place}.{key}", part) for key, part in value)
    elif isinstance(value, msgspec.Struct):
        fields = value.__struct_fields__
        parts = ((f"{place}.{key}", getattr(value, key)) for key in fields)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = tuple(field.name for field in dataclasses.fields(value))
        parts = ((f"{place}.{key}", getattr(value, key)) for key in fields)
    else:
        yield place, value
        return
    for where, part in parts:
        yield from _walk(where, part, depth + 1)


def _name(kind: type) -> str:
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _cure(value: object) -> str:
    if hasattr(value, "item") and hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        return "pass value.item()"
    if hasattr(value, "tolist"):
        return "pass value.tolist()"
    return CURE
