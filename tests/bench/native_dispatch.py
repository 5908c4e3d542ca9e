"""Native publish -> native handler, against moodycamel's queue alone: one by one, in bulks, with
keys. The program checks that every event came once and those of a key in order."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program and compare."""
    series = run("native_dispatch", 200_000 if quick else 10_000_000)
    one, bulks = "moodycamel", "moodycamel, bulks"
    return [
        _figure(series, "engine", one, name="one by one", target=0.12),
        _figure(series, "engine, bulks", bulks, name="bulks of 64", absolute=60e6),
        _figure(series, "engine, 1 M keys", one, name="1 M uniform keys", absolute=8e6),
        _figure(series, "engine, 1 k zipf", one, name="1 k keys, zipf 1.1", absolute=15e6),
    ]


def _figure(
    series: dict[str, list[float]], mine: str, other: str, *, name: str, **wanted: float
) -> Figure:
    name = f"native publish -> native handler, {name}"
    return compare(mine, other, series, name=name, unit="events/s", **wanted)
