"""S1: one unfiltered bus against filtered, prioritised lanes."""

from __future__ import annotations

from veltrix.stats_table import seconds
from veltrix.stories.story import SIDES, Claim, Run, Story, Target

from . import bus, lanes
from .load import ALL

_LEAST_RATE, _MOST_WAIT = 50_000, 0.040
_SLOW = ("before 50k", "veltrix 50k")

_URGENT = Claim(
    what="p99 wait of urgent events",
    value=lambda run: run.parts["urgent"].p99,
    show=seconds,
    target=Target.change(-0.9),
    bar=True,
)
_CALM = Claim(
    what="p99 of urgent at 50,000 a second",
    value=_URGENT.value,
    show=seconds,
    target=None,
    runs=_SLOW,
)
_EVERY = Claim(
    what="p99 wait of all wanted events",
    value=lambda run: run.parts[ALL].p99,
    show=seconds,
    target=Target.at_most(_MOST_WAIT, "< 40 ms"),
)
_RATE = Claim(
    what="events/s, filtered ones too",
    value=lambda run: run.rate,
    show=lambda rate: f"{rate:,.0f}",
    target=Target.at_least(_LEAST_RATE, "50,000"),
)
_EVERY_CALM = Claim(
    what="p99 of all at 50,000 a second",
    value=_EVERY.value,
    show=seconds,
    target=_EVERY.target,
    runs=_SLOW,
)
_LOSS = Claim(
    what="events lost",
    value=lambda run: run.loss,
    show=lambda share: f"{share:.1%}",
    target=Target.at_most(0, "0"),
)
_IN_VAIN = Claim(
    what="Python calls nobody wanted",
    value=lambda run: run.in_vain,
    show=lambda count: f"{count:,.0f}",
    target=Target.at_most(0, "0"),
)
_COST = Claim(
    what="CPU s per million events",
    value=lambda run: run.cpu_per_event * 1_000_000,
    show=lambda cost: f"{cost:.2f}",
    target=None,
    bar=True,
)

STORY = Story(
    name="s1",
    title="Filtering and prioritisation over several buses",
    setting=(
        "Alerts, orders and metrics of a plant, 200,000 a second, of which one in ten is wanted: "
        "lines of JSON of some 260 bytes, written to a pipe on schedule by a process beside the "
        "run, whose CPU is not counted. Both sides have a thread that reads, four that handle, and "
        "room for 50,000 events; handlers only note the event. Before: one queue for all, which "
        "drops when it is full; its handlers read the JSON and look whether they want the event. "
        "veltrix: the native source and a lane per kind, urgent, normal and bulk, each with a "
        "condition; a full lane makes the sender wait. All waits run from when an event was due to "
        "its handler, so what the pipe does not take in time counts. A bus that does not keep up "
        "falls behind for as long as the load lasts; the last two runs have 50,000 events a second."
    ),
    sides={"before": bus.run, "veltrix": lanes.run},
    runs=(
        Run("before", "before"),
        Run("veltrix", "veltrix"),
        *(Run(name, side, {"rate": _LEAST_RATE}) for name, side in zip(_SLOW, SIDES, strict=True)),
    ),
    options={"seconds": 1.5, "rate": 200_000, "seed": 1, "workers": 4, "capacity": 50_000},
    quick={"seconds": 0.3},
    claims=(_URGENT, _CALM, _EVERY, _EVERY_CALM, _RATE, _LOSS, _IN_VAIN, _COST),
)
