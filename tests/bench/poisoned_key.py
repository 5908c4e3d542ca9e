"""A key that always fails takes nothing from the others, and no memory either."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program, which checks the ledger and the order of the other keys."""
    series = run("poisoned_key", 20_000 if quick else 5_000_000)
    speed = compare(
        "poisoned",
        "healthy",
        series,
        name="other keys beside one that always fails",
        unit="events/s",
        target=0.95,
    )
    memory = compare(
        "poisoned, MB at the end",
        "poisoned, MB at a quarter",
        series,
        name="resident memory meanwhile",
        unit="MB",
        better="lower",
        target=1.02,
    )
    return [speed, memory]
