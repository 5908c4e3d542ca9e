"""Our answer and that of Google's CEL runtime, side by side."""

from __future__ import annotations

import ctypes
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cel_expr_python import cel

import veltrix as vx
from oracle.generator import Generator
from veltrix.errors import EvaluationError, InvalidExpressionError

ERROR = "error"
_TOO_BIG = ("too-many-nodes", "too-deep", "too-long")
_NAMES = {"event": cel.Type.DYN, "data": cel.Type.DYN}
_ENVIRONMENT = cel.NewEnv(variables=_NAMES)
# Every null that it hands out (0.1.3) is one reference to None too few, and a Python before 3.12
# ends when the last one is gone: so there are more than it can use up, in a list that stays.
_SPARE_NONES = [None] * 2_000_000
ctypes.pythonapi.Py_IncRef(ctypes.py_object(_SPARE_NONES))


@dataclass
class Agreement:
    """What came out of many cases.

    Attributes:
        cases: Evaluated by both.
        errors: Both say that there is no value.
        bools: Both have a bool.
        true: It is true.
        disagreements: The others, for people.
        used: How often each operator, function and macro was part of a case.
    """

    cases: int = 0
    errors: int = 0
    bools: int = 0
    true: int = 0
    disagreements: list[str] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)


def compare(seed: int, cases: int) -> Agreement:
    """Evaluates generated expressions with both.

    Args:
        seed: Fixes the cases.
        cases: How many.

    Returns:
        Counts and disagreements.
    """
    generator = Generator(seed)
    out = Agreement(used=generator.used)
    while out.cases < cases:
        text, event = generator.expression(), generator.event()
        try:
            ours = our_answer(text, event)
        except ValueError:  # beyond our limits, which the other does not have
            continue
        theirs = their_answer(text, event)
        generator.accept()
        out.cases += 1
        out.errors += ours == theirs == ERROR
        out.bools += ours in ("True", "False")
        out.true += ours == theirs == "True"
        if ours != theirs:
            out.disagreements.append(f"{text}\n  {json.dumps(event)}\n  {ours} != {theirs}")
    return out


def our_answer(text: str, event: dict[str, Any]) -> str:
    """The value as text, or ``ERROR``.

    Raises:
        ValueError: The expression is beyond a limit of ours.
    """
    try:
        return _shown(vx.Expression(text).evaluate(json.dumps(event)))
    except InvalidExpressionError as error:
        if any(fault.code in _TOO_BIG for fault in error.faults):
            raise ValueError(text) from error
        return ERROR
    except EvaluationError:
        return ERROR


def their_answer(text: str, event: dict[str, Any]) -> str:
    """The value as text, or ``ERROR``. Not checked: kinds are found out when it is evaluated."""
    try:
        expression = _ENVIRONMENT.compile(text, disable_check=True)
        value = expression.eval(data={"event": event, "data": event["data"]})
        if value.type() == cel.Type.ERROR:
            return ERROR
        return _shown(value.plain_value())
    except Exception:  # noqa: BLE001 - it has no classes of its own
        return ERROR


def _shown(value: Any) -> str:
    """Equal for equal values of one kind: 1, 1.0 and True are three."""
    if isinstance(value, (bytes, bytearray)):
        return repr(bytes(value))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(sorted(f'{_shown(k)}: {_shown(v)}' for k, v in value.items()))}}}"
    if isinstance(value, cel.Type):
        return repr(_TYPE_NAMES[value.name()])
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return repr(value)


# It has names of its own for the types; lists and maps name what is in them.
_TYPE_NAMES = {
    name.upper(): name for name in ("bool", "int", "uint", "double", "string", "bytes", "type")
} | {
    "NULL": "null_type",
    "TIMESTAMP": "google.protobuf.Timestamp",
    "DURATION": "google.protobuf.Duration",
    "LIST<DYN>": "list",
    "MAP<DYN, DYN>": "map",
}
