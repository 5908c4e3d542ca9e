"""The ``transform`` of a queue: what changes in an event, and where it goes then."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.expression_types import Condition
from veltrix.pipeline.scalars import Texts

DATA = "data."


def within_data(path: str) -> str:
    """Checks the path of a member of an event's data.

    Args:
        path: Names with dots in between; ``data.`` may stand in front.

    Returns:
        The path below ``data``.

    Raises:
        ValueError: It is no such path.

    Example:
        >>> within_data("data.customer.name")
        'customer.name'
    """
    inner = path.removeprefix(DATA)
    if not inner or "" in inner.split("."):
        raise ValueError(f"{path!r} is no path in data; write names with dots, 'customer.name'")
    return inner


def _path(path: str) -> str:
    within_data(path)
    return path


DataPath = Annotated[str, AfterValidator(_path)]


class TransformModel(Options):
    """Changes each event natively, by expressions over the event as it came."""

    type: Condition | None = None
    """An expression (CEL) for the new type; default: as it was."""
    set: dict[DataPath, Condition] = Field(default_factory=dict)
    """A dotted path in ``data`` and the expression (CEL) for its new value; objects on the way are
    made."""
    drop: Texts[DataPath] = Field(default_factory=list)
    """Dotted paths in ``data`` that go, before anything is set; missing ones do no harm."""
    key: Condition | None = None
    """An expression (CEL) for the new ``partitionkey``; default: as it was."""
    publish: Annotated[bool, Strict()] = False
    """``true``: the changed event is published again, as a follow-up, and routed by what it has
    become. Else the queue has a ``sink``, which takes it."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Nothing is set twice: one value would silently win."""
        paths = sorted(within_data(path).split(".") for path in self.set)
        for one, next_one in pairwise(paths):
            if next_one[: len(one)] == one:
                inner = ".".join(next_one)
                if one == next_one:
                    raise ValueError(f"'set' has two values for {inner!r}; keep one of them")
                message = f"'set' has {inner!r} inside {'.'.join(one)!r}; keep one of them"
                raise ValueError(message)
        return self
