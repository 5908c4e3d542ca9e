"""What dedup adds to an event while 8 million ids are alive: the same pipeline with and without."""

from __future__ import annotations

from measure import Figure, compare
from native import run


def figures(*, quick: bool) -> list[Figure]:
    """Run the program; what counts is the difference within a round."""
    series = run("dedup", 20_000 if quick else 8_000_000)
    pairs = zip(series["dedup"], series["without"], strict=True)
    series["added"] = [with_it - without for with_it, without in pairs]
    name = "dedup with 8 M live ids: added to an event"
    rest = {"name": name, "unit": "ns", "better": "lower", "absolute": 50.0}
    return [compare("added", "without", series, **rest)]
