"""Paths and type patterns, judged by the native core that will use them.

There is one parser of each, in ``cpp/veltrix/match``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from veltrix import _core
from veltrix.errors import OptionError


def check_key_path(text: str) -> str:
    """Checks the path to a key: of a route, or by which a queue tells duplicates.

    Args:
        text: A plain dotted path such as ``data.team`` or ``event.subject``.

    Returns:
        The same text.

    Raises:
        PydanticCustomError: ``invalid-key-path``.

    Example:
        >>> check_key_path("data.team")
        'data.team'
    """
    try:
        _core.check_key_path(text)
    except OptionError as error:
        raise _refused("invalid-key-path", error) from None
    return text


def check_type_pattern(text: str) -> str:
    """Checks a type pattern.

    Args:
        text: Such as ``flight.*`` or ``**.failed``.

    Returns:
        The same text.

    Raises:
        PydanticCustomError: ``invalid-pattern``; the message names the position and the cure.

    Example:
        >>> check_type_pattern("flight.*")
        'flight.*'
    """
    try:
        _core.TypePattern(text)
    except OptionError as error:
        raise _refused("invalid-pattern", error) from None
    return text


TypePattern = Annotated[str, AfterValidator(check_type_pattern)]


def _refused(code: str, error: OptionError) -> PydanticCustomError:
    return PydanticCustomError(code, "{text}", {"text": str(error)})
