"""Conditions over dead letters: ``where=`` of ``engine.dead_letters``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veltrix import _core
from veltrix.errors import EvaluationError
from veltrix.expression_faults import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from veltrix.dead_letters import DeadDelivery

VARIABLES = {"event": "dyn", "letter": "map"}
_ASKED = ("queue", "code", "text", "attempts", "at", "sequence")


def condition(text: str) -> Callable[[DeadDelivery], bool]:
    """Makes a condition of an expression.

    Args:
        text: An expression over ``event``, ``data`` (short for ``event.data``) and ``letter``,
            which has the members ``queue``, ``code``, ``text``, ``attempts``, ``at`` (a timestamp)
            and ``sequence``.

    Returns:
        Whether a letter is meant; one that lacks a member which the expression names is not.

    Raises:
        InvalidExpressionError: Every fault of the text.

    Example:
        >>> holds = condition("letter.attempts > 3 && letter.code == 'timeout'")
    """
    check(text, VARIABLES, short_data=True)
    native = _core.Expression(text, list(VARIABLES.items()), True)

    def holds(letter: DeadDelivery) -> bool:
        values = {name: getattr(letter, name) for name in _ASKED}
        try:
            value = native.evaluate({"event": letter.event, "letter": values})
        except EvaluationError as error:
            if error.reason == "missing":
                return False
            raise EvaluationError(_with_event(str(error), letter), error.reason) from None
        if value is not True and value is not False:
            message = f"where: the value is {value!r:.60}, neither true nor false"
            raise EvaluationError(_with_event(message, letter), "no_overload")
        return value

    return holds


def _with_event(message: str, letter: DeadDelivery) -> str:
    return f"{message}; dead letter of event {letter.event.id!r} ({letter.event.type})"
