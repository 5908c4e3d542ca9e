"""A key whose handler sleeps costs the other keys of its queue no more than one executor."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program, which checks the order of every key."""
    series = run("slow_key", 20_000 if quick else 2_000_000)
    name = "other keys beside one that sleeps 1 ms, 2 executors"
    rest = {"name": name, "unit": "events/s", "absolute": 1.6e6}
    return [compare("beside the slow key", "without the slow key", series, **rest)]
