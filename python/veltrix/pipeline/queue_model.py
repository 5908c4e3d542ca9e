"""The options of one queue. Defaults and ranges are those of the native ``QueueOptions``."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.batch import Batch
from veltrix.pipeline.queue_groups import (
    BatchModel,
    CapacityModel,
    DeadLettersModel,
    LatestModel,
    OrderModel,
    OverflowModel,
    QueueDedupModel,
)
from veltrix.pipeline.retry_model import RetryModel
from veltrix.pipeline.scalars import (
    SECOND,
    Count,
    Duration,
    Nanoseconds,
    Priority,
    SomeDuration,
)
from veltrix.pipeline.transform_model import TransformModel

ORDERS = ("key", "none", "total")
HANDLER = re.compile(r"[^\s:]+:[^\s:]+")


def _order(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in ORDERS:
        raise ValueError(f"'order' must be {' or '.join(ORDERS)}, not {value!r}")
    return {"by": value}


def _batch(value: Any) -> Any:
    return asdict(value) if isinstance(value, Batch) else value


def _handler(value: str) -> str:
    if not HANDLER.fullmatch(value):
        raise ValueError(f'{value!r} is not a handler; write "module:function"')
    return value


class QueueSettings(Options):
    """The options that ``defaults.queue`` may set for every queue."""

    order: Annotated[
        OrderModel,
        BeforeValidator(
            _order, json_schema_input_type=Literal["key", "none", "total"] | OrderModel
        ),
    ] = OrderModel()
    """Which events run one after another, in which order."""
    latest: LatestModel | None = None
    """Of each key only the newest event waits."""
    dedup: QueueDedupModel | None = None
    """What counts as a duplicate in this queue."""
    capacity: CapacityModel = CapacityModel()
    """Bounds in events and bytes."""
    overflow: OverflowModel = OverflowModel()
    """What happens at those bounds."""
    payload: Literal["snapshot", "reference"] = "snapshot"
    """What handlers get of what is published in this process: a ``snapshot`` (default: encoded when
    it is published), or the object itself by ``reference``."""
    pool: Literal["shared", "threads", "asyncio", "processes"] | None = None
    """What runs the handler: ``shared`` (default: one thread for all queues, and spares for
    handlers that block), ``threads`` (``concurrency`` threads of the queue's own), ``processes``
    (as many worker processes), ``asyncio`` (an event loop; default of ``async def``)."""
    concurrency: Count = Field(default=1, le=1_024)
    """Deliveries at work at the same time, at most 1,024."""
    weight: Count = Field(default=1, le=1_000)
    """Share of time among the queues of one priority, at most 1,000."""
    max_wait: SomeDuration = Nanoseconds(30 * SECOND)
    """Bound of starvation: what has been ready for longer is picked first."""
    timeout: Duration = Nanoseconds(0)
    """Of an attempt, which then fails as ``timeout``; its handler cannot be stopped. 0 = none."""
    ttl: Duration = Nanoseconds(0)
    """Since its publishing; what waits longer is dropped as ``expired``. 0 = none."""
    priority: Priority = 4
    """For events whose route, envelope and source say nothing; 0-9 or a name."""
    retry: RetryModel = RetryModel()
    """What happens to a delivery whose attempt failed."""
    dead_letters: DeadLettersModel = DeadLettersModel()
    """What goes to the dead letters beside deliveries that failed."""


class QueueModel(QueueSettings):
    """A named lane with exactly one handler, or a sink, a transform, or a transform and a sink."""

    handler: Annotated[str, AfterValidator(_handler)] | None = None
    """The Python function that runs the events: ``module:function``."""
    sink: str | None = None
    """The sink that takes them out."""
    transform: TransformModel | None = None
    """What changes in its events, natively, before they are published again or the sink takes
    them."""
    batch: Annotated[BatchModel | None, BeforeValidator(_batch)] = None
    """The handler takes a list of events, or the sink writes so many at once."""


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
        elif isinstance(mine, Options) and isinstance(default, Options):
            found[name] = mine.model_copy(update=_missing(mine, default))
    return found
