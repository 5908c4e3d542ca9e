"""Why a payload is not JSON: the first thing in it that is not, with its place."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from pydantic import BaseModel

from veltrix.problems import with_article

CURE = "pass dicts, lists, text, numbers, bytes, a msgspec Struct, a dataclass or a pydantic model"
_DEEPEST = 64  # levels of JSON that an event may have
_PLAIN = (str, int, float, Mapping)
_encode = msgspec.json.Encoder().encode


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
        if isinstance(value, float) and not math.isfinite(value):
            return f"{place} is {value}, which JSON cannot say; pass None, or leave it out"
        if other_types and (fault := _fault_of(value)):
            return f"{place} {fault}"
    return None


def _walk(place: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Everything that is no container, and each container that JSON does not know."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        parts: Any = ((f"{place}.{key}", part) for key, part in value.items())
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                yield f"a key of {place}", _Key(key)
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = ((f"{place}[{i}]", part) for i, part in enumerate(value))
    elif isinstance(value, BaseModel):
        parts = ((f"{place}.{key}", part) for key, part in value)
    elif isinstance(value, msgspec.Struct):
        fields = ((key, getattr(value, key)) for key in value.__struct_fields__)
        parts = ((f"{place}.{key}", part) for key, part in fields if part is not msgspec.UNSET)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = tuple(field.name for field in dataclasses.fields(value))
        parts = ((f"{place}.{key}", getattr(value, key)) for key in names)
    else:
        yield place, value
        return
    for where, part in parts:
        yield from _walk(where, part, depth + 1)


@dataclasses.dataclass(frozen=True)
class _Key:
    """A key of a dict that is no text, or perhaps none that UTF-8 can say."""

    value: Any


def _fault_of(value: Any) -> str | None:
    refusal = _refusal({value.value: None} if isinstance(value, _Key) else value)
    if refusal is None:
        return None
    if isinstance(refusal, UnicodeEncodeError):
        return "holds a lone surrogate, which is no UTF-8"
    if isinstance(value, _Key):
        return f"is {_name(type(value.value))}, {value.value!r}; pass text or numbers as keys"
    return f"is {_name(type(value))}, which is not JSON; {_cure(value)}"


def _refusal(value: Any) -> Exception | None:
    try:
        _encode(value)
    except Exception as error:  # noqa: BLE001 - a property of the user's may raise anything
        return error
    return None


def _name(kind: type) -> str:
    """With its article."""
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return with_article(f"{module}{kind.__name__}")


def _cure(value: object) -> str:
    if hasattr(value, "item") and hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        return "pass value.item()"
    if hasattr(value, "tolist"):
        return "pass value.tolist()"
    for plain in _PLAIN:
        if isinstance(value, plain):
            return f"pass {'dict' if plain is Mapping else plain.__name__}(value)"
    return CURE
