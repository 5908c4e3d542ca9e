"""The scalar types of the pipeline's models: how each is read, written and shown in the schema."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from veltrix.durations import format_duration, parse_duration
from veltrix.priorities import NAMES, format_priority, parse_priority
from veltrix.problems import did_you_mean
from veltrix.sizes import format_size, parse_size

Text = TypeVar("Text")
MAX_NAME = 100
MAX_DAYS = 366
SECOND = 1_000_000_000
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Nanoseconds(int):
    """A duration that has been read; tells it from a plain number, which means seconds."""

    __slots__ = ()


def not_available(what: str, feature: str) -> PydanticCustomError:
    """The error for a value that a later version understands.

    Args:
        what: The option, and the value in question.
        feature: What it arrives with.

    Returns:
        An error to raise inside a validator.

    Example:
        >>> str(not_available("'connector: kafka'", "the Kafka connector"))
        "'connector: kafka': not available yet: arrives with the Kafka connector"
    """
    text = f"{what}: not available yet: arrives with {feature}"
    return PydanticCustomError("not-available-yet", "{text}", {"text": text})


def _duration(value: Any) -> Nanoseconds:
    if isinstance(value, Nanoseconds):
        return value
    nanoseconds = parse_duration(value)
    if nanoseconds > MAX_DAYS * 86_400 * SECOND:
        raise ValueError(f"{value!r} is too long for an option; write at most {MAX_DAYS}d")
    return Nanoseconds(nanoseconds)


def _some_duration(value: int) -> int:
    if value == 0:
        raise ValueError("must be longer than 0s")
    return value


def _share(value: Any, most: float) -> float:
    text = value[:-1] if isinstance(value, str) and value.endswith("%") else None
    try:
        share = float(text) / 100 if text is not None else float(value)
    except (TypeError, ValueError):
        share = -1.0
    if isinstance(value, bool) or not 0 <= share <= most:
        raise ValueError(f"{value!r} is not a share; write 0% to {most:.0%}")
    return share


def check_name(value: str) -> str:
    """Checks the name of a pipeline, queue, route, source or sink.

    Args:
        value: The name.

    Returns:
        The same.

    Raises:
        PydanticCustomError: ``invalid-name``.

    Example:
        >>> check_name("scores.high")
        'scores.high'
    """
    if not _NAME.fullmatch(value):
        raise PydanticCustomError(
            "invalid-name",
            "{name} is not a name; use letters, digits, '_', '.' and '-', 1 to 100 of them",
            {"name": repr(value[:MAX_NAME])},
        )
    return value


def read_priority(value: Any) -> int:
    """Reads a priority.

    Args:
        value: 0 to 9, or a name.

    Returns:
        0 to 9.

    Raises:
        ValueError: Neither; names the nearest name.

    Example:
        >>> read_priority("high")
        7
    """
    try:
        return parse_priority(value)
    except ValueError as error:
        raise ValueError(f"{error}{did_you_mean(value, NAMES)}") from None


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _alone(value: list[str]) -> Any:
    return value[0] if len(value) == 1 else value


_DURATION_SCHEMA = WithJsonSchema(
    {"type": ["string", "number"], "description": "250ms, 5s, 1m, 2h, 7d, or seconds"}
)
_PRIORITY_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"enum": list(NAMES)}]}
)
_AS_DURATION = PlainSerializer(format_duration, return_type=str, when_used="json")
_AS_SHARE = PlainSerializer(lambda share: f"{share * 100:.12g}%", return_type=str, when_used="json")
_AS_PRIORITY = PlainSerializer(format_priority, return_type=int | str, when_used="json")

Duration = Annotated[int, PlainValidator(_duration), _AS_DURATION, _DURATION_SCHEMA]
SomeDuration = Annotated[Duration, AfterValidator(_some_duration)]
Size = Annotated[
    int,
    PlainValidator(parse_size),
    PlainSerializer(format_size, return_type=str, when_used="json"),
    WithJsonSchema({"type": ["string", "integer"], "description": "64MiB, 2GB, or bytes"}),
]
Share = Annotated[  # of time
    float,
    PlainValidator(partial(_share, most=0.1)),
    _AS_SHARE,
    WithJsonSchema({"type": ["string", "number"], "description": "0% to 10%", "examples": ["1%"]}),
]
ReserveShare = Annotated[  # of capacity
    float,
    PlainValidator(partial(_share, most=0.9)),
    _AS_SHARE,
    WithJsonSchema({"type": ["string", "number"], "description": "0% to 90%", "examples": ["20%"]}),
]
Priority = Annotated[int, PlainValidator(read_priority), _AS_PRIORITY, _PRIORITY_SCHEMA]
Name = Annotated[str, AfterValidator(check_name)]
Count = Annotated[int, Strict(), Field(ge=1)]
Texts = Annotated[  # one text, or a list of them
    list[Text],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    PlainSerializer(_alone, when_used="json"),
]
