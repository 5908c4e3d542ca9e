"""S0: one monolithic queue against a queue per event type."""

from __future__ import annotations

from veltrix.stories.story import Claim, Outcome, Story

from . import monolith, per_type


def _cost(before: Outcome, after: Outcome) -> float:
    return after.cpu_per_event / before.cpu_per_event - 1 if before.cpu_per_event else 0.0


STORY = Story(
    name="s0",
    title="One monolithic queue: slow types block fast ones, events are lost",
    setting=(
        "A shop's events, 2 in 1,000 of them a report that waits 10 ms for another system. "
        "Before: one bounded queue for all types that drops when it is full, one worker thread. "
        "veltrix: a queue per type with its own priority and workers; a full queue makes the "
        "publisher wait. 1 % of the events are sent twice."
    ),
    sides={"before": monolith.run, "veltrix": per_type.run},
    options={"events": 200_000, "rate": 50_000, "seed": 1, "capacity": 5_000, "report_ms": 9.5},
    quick={"events": 50_000, "capacity": 1_000},
    claims=(
        Claim(
            what="events lost",
            claimed="10 % -> < 1 %",
            measured=lambda before, after: f"{before.loss:.1%} -> {after.loss:.1%}",
            met=lambda _before, after: after.loss < 0.01,
        ),
        Claim(
            what="cost (CPU per handled event)",
            claimed="-30 %",
            measured=lambda before, after: f"{_cost(before, after):+.0%}",
            met=lambda before, after: _cost(before, after) <= -0.3,
        ),
    ),
)
