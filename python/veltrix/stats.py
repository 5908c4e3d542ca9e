"""The numbers of an engine at one moment: both ledgers, waits and handler times.

Values, not views: a ``Stats`` does not change while you look at it. Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from veltrix import _core, stats_table
from veltrix.cost import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


BOUNDS = tuple(_core.histogram_bounds())  # of every histogram's buckets, inclusive, in seconds


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, over all its occurrences.

    Attributes:
        buckets: How many took at most 1 us, 5 us … 5 minutes (``BOUNDS``), each exact and with
            those before it in it.
    """

    count: int = 0
    sum: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    max: float = 0.0
    buckets: tuple[int, ...] = field(default=(0,) * len(BOUNDS), repr=False)

    @classmethod
    def of(cls, native: Mapping[str, Any]) -> Self:
        """Takes the native numbers, which are in seconds already."""
        return cls(**{name: native[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class PriorityStats:
    """What one priority of a queue did."""

    priority: int
    accepted: int = 0
    done: int = 0
    dead: int = 0
    dropped: int = 0
    retried: int = 0
    in_flight: int = 0
    wait: Times = Times()
    handler_time: Times = Times()

    @classmethod
    def of(cls, priority: int, native: Mapping[str, Any]) -> Self:
        """Takes the native numbers of one priority."""
        ledger = ("accepted", "done", "dead", "dropped", "retried", "in_flight")
        return cls(
            priority,
            **{name: native[name] for name in ledger},
            wait=Times.of(native["wait"]),
            handler_time=Times.of(native["handler_time"]),
        )


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The ledger of a queue: accepted = done + dead + dropped + in flight.

    Attributes:
        dropped: Deliveries that were dropped, by reason; what comes after the first hundred reasons
            counts as ``other``.
        dead_by_reason: Dead letters, in the same way.
        running: Of those in flight: with a handler or sink now.
        delayed: Of those in flight: waiting for their time, or for a retry.
        held: Of those in flight: held until their key is in order of time.
        depth: Of those in flight: waiting for a handler, or for others of their key.
        late: Outcomes that came for an attempt that was over.
        reordered_late: Events that came too late to be put in order of time.
        gil_wait: Seconds that its batches waited for the GIL.
        gil_hold: Seconds that its handlers computed with it; while they sleep, or wait for input,
            others have it.
        in_flight_bytes: Memory that is charged against ``capacity_bytes``.
        oldest_ready_age: For how many seconds the oldest work that could run has been ready.
    """

    name: str
    accepted: int = 0
    done: int = 0
    dead: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    in_flight: int = 0
    retried: int = 0
    running: int = 0
    delayed: int = 0
    held: int = 0
    depth: int = 0
    late: int = 0
    reordered_late: int = 0
    gil_wait: float = 0.0
    gil_hold: float = 0.0
    in_flight_bytes: int = 0
    oldest_ready_age: float = 0.0
    capacity_events: int = 0
    capacity_bytes: int = 0
    priority: int = 4
    dead_by_reason: Mapping[str, int] = field(default_factory=dict)
    wait: Times = Times()
    handler_time: Times = Times()
    priorities: Mapping[int, PriorityStats] = field(default_factory=dict)

    @property
    def handled(self) -> int:
        """Deliveries that have ended: done, dead or dropped."""
        return self.done + self.dead + sum(self.dropped.values())

    @property
    def balanced(self) -> bool:
        """Whether every accepted delivery is accounted for."""
        return self.accepted == self.handled + self.in_flight

    @classmethod
    def of(cls, name: str, native: Mapping[str, Any]) -> Self:
        """Takes the native numbers of a queue."""
        built = {"name", "wait", "handler_time", "priorities"}
        plain = cls.__dataclass_fields__.keys() - built
        priorities = {
            int(priority): PriorityStats.of(int(priority), row)
            for priority, row in sorted(native["priorities"].items(), reverse=True)
        }
        return cls(
            name=name,
            wait=Times.of(native["wait"]),
            handler_time=Times.of(native["handler_time"]),
            priorities=priorities,
            **{field: native[field] for field in plain},
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The engine's ledger; ``in_door`` counts what is on its way in, follow-ups are received too.

    received = admitted + duplicate + rejected + filtered + unmatched + in_door.

    Attributes:
        filtered: Events whose type a route takes, but no route's ``where`` holds. One whose
            ``where`` cannot be computed is a dead letter, too (``filter_error``).
        unmatched: Events whose type no route takes.
        conflict: Of those rejected: their id was accepted with another payload.
        redriven: Dead letters that were accepted anew, by their queues only.
    """

    received: int = 0
    admitted: int = 0
    duplicate: int = 0
    rejected: int = 0
    filtered: int = 0
    unmatched: int = 0
    in_door: int = 0
    follow_ups: int = 0
    key_missing: int = 0
    conflict: int = 0
    redriven: int = 0

    @property
    def balanced(self) -> bool:
        """Whether everything received is accounted for; exact while nothing is published."""
        gone = self.duplicate + self.rejected + self.filtered + self.unmatched
        return self.received == self.admitted + gone + self.in_door

    @classmethod
    def of(cls, native: Mapping[str, int]) -> Self:
        """Takes the native ledger, which tells two stages on the way in apart."""
        values = {name: native[name] for name in cls.__dataclass_fields__}
        return cls(**{**values, "in_door": native["in_door"] + native["pending"]})


@dataclass(frozen=True, slots=True)
class RouteStats:
    """What became of the events that a route could have taken by their type.

    Counted when an event comes in, before it is known whether it is a duplicate and whether its
    queue has room. A route that steps back for one that its ``unless`` names counts nothing.

    Attributes:
        matched: Events that the route took.
        filtered: Events for which its ``where`` is false.
        filter_missing: Events without a member that its ``where`` needs; it does not take them.
        filter_error: Events for which its ``where`` cannot be computed for another reason.
        key_missing: Of those matched: its key is missing, null or cannot be computed; the event's
            own key counts instead, if it has one.
        priority_missing: Of those matched: its computed priority is not an int in 0 … 9.
    """

    name: str
    matched: int = 0
    filtered: int = 0
    filter_missing: int = 0
    filter_error: int = 0
    key_missing: int = 0
    priority_missing: int = 0

    @classmethod
    def of(cls, name: str, native: Mapping[str, int]) -> Self:
        """Takes the native numbers of a route."""
        return cls(name, **native)


@dataclass(frozen=True, slots=True)
class SourceStats:
    """How far a source has come."""

    name: str
    records: int = 0
    rejected: int = 0
    bytes: int = 0
    total_bytes: int = 0
    done: bool = False
    error: str = ""
    first_rejects: tuple[str, ...] = ()
    filtered: int = 0

    @classmethod
    def of(cls, native: Mapping[str, Any]) -> Self:
        """Takes the native progress."""
        counts = ("records", "filtered", "rejected", "bytes", "total_bytes")
        plain = ("name", *counts, "done", "error")
        shown = "{file}:{line}: error[{code}]: {error}".format_map
        rejects = tuple(map(shown, native["recent_rejects"]))
        return cls(**{name: native[name] for name in plain}, first_rejects=rejects)


@dataclass(frozen=True, slots=True)
class Stats:
    """Everything that an engine counts, at one moment.

    Attributes:
        name: The engine's name.
        running: Whether it takes events.
        uptime: Seconds from its start to now, or to its stop; virtual ones in a simulation.
        totals: The engine's ledger.
        queues: The queues' ledgers and times, by name.
        sources: How far the sources have come, by name.
        routes: What became of the events at each route, by name.
        dead_letters: Dead letters that are kept.
        dead_letters_evicted: Dead letters that were forgotten because too many came.
        cost: CPU time and memory.

    Example:
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> with vx.Engine(app) as engine:
        ...     _ = engine.publish("clue.found", {"team": "red"})
        ...     _ = engine.drain()
        ...     engine.stats().queues["score"].done
        1
    """

    name: str
    running: bool
    uptime: float
    totals: Totals
    queues: Mapping[str, QueueStats]
    sources: Mapping[str, SourceStats]
    dead_letters: int = 0
    dead_letters_evicted: int = 0
    cost: Cost = field(default_factory=Cost)
    routes: Mapping[str, RouteStats] = field(default_factory=dict)

    @classmethod
    def of(cls, native: Mapping[str, Any], name: str, uptime: float) -> Self:
        """Takes the native numbers of an engine that has run for ``uptime`` seconds."""
        queues = {name: QueueStats.of(name, row) for name, row in native["queues"].items()}
        return cls(
            name=name,
            running=native.get("running", True),  # a simulation always takes events
            uptime=uptime,
            totals=Totals.of(native["totals"]),
            queues=queues,
            sources={row["name"]: SourceStats.of(row) for row in native.get("sources", ())},
            dead_letters=native["dead_letters"],
            dead_letters_evicted=native["dead_letters_evicted"],
            cost=Cost.of(native, sum(queue.handled for queue in queues.values())),
            routes={name: RouteStats.of(name, row) for name, row in native["routes"].items()},
        )

    @property
    def balanced(self) -> bool:
        """Whether both ledgers balance, the engine's and every queue's."""
        return self.totals.balanced and all(queue.balanced for queue in self.queues.values())

    def to_pandas(self) -> pd.DataFrame:
        """Gives the table of queues.

        Returns:
            One row per queue and, below it, per priority with events; indexed by both, the queue's
            own row under ``all``. Columns are ``stats_table.COLUMNS``; times are seconds.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - an extra, and slow to import
        except ImportError:
            raise ImportError("to_pandas() needs pandas: pip install 'veltrix[notebook]'") from None
        rows = stats_table.rows(self)
        index = pd.MultiIndex.from_tuples(
            [(row.queue, row.priority) for row in rows], names=["queue", "priority"]
        )
        return pd.DataFrame([row.values for row in rows], index, list(stats_table.COLUMNS))

    def __str__(self) -> str:
        return stats_table.as_text(self)

    def _repr_html_(self) -> str:
        return stats_table.as_html(self)
