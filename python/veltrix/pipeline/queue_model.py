"""The options of one queue. Defaults and ranges are those of the native ``QueueOptions``."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.later import OVERFLOW
from veltrix.pipeline.scalars import (
    Count,
    Duration,
    Nanoseconds,
    Priority,
    Size,
    SomeDuration,
    not_available,
)

SECOND = 1_000_000_000
HANDLER = re.compile(r"[^\s:]+:[^\s:]+")


def _policy(value: Any) -> Any:
    if isinstance(value, str) and value in OVERFLOW:
        raise not_available(f"'policy: {value}'", OVERFLOW[value])
    return value


def _order(value: Any) -> Any:
    if isinstance(value, dict):
        raise not_available("'order' with options", "resequencing")
    return value


def _handler(value: str) -> str:
    if not HANDLER.fullmatch(value):
        raise ValueError(f'{value!r} is not a handler; write "module:function"')
    return value


class RetryModel(Options):
    """What happens to a delivery whose attempt failed."""

    max_attempts: Count = Field(default=5, le=1_000)
    """Attempts of one delivery, the first included; 1 = never retry, at most 1,000."""
    backoff: SomeDuration = Nanoseconds(SECOND // 5)
    """Delay before the second attempt; doubles with every further one."""
    max_backoff: SomeDuration = Nanoseconds(60 * SECOND)
    """Bound of that delay."""


class CapacityModel(Options):
    """How much a queue holds: what is accepted and not yet done, dead or dropped."""

    events: Count = Field(default=100_000, le=16_000_000)
    """Deliveries, at most 16,000,000."""
    bytes: Size = 64 << 20
    """Memory of their events, counted in the size classes of the engine."""
    per_key: Count | None = Field(default=None, le=16_000_000)
    """Deliveries of one key; default: an eighth of ``events``. More go to the dead letters."""


class OverflowModel(Options):
    """What a publisher meets when the queue is full."""

    policy: Annotated[Literal["block", "reject"], BeforeValidator(_policy)] = "block"
    """``block``: it waits up to ``timeout``; ``reject``: it fails at once."""
    timeout: Duration = Nanoseconds(5 * SECOND)
    """Longest wait of a publisher under ``block``."""


class QueueSettings(Options):
    """The options that ``defaults.queue`` may set for every queue."""

    order: Annotated[Literal["key", "none", "total"], BeforeValidator(_order)] = "key"
    """``key``: events of one key run one after another; ``none``; ``total``: all of them do."""
    capacity: CapacityModel = CapacityModel()
    """Bounds in events and bytes."""
    overflow: OverflowModel = OverflowModel()
    """What happens at those bounds."""
    concurrency: Count = Field(default=1, le=1_024)
    """Deliveries at work at the same time, at most 1,024."""
    weight: Count = Field(default=1, le=1_000)
    """Share of time among the queues of one priority, at most 1,000."""
    max_wait: SomeDuration = Nanoseconds(30 * SECOND)
    """Bound of starvation: what has been ready for longer is picked first."""
    priority: Priority = 4
    """For events whose route, envelope and source say nothing; 0-9 or a name."""
    retry: RetryModel = RetryModel()
    """What happens to a delivery whose attempt failed."""


class QueueModel(QueueSettings):
    """A named lane with exactly one handler or sink."""

    handler: Annotated[str, AfterValidator(_handler)] | None = None
    """The Python function that runs the events: ``module:function``."""
    sink: str | None = None
    """The sink that takes them out."""


def with_defaults(queue: QueueModel, defaults: QueueSettings) -> QueueModel:
    """Fills what a queue does not say with what ``defaults.queue`` says, group by group.

    Args:
        queue: The queue as written.
        defaults: The defaults as written.

    Returns:
        The queue as it runs.

    Example:
        >>> defaults = QueueSettings.model_validate({"retry": {"max_attempts": 2}})
        >>> queue = QueueModel.model_validate({"retry": {"backoff": "1s"}})
        >>> with_defaults(queue, defaults).retry.max_attempts
        2
    """
    return queue.model_copy(update=_missing(queue, defaults))


def _missing(written: Options, defaults: Options) -> dict[str, Any]:
    found = {}
    for name in defaults.model_fields_set:
        default, mine = getattr(defaults, name), getattr(written, name)
        if name not in written.model_fields_set:
            found[name] = default
        elif isinstance(mine, Options):
            found[name] = mine.model_copy(update=_missing(mine, default))
    return found
