"""S0 with veltrix: a queue per type, each with its own capacity, workers and priority."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import veltrix as vx
from veltrix.stats_table import summary
from veltrix.stories.story import Outcome

from .load import REPORT, Load, Record

# type -> priority, and share of the capacity that the monolith has
_QUEUES = {
    "payment.settled": (vx.URGENT, 0.1),
    "order.created": (vx.HIGH, 0.2),
    "page.viewed": (vx.NORMAL, 0.6),
    REPORT: (vx.LOW, 0.1),
}


def pipeline(record: Record, capacity: int, report_workers: int) -> vx.Pipeline:
    """Declare the four queues; the handler is the monolith's.

    Args:
        record: Whose handler runs the events.
        capacity: Events that all queues hold together.
        report_workers: Reports that may be at work at the same time; of the others it is one.

    Returns:
        The pipeline.
    """
    app = vx.Pipeline("s0")

    def handle(event: vx.Event) -> None:
        record.handle(int(event.data))

    for name, (priority, share) in _QUEUES.items():
        app.handler(
            name,
            queue=name.split(".")[0] + "s",
            priority=priority,
            concurrency=report_workers if name == REPORT else 1,
            capacity={"events": round(capacity * share)},
        )(handle)
    return app


def publisher(engine: vx.Engine, load: Load) -> Callable[[int], None]:
    """Give the function that sends one event of the load; it waits while a queue is full."""
    publish, types, keys = engine.publish, load.types, load.keys

    def send(number: int) -> None:
        publish(types[number], b"%d" % number, id=str(number), source="/shop", key=keys[number])

    return send


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through an engine."""
    record = Record(Load.make(options), options["report_ms"] / 1000)
    app = pipeline(record, options["capacity"], options["report_workers"])
    with vx.Engine(app, python_executors=options["workers"]) as engine:
        record.send_all(publisher(engine, record.load))
        engine.drain()
        outcome = record.outcome()
        outcome.ledger = summary(engine.stats()).partition(": ")[2]
        return outcome
