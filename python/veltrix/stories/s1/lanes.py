"""S1 with veltrix: conditions in front of prioritised lanes, checked before Python hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import veltrix as vx
from veltrix.stats_table import summary
from veltrix.stories.story import Outcome

from .feed import Feed
from .load import LANES, Load, Record


def pipeline(record: Record, path: Path, capacity: int) -> vx.Pipeline:
    """Declare the source and the three lanes; the handler is the bus's.

    Args:
        record: Whose handler runs the wanted events.
        path: Where the lines come from.
        capacity: Events that all lanes hold together; a full one makes the sender wait.

    Returns:
        The pipeline.
    """
    app = vx.Pipeline("s1")
    app.source("bus", str(path))

    def handle(event: vx.Event) -> None:
        record.handle(event.id, event.data)

    for name, lane in LANES.items():
        app.handler(
            lane.type,
            queue=name,
            where=lane.where,
            priority=lane.priority,
            capacity={"events": round(capacity * lane.room)},
        )(handle)
    return app


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through an engine."""
    record = Record(Load.make(options))
    with Feed(record.load) as feed:
        app = pipeline(record, feed.path, options["capacity"])
        with vx.Engine(app, python_executors=options["workers"]) as engine:
            feed.start(record.begin())
            engine.drain()
            stats = engine.stats()
            outcome = record.outcome(stats.totals.filtered)
            outcome.ledger = summary(stats).partition(": ")[2]
            return outcome
