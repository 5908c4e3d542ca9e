"""What a condition costs: on a payload that nobody has looked at, and on a member that is known."""

from __future__ import annotations

from measure import Figure, compare
from native import run

_LINES = (
    ("flat payload", "flat, simdjson", "CEL: data.amount > 900 on a flat payload of 120 B", 40.0),
    ("nested payload", "nested, simdjson", "CEL: the same, nested payload of 240 B", 40.0),
    ("predicate", "comparison in C++", "CEL: a predicate on a member that is known", 15.0),
    ("attribute", "comparison in C++", "CEL: event.type == 'order.paid'", None),
)


def figures(*, quick: bool) -> list[Figure]:
    """Run the program, and set each side beside its baseline."""
    series = run("cel_eval", 20_000 if quick else 5_000_000)
    return [
        compare(
            candidate,
            baseline,
            series,
            name=name,
            unit="ns",
            better="lower",
            absolute=absolute,
        )
        for candidate, baseline, name, absolute in _LINES
    ]
