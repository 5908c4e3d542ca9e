"""Objects of classes as plain dicts, lists, texts and numbers, for expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import BaseModel

from veltrix.payload_faults import CURE


def plain_value(value: Any) -> Any:
    """Gives an object its plain form: the one that its JSON has.

    Args:
        value: A mapping, a msgspec Struct, a dataclass, a pydantic model, a number or array of
            NumPy, a set, an enum member, a UUID, a date …

    Returns:
        Something of dicts, lists, texts, bytes, numbers, bools and None.

    Raises:
        TypeError: It has no such form.

    Example:
        >>> class Clue(msgspec.Struct):
        ...     team: str
        >>> plain_value(Clue("red"))
        {'team': 'red'}
    """
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):  # of NumPy, without importing it
        return value.tolist()
    return msgspec.to_builtins(value, enc_hook=_foreign)


def _foreign(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"a {type(value).__name__} is not data; {CURE}")
