"""What the native checker says about the text of an expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from veltrix import _core
from veltrix.errors import InvalidExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """One thing that is wrong with an expression's text, or that will surprise.

    Attributes:
        code: For programs: ``unexpected-token``, ``unknown-function``, ``mixed-arithmetic`` …
        message: What is wrong.
        cure: What to write instead; empty where the message says it.
        line: From 1, in the text.
        column: From 1, in characters.
        begin: Where it begins in the text, in characters from 0.
        end: Where it ends; the same for a place between two characters.
        severity: ``error``, or ``warning`` for what loads nevertheless.
        shown: All of it for people, with the text and a caret.
    """

    code: str
    message: str
    cure: str
    line: int
    column: int
    begin: int
    end: int
    severity: Literal["error", "warning"]
    shown: str

    def __str__(self) -> str:
        return self.shown

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, without a place."""
        return f"{self.message}; {self.cure}" if self.cure else self.message


def faults_in(
    text: str, variables: Iterable[str] | None = None, *, short_data: bool = False
) -> list[ExpressionFault]:
    """Checks the text of an expression.

    Args:
        text: The expression.
        variables: The names that it may use; default: ``event``, and ``data`` for ``event.data``.
        short_data: With ``event`` among ``variables``: ``data`` is short for ``event.data``.

    Returns:
        All its errors, or the warnings of an expression that loads.

    Example:
        >>> faults_in("data.amount > 900")
        []
    """
    names = None if variables is None else list(variables)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message, place = "a lone surrogate, which is no character", error.start
        shown = f"column {place + 1}: {message}"
        return [
            ExpressionFault(
                "invalid-text", message, "", 1, place + 1, place, place + 1, "error", shown
            )
        ]
    return [ExpressionFault(**told) for told in _core.check_expression(text, names, short_data)]


def check(
    text: str, variables: Iterable[str] | None = None, *, short_data: bool = False
) -> list[ExpressionFault]:
    """Refuses the text of an expression that does not load.

    Args:
        text: As for ``faults_in``.
        variables: As for ``faults_in``.
        short_data: As for ``faults_in``.

    Returns:
        Its warnings.

    Raises:
        InvalidExpressionError: With every fault.
    """
    faults = faults_in(text, variables, short_data=short_data)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise InvalidExpressionError("\n".join(map(str, errors)), errors)
    return faults
