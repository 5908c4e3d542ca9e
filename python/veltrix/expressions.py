"""``vx.Expression``: a condition or a value over an event, computed by the native core."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from veltrix import _core
from veltrix.expression_faults import ExpressionFault, check

if TYPE_CHECKING:
    from veltrix.events import Event

TYPES = (
    "dyn",
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "timestamp",
    "duration",
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


class Expression:
    """An expression in CEL, checked and compiled; any thread may evaluate it.

    The language is described in ``docs/expressions.md``. It is the one of ``where:``, ``key:`` and
    ``priority:`` in a pipeline.

    Args:
        text: The expression, at most 2 KiB.
        variables: What it may name. Default: ``event``, the event's whole JSON object, and
            ``data``, short for ``event.data``. Else the names of variables, or names with their
            types: ``dyn`` (any), ``bool``, ``int``, ``uint``, ``double``, ``string``, ``bytes``,
            ``list``, ``map``, ``timestamp``, ``duration``.

    Raises:
        InvalidExpressionError: The text cannot be read, or can never work; every fault, each with
            its column and a caret.
        ValueError: A variable's name or type that does not exist in the language.

    Example:
        >>> large = Expression("data.amount > 900 && event.type.startsWith('payment.')")
        >>> large.evaluate({"type": "payment.made", "data": {"amount": 950}})
        True
        >>> Expression("n * 2u", {"n": "uint"}).evaluate({"n": 21})
        42
    """

    __slots__ = ("_native", "_text", "_variables", "_warnings")

    def __init__(
        self, text: str, variables: Iterable[str] | Mapping[str, str] | None = None
    ) -> None:
        self._text = text
        self._variables = None if variables is None else _declared(variables)
        self._warnings = tuple(check(text, self._variables))
        declared = None if self._variables is None else list(self._variables.items())
        self._native = _core.Expression(text, declared)

    @property
    def text(self) -> str:
        """The expression as it was written."""
        return self._text

    @property
    def variables(self) -> dict[str, str] | None:
        """The declared variables with their types; None: ``event`` and ``data``."""
        return None if self._variables is None else dict(self._variables)

    @property
    def warnings(self) -> tuple[ExpressionFault, ...]:
        """What loads, but will surprise."""
        return self._warnings

    @property
    def native(self) -> _core.Expression:
        """The compiled expression of the native core; not for users."""
        return self._native

    def evaluate(self, values: Event[Any] | Mapping[str, Any] | bytes | str | object) -> Any:
        """Computes the value.

        Args:
            values: Without declared variables the event: a ``vx.Event``, a mapping that is its
                whole JSON object (``{"type": …, "data": {…}}``), or the text of that as bytes or
                str, which is read without making Python objects. Else a mapping of the variables.
                Values are None, bool, int, float, str, bytes, aware datetimes, timedeltas, lists,
                dicts, and whatever has such a form: a msgspec Struct, a dataclass, a pydantic
                model, numbers of NumPy. An int beyond 64 bits is refused.

        Returns:
            None, bool, int (also of an uint), float, str, bytes, an aware datetime in UTC or a
            timedelta (both cut to microseconds), a list, a dict; the name of a type as str.

        Raises:
            EvaluationError: There is no such value: a member is missing, an operator does not
                take these types, an overflow …; ``reason`` says which.
            EventError: The text is not JSON.

        Example:
            >>> Expression("event.data.tags.exists(tag, tag == 'vip')").evaluate(
            ...     b'{"type": "order.placed", "data": {"tags": ["new", "vip"]}}'
            ... )
            True
        """
        return self._native.evaluate(values)

    def __repr__(self) -> str:
        declared = "" if self._variables is None else f", {self._variables!r}"
        return f"Expression({self._text!r}{declared})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return self._text == other._text and self._variables == other._variables

    def __hash__(self) -> int:
        declared = None if self._variables is None else frozenset(self._variables.items())
        return hash((self._text, declared))

    def __reduce__(self) -> tuple[type[Expression], tuple[Any, ...]]:
        return type(self), (self._text, self._variables)


def _declared(variables: Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    if isinstance(variables, str):
        raise TypeError(f"variables is an iterable of names; write [{variables!r}]")
    if isinstance(variables, Mapping):
        declared = dict(variables)
    else:
        declared = dict.fromkeys(variables, "dyn")
    for name, kind in declared.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a variable; use letters, digits, '_'")
        if kind not in TYPES:
            raise ValueError(f"variable {name!r}: {kind!r} is no type; use {', '.join(TYPES)}")
    return declared


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a condition came out as it did.

    Attributes:
        verdict: ``true``, ``false``, ``missing`` or ``error``; also a value that is no bool is an
            ``error``, for a condition.
        deciding: The text of the sub-expression that decided.
        values: The members that it names, as in ``data.amount = 12.5``.
        reason: Why there is no value; empty where there is one.
    """

    verdict: Literal["true", "false", "missing", "error"]
    deciding: str
    values: str
    reason: str

    def __str__(self) -> str:
        said = f"{self.deciding}: {self.reason}" if self.reason else self.deciding
        told = self.values and self.verdict != "missing"  # which the reason says already
        return f"{said}, where {self.values}" if told else said


def explain(expression: Expression, values: object) -> Explanation:
    """Says why an expression, taken as a condition, holds or does not hold.

    Args:
        expression: The expression.
        values: As for ``Expression.evaluate``.

    Returns:
        The verdict and what decided it.

    Example:
        >>> explain(Expression("data.amount > 900"), {"data": {"amount": 12.5}}).values
        'data.amount = 12.5'
    """
    return Explanation(**expression.native.explain(values))


def as_json(expression: Expression, values: object) -> str:
    """Computes a value as JSON text.

    Args:
        expression: The expression.
        values: As for ``Expression.evaluate``.

    Returns:
        JSON: bytes as base64, times as RFC 3339, durations as ``"1.500s"``; what JSON cannot say
        as a text: the name of a type, ``"NaN"``, ``"Infinity"``.

    Raises:
        EvaluationError: There is no value.

    Example:
        >>> as_json(Expression("duration('90s')"), {})
        '"90s"'
    """
    text, is_json = expression.native.evaluate_json(values)
    if is_json:
        return text
    return msgspec.json.encode(_sayable(expression.evaluate(values))).decode()


def _sayable(value: Any) -> Any:
    """What JSON cannot say as a text, deep inside lists and maps."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, timedelta):
        return f"{value / timedelta(seconds=1):.12g}s"
    if isinstance(value, list):
        return [_sayable(item) for item in value]
    if isinstance(value, dict):
        return {_name(key): _sayable(item) for key, item in value.items()}
    return value


def _name(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def as_text(expression: Expression, values: object) -> str | None:
    """Computes a value as the text of a key.

    Args:
        expression: The expression.
        values: As for ``Expression.evaluate``.

    Returns:
        A text as it is, anything else as its JSON; None for null.

    Raises:
        EvaluationError: There is no value.

    Example:
        >>> as_text(Expression("data.n"), {"data": {"n": 5}})
        '5'
    """
    value = expression.evaluate(values)
    if value is None or isinstance(value, str):
        return value
    return expression.native.evaluate_json(values)[0]
