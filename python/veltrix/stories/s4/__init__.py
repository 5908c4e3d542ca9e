"""S4, its first half: threads that contend for one priority queue against priority dispatch."""

from __future__ import annotations

from veltrix.stats_table import seconds
from veltrix.stories.story import Claim, Run, Story, Target

from . import dispatch, pool

_TIME = Claim(
    what="processing time",
    value=lambda run: run.seconds,
    show=seconds,
    target=Target.change(-0.7),
    bar=True,
)
_RATE = Claim(
    what="throughput, events/s",
    value=lambda run: run.rate,
    show=lambda rate: f"{rate:,.0f}",
    target=Target.change(3.0),
    bar=True,
)
_THREADS = Claim(
    what="threads created after start",
    value=lambda run: run.new_threads,
    show=lambda count: f"{count:.0f}",
    target=Target.at_most(0, "0"),
)
_SWITCHES = Claim(
    what="context switches per event",
    value=lambda run: run.switches_per_event,
    show=lambda count: f"{count:.3f}",
    target=None,
)
_COST = Claim(
    what="CPU per event",
    value=lambda run: run.cpu_per_event,
    show=seconds,
    target=None,
)
_URGENT = Claim(
    what="p99 wait of urgent events",
    value=lambda run: run.parts["urgent"].p99,
    show=seconds,
    target=None,
    bar=True,
)

STORY = Story(
    name="s4",
    title="Priority queues and configuration: thread contention, errors in production",
    setting=(
        "A bank's payments, sent as fast as they are taken, 1 % of them urgent. One handler for "
        "all: it adds the amount to the account's balance, which is shared, under a lock. Before: "
        "eight Python threads around one queue.PriorityQueue. veltrix: one queue with priorities, "
        "up to eight handlers at the same time on eight threads. Both hold 10,000 events at most; "
        "then the sender waits, which is part of an event's wait. "
        "In the first run, the thread is alone: what is left is not contention."
    ),
    sides={"before": pool.run, "veltrix": dispatch.run},
    runs=(
        Run("1 thread", "before", {"threads": 1}),
        Run("before", "before"),
        Run("veltrix", "veltrix"),
    ),
    options={"events": 150_000, "threads": 8, "capacity": 10_000, "seed": 1},
    quick={"events": 30_000},
    claims=(_TIME, _RATE, _THREADS, _SWITCHES, _COST, _URGENT),
)
