"""Payload classes: which class stands for which event type, and by which key its events go."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import BaseModel

from veltrix.pipeline.signature import decoder_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class PayloadType:
    """A class that was declared with ``@app.event``."""

    cls: type
    type: str
    key: str | None


class PayloadTypes:
    """The declared payload classes of one pipeline."""

    def __init__(self) -> None:
        self._by_class: dict[type, PayloadType] = {}

    def add(self, declared: PayloadType) -> None:
        """Declares a class; one of the same name (a notebook cell run again) is replaced.

        Args:
            declared: The class with its type and key.

        Raises:
            ValueError: The class cannot be a payload, or its type has another class.
        """
        _check(declared.cls)
        for known in list(self._by_class.values()):
            if _name(known.cls) == _name(declared.cls):
                del self._by_class[known.cls]
            elif known.type == declared.type:
                raise ValueError(f"type {known.type!r} has its class already: {_name(known.cls)}")
        self._by_class[declared.cls] = declared

    def type_of(self, wanted: object) -> str:
        """Gives the event type of a class; text stays as it is.

        Args:
            wanted: A type pattern, or a declared class.

        Returns:
            The type pattern.

        Raises:
            ValueError: The class was not declared.
        """
        if isinstance(wanted, str):
            return wanted
        if isinstance(wanted, type) and wanted in self._by_class:
            return self._by_class[wanted].type
        shown = getattr(wanted, "__name__", wanted)
        raise ValueError(f'{shown!r} has no event type; decorate it with @app.event("TYPE")')

    def key_of(self, patterns: Sequence[str]) -> str | None:
        """Gives the key that all of these types were declared with.

        Args:
            patterns: The type patterns of a route.

        Returns:
            The key, or None when there is no such common key.
        """
        keys = {declared.type: declared.key for declared in self._by_class.values()}
        found = {keys.get(pattern) for pattern in patterns}
        return found.pop() if len(found) == 1 else None

    def encoders(self) -> dict[type, tuple[str, Callable[[Any], bytes]]]:
        """For the native ``publish``: class -> its event type, and how an instance is written."""
        return {
            declared.cls: (declared.type, _encoder(declared.cls))
            for declared in self._by_class.values()
        }


def _check(cls: object) -> None:
    if not isinstance(cls, type) or typing.is_typeddict(cls) or cls.__module__ == "builtins":
        shown = getattr(cls, "__name__", cls)
        raise ValueError(f"{shown!r} is no payload class; use a msgspec Struct or a dataclass")
    try:
        decoder_of(cls)
    except TypeError as error:
        raise ValueError(f"{cls.__name__!r} is no payload class: {error}") from None


def _encoder(cls: type) -> Callable[[Any], bytes]:
    if issubclass(cls, BaseModel):
        return lambda value: bytes(value.model_dump_json(), "utf-8")
    return msgspec.json.Encoder().encode


def _name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
