"""A problem before it has a place in a file: a path into the pipeline's data, a code, a message.

Both spellings of a pipeline are checked by the same code, which therefore knows paths only. Here
the errors of pydantic are put into the words of the configuration.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from veltrix.pipeline.later import feature_of
from veltrix.pipeline.model import PipelineModel
from veltrix.problems import did_you_mean, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from veltrix.expression_faults import ExpressionFault

Path = tuple[str | int, ...]
_COLLECTIONS = {"sources": "source", "routes": "route", "queues": "queue", "sinks": "sink"}
_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a group of options in braces or indented below",
    "model_attributes_type": "a group of options in braces or indented below",
    "dict_type": "entries of the form 'name: {options}'",
}
_CURES = {
    "veltrix": "veltrix: 1",
    "name": "name: NAME",
    "to": "to: QUEUE",
    "by": "by: event.id",
    "window": "window: 1h",
    "priority": "priority: high",
    "share": "share: 20%",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path; ``on_key`` points at the option's name instead of its value.

    A fault of an expression has a ``part`` of the value, in characters, and is ``shown`` with it.
    """

    path: Path
    code: str
    message: str
    on_key: bool = False
    severity: Literal["error", "warning"] = "error"
    part: tuple[int, int] | None = None
    shown: str = ""


def faults_of(error: ValidationError, where: Path = ()) -> Iterator[Fault]:
    """Puts what pydantic found into the words of the configuration.

    Args:
        error: What validating a ``PipelineModel``, or a group of its options, raised.
        where: The place of that group in the pipeline.

    Yields:
        One fault for each of its errors.

    Example:
        >>> from pydantic import ValidationError
        >>> try:
        ...     PipelineModel.model_validate({"veltrix": 1, "name": "hunt", "qeues": {}})
        ... except ValidationError as error:
        ...     print(next(faults_of(error)).message)
        'qeues' is not a pipeline option; did you mean 'queues'?
    """
    for details in error.errors(include_url=False):
        found = details.get("ctx", {}).get("faults")
        if found:
            yield from (of_expression((*where, *details["loc"]), each) for each in found)
        else:
            yield _fault(details, where)


def of_expression(path: Path, fault: ExpressionFault) -> Fault:
    """Takes over what the checker of expressions found.

    Args:
        path: The option that holds the expression.
        fault: What is wrong with it.

    Returns:
        The same with the option's place.

    Example:
        >>> from veltrix.expression_faults import faults_in
        >>> of_expression(("routes", "a", "where"), faults_in("data.x >")[0]).part
        (8, 8)
    """
    part = (fault.begin, fault.end)
    return Fault(
        path, fault.code, fault.sentence, severity=fault.severity, part=part, shown=fault.shown
    )


def _fault(details: ErrorDetails, where: Path) -> Fault:
    path, kind = (*where, *details["loc"]), details["type"]
    key = bool(path) and path[-1] == "[key]"  # pydantic's own mark for the key of a mapping
    if key:
        path = path[:-1]
    if kind == "extra_forbidden":
        return unknown(path)
    if kind == "missing":
        return Fault(path[:-1], "missing-field", _missing(path), on_key=True)
    if "-" in kind:  # our own codes, raised by the models' validators
        return Fault(path, kind, details["msg"], on_key=key)
    return Fault(path, "invalid-value", _sentence(details, path), on_key=key)


def unknown(path: Path) -> Fault:
    """The fault of an option that this version does not know.

    Args:
        path: The option's place.

    Returns:
        ``not-available-yet`` when a later version brings it, else ``unknown-field``.

    Example:
        >>> unknown(("queues", "scores", "breaker")).message
        "'breaker': not available yet: arrives with circuit breakers"
    """
    feature = feature_of(path)
    if feature:
        message = f"{path[-1]!r}: not available yet: arrives with {feature}"
        return Fault(path, "not-available-yet", message, on_key=True)
    near = did_you_mean(path[-1], _options_at(path[:-1]))
    message = f"{path[-1]!r} is not {with_article(_noun(path[:-1]))} option{near}"
    return Fault(path, "unknown-field", message, on_key=True)


def _missing(path: Path) -> str:
    owner = "the pipeline" if len(path) <= 2 else repr(path[-2])
    if len(path) == 3 and path[0] in _COLLECTIONS:
        owner = f"{_noun(path[:-1])} {owner}"
    cure = _CURES.get(str(path[-1]), f"{path[-1]}: …")
    return f"{owner} has no {str(path[-1])!r}; add {cure!r}"


def _sentence(details: ErrorDetails, path: Path) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "the pipeline")
    wanted = _KINDS.get(kind) or _bound(kind, context)
    if wanted:
        return f"{name!r} must be {wanted}, not {_shown(details['input'])}"
    if kind == "literal_error":
        choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        near = did_you_mean(details["input"], choices)
        return f"{name!r} must be {' or '.join(choices)}, not {_shown(details['input'])}{near}"
    return f"{name!r}: {details['msg']}"


def _bound(kind: str, context: Mapping[str, Any]) -> str | None:
    bounds = {
        "greater_than_equal": f"at least {context.get('ge', 0):,}",
        "less_than_equal": f"at most {context.get('le', 0):,}",
        "too_short": "at least one entry",
    }
    return bounds.get(kind)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a group of options"
    return "a list" if isinstance(value, list) else repr(value)[:80]


def _noun(path: Path) -> str:
    """What the options at a path belong to: ``queue``, ``retry``, ``pipeline``."""
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return "pipeline"
    if names[0] in _COLLECTIONS and len(names) == 2:
        return _COLLECTIONS[names[0]]
    return names[-1]


def _options_at(path: Path) -> list[str]:
    model: Any = PipelineModel
    for part in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(str(part))
            model = field.annotation if field else None
        model = _entry(model)
    is_model = isinstance(model, type) and issubclass(model, BaseModel)
    return list(model.model_fields) if is_model else []


def _entry(annotation: Any) -> Any:
    """A model as it is; a marker for ``dict[str, Model]``, whose next part is a name."""
    if typing.get_origin(annotation) is dict:
        return _Named(typing.get_args(annotation)[1])
    if isinstance(annotation, _Named):
        return annotation.model
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)[0]
    return annotation


@dataclass(frozen=True, slots=True)
class _Named:
    model: Any
