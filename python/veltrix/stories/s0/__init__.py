"""S0: one monolithic queue against a queue per event type."""

from __future__ import annotations

from veltrix.stats_table import seconds
from veltrix.stories.story import Claim, Outcome, Run, Story, Target

from . import monolith, per_type
from .load import REPORT, SHARES

_REPORT_MS = 50
_SCALED, _CONTROL = "3 for reports", "no reports"
# Whoever waits behind a report waits for longer than this.
_ONE_REPORT = Target.later_by_less_than(_REPORT_MS / 1000, "< +1 report")


def _slowest_of_the_fast(run: Outcome) -> float:
    return max(run.parts[name].p99 for name in SHARES)


_LOSS = Claim(
    what="events lost",
    value=lambda run: run.loss,
    show=lambda share: f"{share:.1%}",
    target=Target.at_most(0, "0"),
)
_COST = Claim(
    what="cost: CPU per handled event",
    value=lambda run: run.cpu_per_event,
    show=seconds,
    target=Target.change(-0.3),
)
_FAST = Claim(
    what="p99 of the fast types, the slowest",
    value=_slowest_of_the_fast,
    show=seconds,
    target=None,
    bar=True,
)
_ISOLATED = Claim(
    what="the same without and with reports",
    value=_slowest_of_the_fast,
    show=seconds,
    target=_ONE_REPORT,
    runs=(_CONTROL, "veltrix"),
)
_SCALES = Claim(
    what="p99 of reports: 1 worker, then 3",
    value=lambda run: run.parts[REPORT].p99,
    show=seconds,
    target=Target.change(-0.5),
    runs=("veltrix", _SCALED),
    bar=True,
)
_ALONE = Claim(
    what="meanwhile that of the fast types",
    value=_slowest_of_the_fast,
    show=seconds,
    target=_ONE_REPORT,
    runs=("veltrix", _SCALED),
)

STORY = Story(
    name="s0",
    title="One monolithic queue: slow types block fast ones, events are lost",
    setting=(
        "A shop's events, 50,000 a second; once a second, 16 reports come at once, each of which "
        "waits 50 ms for another system. Every run has four worker threads and room for 5,000 "
        "events. Before: one queue for all types, which drops when it is full. veltrix: a queue "
        "per type, each with a part of that room, a priority and its own workers; one of the four "
        "may be at work on reports, then three; the last run has no reports. A full queue makes "
        "the sender wait; all waits run from when an event was due. 1 % of the events come twice."
    ),
    sides={"before": monolith.run, "veltrix": per_type.run},
    runs=(
        Run("before", "before"),
        Run("veltrix", "veltrix"),
        Run(_SCALED, "veltrix", {"report_workers": 3}),
        Run(_CONTROL, "veltrix", {"reports": 0}),
    ),
    options={
        "events": 100_000,
        "rate": 50_000,
        "seed": 1,
        "reports": 16,
        "report_ms": _REPORT_MS,
        "report_workers": 1,
        "workers": 4,
        "capacity": 5_000,
    },
    quick={"events": 50_000},
    claims=(_LOSS, _COST, _FAST, _ISOLATED, _SCALES, _ALONE),
)
