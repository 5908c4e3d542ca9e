"""S0 with veltrix: a queue per type, each with its own priority and workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import veltrix as vx
from veltrix.stories.story import Outcome

from .load import REPORT, Load, Record

# Reports wait for another system: two may do so at once, the other workers stay free.
_QUEUES: dict[str, dict[str, Any]] = {
    "payment.settled": {"priority": vx.URGENT},
    "order.created": {"priority": vx.HIGH},
    "page.viewed": {"priority": vx.NORMAL},
    REPORT: {"priority": vx.LOW, "concurrency": 2},
}


def pipeline(record: Record) -> vx.Pipeline:
    """Declare the four queues; the handler is the monolith's.

    Args:
        record: Whose handler runs the events.

    Returns:
        The pipeline.
    """
    app = vx.Pipeline("s0")

    def handle(event: vx.Event) -> None:
        record.handle(int(event.data))

    for name, options in _QUEUES.items():
        app.handler(name, queue=name.split(".")[0] + "s", **options)(handle)
    return app


def publisher(engine: vx.Engine, load: Load) -> Callable[[int], None]:
    """Give the function that sends one event of the load."""
    publish, types, keys = engine.publish, load.types, load.keys

    def send(number: int) -> None:
        publish(types[number], b"%d" % number, id=str(number), source="/shop", key=keys[number])

    return send


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through an engine."""
    record = Record(Load.make(options), options["report_ms"] / 1000)
    with vx.Engine(pipeline(record)) as engine:
        record.send_all(publisher(engine, record.load))
        engine.drain()
        return record.outcome()
