"""Groups of options of a queue: order, bounds, deduplication; ``queue_model`` has the rest."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    Strict,
    model_serializer,
)

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.expression_types import Key
from veltrix.pipeline.later import OVERFLOW
from veltrix.pipeline.scalars import (
    SECOND,
    Count,
    Duration,
    Nanoseconds,
    Priority,
    ReserveShare,
    Size,
    SomeDuration,
    Texts,
    not_available,
)

MAX_LINGER = 60 * SECOND


def _policy(value: Any) -> Any:
    if isinstance(value, str) and value in OVERFLOW:
        raise not_available(f"'policy: {value}'", OVERFLOW[value])
    return value


def _urgency(priority: int) -> int:
    if priority == 0:
        raise ValueError("priority 0 has nothing below it to hold room back from; write 1 to 9")
    return priority


def _short_linger(linger: int) -> int:
    if linger > MAX_LINGER:
        raise ValueError("events wait too long for company; write at most 1m")
    return linger


class OrderModel(Options):
    """Which events run one after another, in which order."""

    by: Literal["key", "none", "total"] = "key"
    """``key``: events of one key run one after another; ``none``; ``total``: all of them do.
    Alone it may stand as ``order: key``."""
    sort: Literal["event.time"] | None = None
    """``event.time``: the events of a key run in order of their ``time``, not of their arrival."""
    wait: SomeDuration | None = None
    """With ``sort``: how long each event is held, so that earlier ones can still come."""
    late: Literal["deliver", "dead", "drop"] = "deliver"
    """With ``sort``, an event that comes too late: runs out of order, dead letter, dropped."""
    on_retry: Literal["hold", "pass"] = "hold"
    """An event that waits for its retry holds those behind it in its key, or they ``pass`` it."""

    @model_serializer(mode="wrap", when_used="json")
    def _short(self, write: SerializerFunctionWrapHandler) -> Any:
        said = write(self)
        return said["by"] if set(said) == {"by"} else said


class LatestModel(Options):
    """Of each key only the newest event waits; what it replaces is dropped as ``superseded``."""

    by: Literal["key"] = "key"
    """What an event replaces: the one of its key."""
    every: Duration = Nanoseconds(0)
    """A key's events begin so far apart at least; 0 = as soon as its last one has ended."""


class ReserveModel(Options):
    """A share of the capacity that only urgent events may use."""

    priority: Annotated[Priority, AfterValidator(_urgency)]
    """From this priority on; 1-9 or a name."""
    share: ReserveShare
    """Of events and of bytes, 0 % to 90 %."""


class BatchModel(Options):
    """How many events go to the handler, or to the sink, at once."""

    max_events: Count = Field(default=100, le=10_000)
    """Events in one call at most, at most 10,000."""
    linger: Annotated[Duration, AfterValidator(_short_linger)] = Nanoseconds(0)
    """How long fewer of them wait for company once they are ready, at most 1m; 0 = not at all."""


class CapacityModel(Options):
    """How much a queue holds: what is accepted and not yet done, dead or dropped."""

    events: Count = Field(default=100_000, le=16_000_000)
    """Deliveries, at most 16,000,000."""
    bytes: Size = 64 << 20
    """Memory of their events, counted in the size classes of the engine."""
    per_key: Count | None = Field(default=None, le=16_000_000)
    """Deliveries of one key; default: an eighth of ``events``. More go to the dead letters."""
    reserve: ReserveModel | None = None
    """A share of the capacity that only urgent events may use."""


class OverflowModel(Options):
    """What happens when the queue is full."""

    policy: Annotated[
        Literal["block", "reject", "drop_newest", "drop_oldest", "drop_lowest"],
        BeforeValidator(_policy),
    ] = "block"
    """``block``: a publisher waits up to ``timeout``; ``reject``: it fails at once; ``drop_…``:
    the new event, the one accepted first, or the one of lowest priority is dropped."""
    timeout: Duration = Nanoseconds(5 * SECOND)
    """Longest wait of a publisher under ``block``."""


class QueueDedupModel(Options):
    """What counts as a duplicate in this queue; it is dropped as ``duplicate``."""

    by: Annotated[Texts[Key], Field(min_length=1)]
    """Paths such as ``event.id``, or expressions; events with the same values are the same."""
    window: SomeDuration
    """How long the values are remembered."""
    events: Count = Field(default=1_000_000, le=100_000_000)
    """How many events are remembered at most; the oldest go first."""


class DeadLettersModel(Options):
    """What goes to the dead letters beside deliveries that failed."""

    drops: Annotated[bool, Strict()] = False
    """Also what the queue drops by policy: at its bounds, expired, superseded, late, duplicate."""
