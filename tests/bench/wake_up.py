"""From publish to the first line of a native handler while nothing else happens: an executor that
sleeps against a bare futex wake, one that still spins against a flag in memory."""

from __future__ import annotations

from statistics import median

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program; the notes say how often the executor was in the state that is meant."""
    series = run("wake_up", 100 if quick else 2_000)
    return [
        _figure(series, "engine, parked", "futex wake", target=1.5),
        _figure(series, "engine, spinning", "flag in memory"),
    ]


def _figure(
    series: dict[str, list[float]], mine: str, other: str, target: float | None = None
) -> Figure:
    figure = compare(
        f"{mine}, p50",
        f"{other}, p50",
        series,
        name=f"publish -> handler, {mine}, p50",
        unit="us",
        better="lower",
        target=target,
    )
    figure.notes = {
        "p99_us": median(series[f"{mine}, p99"]),
        "baseline_p99_us": median(series[f"{other}, p99"]),
        "asleep_when_published": median(series[f"{mine}, asleep"]),
    }
    return figure
