"""Expressions as options: where the native checker speaks, and what it says to pydantic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from veltrix.expression_faults import faults_in
from veltrix.pipeline.paths import check_key_path
from veltrix.pipeline.scalars import read_priority
from veltrix.priorities import NAMES, format_priority

if TYPE_CHECKING:
    from collections.abc import Iterable

    from veltrix.expression_faults import ExpressionFault

LINE = ("line",)
_PATH = re.compile(r"[A-Za-z0-9_.]*")
_WORD = re.compile(r"[A-Za-z_]+|[0-9]+")


def check_expression(text: str) -> str:
    """Checks an expression over an event.

    Args:
        text: The expression.

    Returns:
        The same text.

    Raises:
        PydanticCustomError: With every fault of the text in its context.

    Example:
        >>> check_expression("data.amount > 900")
        'data.amount > 900'
    """
    _refuse(fault for fault in faults_in(text) if fault.severity == "error")
    return text


def check_line_expression(text: str) -> str:
    """Checks an expression over ``line``, a record of a source.

    Args:
        text: The expression.

    Returns:
        The same text.

    Raises:
        PydanticCustomError: With every fault of the text in its context.

    Example:
        >>> check_line_expression("line.level")
        'line.level'
    """
    _refuse(fault for fault in faults_in(text, LINE) if fault.severity == "error")
    return text


def check_key(text: str) -> str:
    """Checks a key: a plain path, which costs the least, or an expression.

    Args:
        text: Such as ``data.team`` or ``data.team + "/" + string(data.clue)``.

    Returns:
        The same text.

    Raises:
        PydanticCustomError: ``invalid-key-path`` for names and dots that are no path, else as
            ``check_expression``.

    Example:
        >>> check_key("data.team")
        'data.team'
    """
    return check_key_path(text) if _PATH.fullmatch(text) else check_expression(text)


def _route_priority(value: Any) -> int | str:
    """A name, a number or an expression; a word that is no name is a misspelt one."""
    if isinstance(value, str) and value not in NAMES and not _WORD.fullmatch(value):
        return check_expression(value)
    return read_priority(value)


def _written(priority: int | str) -> int | str:
    return priority if isinstance(priority, str) else format_priority(priority)


def _refuse(errors: Iterable[ExpressionFault]) -> None:
    faults = tuple(errors)
    if faults:
        text = "\n".join(map(str, faults))
        raise PydanticCustomError(faults[0].code, "{text}", {"text": text, "faults": faults})


LineExpression = Annotated[str, AfterValidator(check_line_expression)]
Condition = Annotated[str, AfterValidator(check_expression)]
Key = Annotated[str, AfterValidator(check_key)]
RoutePriority = Annotated[
    int | str,
    PlainValidator(_route_priority),
    PlainSerializer(_written, return_type=int | str, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 9},
                {"enum": list(NAMES)},
                {"type": "string", "description": "an expression with a value from 0 to 9"},
            ]
        }
    ),
]
