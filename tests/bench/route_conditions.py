"""What 1,000 routes with conditions cost an event that matches one of them, beside 10 routes."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program; an event is routed, or filtered, before it has a slot."""
    series = run("route_conditions", 20_000 if quick else 2_000_000)
    return [
        compare(
            f"1000 routes{suffix}",
            f"10 routes{suffix}",
            series,
            name=f"routes with conditions: {what}",
            unit="ns",
            better="lower",
            target=2.0,
        )
        for suffix, what in (("", "an event that one takes"), (", no", "an event that is filtered"))
    ]
