"""What taking room in a queue costs a publisher, alone and beside another one."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program, and compare with both baselines."""
    series = run("budget", 100_000 if quick else 20_000_000)
    return [
        compare(
            f"{take}, producers: {producers}",
            f"{baseline}, producers: {producers}",
            series,
            name=f"budget: one {take}, producers: {producers}",
            unit="ns",
            better="lower",
            absolute=absolute,
        )
        for producers in (1, 2)
        for take, baseline, absolute in (
            ("take", "empty loop", 3.0),
            ("take", "fetch_add", 3.0),
            ("take, near full", "fetch_add", None),
        )
    ]
